import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';

/** The built service worker, beside index.html, so that it answers for the whole page. */
export const SERVICE_WORKER = 'service-worker.js';

/** Files that the page itself never asks for. */
const LEFT_OUT = [SERVICE_WORKER, '_headers'];

/**
 * The face detector, ONNX Runtime, the HDF5 library and the example models are as large as all the rest: the first use
 * loads and keeps them.
 */
export const KEPT_LATER =
  /(^|\/)(ort-wasm[^/]*\.wasm|keras-file[^/]*\.js|(?:blazeface|facemesh)[^/]*|examples\/[^/]*\.onnx)$/;

/** Where a file is asked for: hosts serve the page at the folder, and many redirect its other name. */
const addressOf = (file: string) => (file === 'index.html' ? './' : file);

/**
 * Gives the built service worker the list of files of this build, and gives the build a version: a hash of them all.
 * One changed byte anywhere is another version, and no version ever mixes with another.
 */
export function offline(): Plugin {
  let folder = 'dist';
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    // When all of it is on the disk, the files of public/ and of the workers included.
    closeBundle() {
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(folder.length + 1)
            .split(sep)
            .join('/'),
        )
        .filter((file) => !LEFT_OUT.includes(file) && !file.endsWith('.map'))
        .sort();
      const hash = createHash('sha256');
      for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
      const path = join(folder, SERVICE_WORKER);
      const script = readFileSync(path, 'utf8');
      const filled = script
        .replace(
          /["'`]__BUILD_FILES__["'`]/,
          JSON.stringify(files.filter((file) => !KEPT_LATER.test(file)).map(addressOf)),
        )
        .replaceAll('__BUILD_VERSION__', hash.digest('hex').slice(0, 12));
      if (filled.includes('__BUILD_')) this.error(`${SERVICE_WORKER} has no place for the list of files.`);
      writeFileSync(path, filled);
    },
  };
}
