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
/** The page. Many hosts redirect its other name, index.html, to this one. */
const PAGE = './';

/** Isolates the page on hosts that send no headers, so that its workers may share memory; see scripts/security-headers.ts. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
} as const;

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
  event.respondWith(answer(event));
});

/** All or nothing: a build of which one file is missing is not installed, and takes no room. */
async function keepAll(): Promise<void> {
  try {
    const cache = await caches.open(current);
    await Promise.all(
      [...FILES].map(async (file) => {
        const request = new Request(file, { cache: file.startsWith('assets/') ? 'default' : 'reload' });
        const response = await fetch(request);
        if (!isWhole(request, response)) throw new Error(`${request.url} was answered with ${response.status}.`);
        await cache.put(request, keepable(response));
      }),
    );
  } catch (error) {
    await caches.delete(current);
    throw error;
  }
}

/** This build's cache stays, and the one before it, for tabs that were opened with it. */
async function forgetOldBuilds(): Promise<void> {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith(prefix) && name !== current);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function answer(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const found = await kept(request).catch(() => undefined);
  if (found !== undefined) return found;
  const fetched = await fetch(request);
  // Parts that are too large for everybody are kept once somebody asked for them. Full storage is no reason to fail.
  if (isPart(request) && isWhole(request, fetched)) {
    const copy = keepable(fetched.clone());
    event.waitUntil(
      caches
        .open(current)
        .then((cache) => cache.put(request, copy))
        .catch(() => undefined),
    );
  }
  return fetched;
}

/** The answer kept for a request. Hosts vary answers by headers that change nothing here. */
async function kept(request: Request): Promise<Response | undefined> {
  const cache = await caches.open(current);
  if (request.mode === 'navigate') return isPage(request) ? cache.match(PAGE, { ignoreVary: true }) : undefined;
  const found = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  return found ?? (isPart(request) ? ofAnOlderTab(request) : undefined);
}

async function ofAnOlderTab(request: Request): Promise<Response | undefined> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(prefix)) continue;
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a navigation is to the page itself: other pages may lie below it. */
function isPage({ url }: Request): boolean {
  const path = url.split(/[?#]/, 1)[0];
  return path === self.registration.scope || path === `${self.registration.scope}index.html`;
}

/** Whether the request is for a file whose name holds a hash of its content. */
function isPart({ url }: Request): boolean {
  return url.startsWith(`${self.registration.scope}assets/`);
}

/** Whether a file came as it is. Many hosts answer with a page where a file is missing. */
function isWhole(request: Request, response: Response): boolean {
  const isHtml = response.headers.get('Content-Type')?.startsWith('text/html') ?? false;
  return response.status === 200 && (isPage(request) || !isHtml);
}

/**
 * The response as it may be kept. A navigation is not answered with a response that came through a redirect, and one
 * with `Vary: *` cannot be kept.
 */
function keepable({ body, headers }: Response): Response {
  const names = new Headers(headers);
  // The body is unpacked already.
  for (const name of ['Vary', 'Content-Encoding', 'Content-Length']) names.delete(name);
  for (const [name, value] of Object.entries(ISOLATION)) names.set(name, value);
  return new Response(body, { headers: names });
}
