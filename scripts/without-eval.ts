import type { Plugin } from 'vite';

const ASKS_BY_EVAL = '/@stdlib/assert-has-generator-support/lib/';

/**
 * Answers a question of @stdlib's at build time: whether there are generators. It asks by eval as soon as it is loaded,
 * which the page's policy refuses, with an error in the console. Every browser that runs this build has generators.
 */
export function withoutEval(): Plugin {
  return {
    name: 'without-eval',
    enforce: 'pre',
    load: (id) =>
      id.replaceAll('\\', '/').includes(`${ASKS_BY_EVAL}index.js`) ? 'module.exports = () => true;' : undefined,
  };
}
