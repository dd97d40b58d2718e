import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

/** A plain web server for a folder below a path, as a host of static pages is one: no headers, no fallback. */
export class StaticSite {
  readonly #server: Server;
  /** What is served; another build may take its place. */
  folder: string;

  private constructor(folder: string, path: string) {
    this.folder = folder;
    this.#server = createServer(async ({ url = '/' }, response) => {
      const asked = decodeURIComponent(new URL(url, 'http://localhost').pathname);
      const file = asked.startsWith(path) ? normalize(asked.slice(path.length)) : '..';
      try {
        if (file.startsWith('..')) throw new Error('outside');
        const content = await readFile(join(this.folder, file.endsWith('/') || file === '.' ? 'index.html' : file));
        response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/html' }).end(content);
      } catch {
        response.writeHead(404).end();
      }
    });
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
}
