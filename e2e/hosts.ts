import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { StaticSite } from './static-site.ts';

/** A web server that serves the built page. */
export interface Serving {
  readonly address: string;
  /** Ends the server; connections that are open are cut. */
  stop(): Promise<void>;
}

/** Starts a server for a folder; undefined where its program is not installed. */
type Host = (folder: string) => Promise<Serving | undefined>;

/** Name of the host that answers `/index.html` with a redirect to `/`. */
export const REDIRECTING = 'a host that redirects, as npx serve and Cloudflare Pages do';

/** The servers under which the built page is tested, by name. */
export const HOSTS: Readonly<Record<string, Host>> = {
  'npm start': async (folder) => {
    const port = await freePort();
    const vite = resolve('node_modules/vite/bin/vite.js');
    const options = ['--outDir', folder, '--host', '127.0.0.1', '--port', String(port), '--strictPort'];
    return started(process.execPath, [vite, 'preview', ...options], /Local:/, port);
  },
  "python's http.server": async (folder) => {
    const port = await freePort();
    const options = ['-u', '-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', folder];
    return started('python3', options, /Serving HTTP/, port);
  },
  nginx: async (folder) => {
    const port = await freePort();
    const own = mkdtempSync(join(tmpdir(), 'nginx-'));
    writeFileSync(join(own, 'nginx.conf'), nginxConfig(resolve(folder), own, port));
    const serving = await started('nginx', ['-p', own, '-c', join(own, 'nginx.conf')], /start worker process/, port);
    const forget = () => rmSync(own, { recursive: true, force: true });
    if (serving === undefined) forget();
    return serving && { ...serving, stop: () => serving.stop().finally(forget) };
  },
  [REDIRECTING]: async (folder) => {
    const { site, address } = await StaticSite.start(folder, '/');
    return { address, stop: () => site.stop() };
  },
};

/** Debian's types of files, answers packed, and nothing written outside the folder `own`. */
function nginxConfig(folder: string, own: string, port: number): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${own}/${name};`,
  );
  return `
    ${process.getuid?.() === 0 ? `user ${userInfo().username};` : ''}
    daemon off; pid ${own}/pid; error_log stderr notice;
    events {}
    http {
      include /etc/nginx/mime.types; access_log off; gzip on; gzip_types *; gzip_vary on; ${places.join(' ')}
      server { listen 127.0.0.1:${port}; root "${folder}"; }
    }`;
}

/** Starts a program and waits for the line with which it says that it serves. */
async function started(
  program: string,
  options: readonly string[],
  ready: RegExp,
  port: number,
): Promise<Serving | undefined> {
  const child = spawn(program, options, { env: { ...process.env, NO_COLOR: '1' } });
  const serves = await new Promise<boolean>((done, fail) => {
    let said = '';
    const listen = (bytes: Buffer) => {
      said += bytes;
      if (ready.test(said)) done(true);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', (error) => ('code' in error && error.code === 'ENOENT' ? done(false) : fail(error)));
    child.on('exit', () => fail(new Error(`${program} ended:\n${said}`)));
  });
  return serves ? { address: `http://127.0.0.1:${port}/`, stop: () => ended(child) } : undefined;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** Not every server chooses a port and says which. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const place = server.address();
  await new Promise((done) => server.close(done));
  if (place === null || typeof place === 'string') throw new Error('There is no free port.');
  return place.port;
}
