import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/**
 * A web server for a folder below a path, in the manner of `npx serve` and Cloudflare Pages: it redirects index.html to
 * its folder, compresses its answers, varies its answers by request headers, and answers with the page where a file is
 * missing.
 */
export class StaticSite {
  readonly #server: Server;
  readonly #path: string;
  /** The folder that is served; another build may take its place. */
  folder: string;

  private constructor(folder: string, path: string) {
    this.folder = folder;
    this.#path = path;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Starts to serve `folder` below `path`, which begins and ends with a slash, on a free port. */
  static async start(folder: string, path: string): Promise<{ readonly site: StaticSite; readonly address: string }> {
    const site = new StaticSite(folder, path);
    await new Promise<void>((resolve) => site.#server.listen(0, resolve));
    const place = site.#server.address();
    if (place === null || typeof place === 'string') throw new Error('The server has no port.');
    return { site, address: `http://localhost:${place.port}${path}` };
  }

  /** Ends it; connections that are open are cut. */
  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer({ url = '/', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    const file = asked.startsWith(this.#path) ? normalize(asked.slice(this.#path.length)) : '..';
    response.setHeader('Vary', 'Origin, Accept-Encoding');
    if (file.startsWith('..')) {
      response.writeHead(404).end();
    } else if (/(^|\/)index(\.html)?$/.test(file)) {
      response.writeHead(308, { Location: asked.slice(0, asked.lastIndexOf('/') + 1) }).end();
    } else {
      const place = join(this.folder, file.endsWith('/') ? join(file, 'index.html') : file);
      const found = await readFile(place).catch(() => undefined);
      const bytes = found ?? (await readFile(join(this.folder, 'index.html')));
      response.setHeader('Content-Type', (found && TYPES[extname(place)]) ?? 'text/html');
      if (/\bgzip\b/.test(String(headers['accept-encoding']))) {
        response.setHeader('Content-Encoding', 'gzip').end(gzipSync(bytes, { level: 1 }));
      } else {
        response.end(bytes);
      }
    }
  }
}
