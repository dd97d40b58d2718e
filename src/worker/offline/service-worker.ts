/*
 * Serves the page from this computer, so that it opens and trains without a network. One cache holds one build, whole;
 * a page only ever gets files of the build its index.html came from, save for an older tab that is still open: it may
 * load its own hashed parts from the cache before. A new build waits until no tab needs the old one any more, or until
 * the user asks for it.
 */

export {};

declare const self: ServiceWorkerGlobalScope;

/** Both are filled in when the page is built: see scripts/offline.ts. */
const FILES: readonly string[] | string = '__BUILD_FILES__';
const VERSION = '__BUILD_VERSION__';

/** Other pages of this origin keep their caches for themselves. */
const prefix = `craft-playground ${self.registration.scope} `;
const current = `${prefix}${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(keepAll());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOldBuilds().then(() => self.clients.claim()));
});

self.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  event.respondWith(answer(request));
});

/** All or nothing: a build of which one file is missing is not installed. */
async function keepAll(): Promise<void> {
  const cache = await caches.open(current);
  const hashed = (file: string) => file.startsWith('assets/');
  await cache.addAll([...FILES].map((file) => new Request(file, { cache: hashed(file) ? 'default' : 'reload' })));
}

/** This build's cache stays, and the one before it, for tabs that were opened with it. */
async function forgetOldBuilds(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(prefix) && name !== current);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(current);
  const found =
    request.mode === 'navigate'
      ? await cache.match('index.html')
      : ((await cache.match(request, { ignoreSearch: true })) ?? (await ofAnOlderTab(request)));
  if (found !== undefined) return found;
  const fetched = await fetch(request);
  // Parts that are too large for everybody are kept once somebody asked for them.
  if (fetched.ok && new URL(request.url).pathname.includes('/assets/')) await cache.put(request, fetched.clone());
  return fetched;
}

async function ofAnOlderTab(request: Request): Promise<Response | undefined> {
  if (!new URL(request.url).pathname.includes('/assets/')) return undefined;
  for (const name of await caches.keys()) {
    const found = name.startsWith(prefix) ? await (await caches.open(name)).match(request) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
