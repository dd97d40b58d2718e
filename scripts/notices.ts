import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';

/** The built file that names every bundled package with its licence. */
export const NOTICES = 'third-party-notices.txt';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)/i;

/** The folder of the package that a module belongs to; undefined for the project's own modules. */
export function packageFolder(moduleId: string): string | undefined {
  const path = moduleId.replaceAll('\\', '/').replace(/^\0+/, '').replace(/\?.*$/, '');
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

interface Licence {
  /** Name, version and the licence's short name. */
  readonly title: string;
  /** The licence files of the package, one after the other, else the standard words; empty where it has neither. */
  readonly text: string;
}

const ROOT = dirname(import.meta.dirname);

/** The words that follow the copyright line of the MIT licence. */
function mitWords(): string {
  const own = readFileSync(join(ROOT, 'LICENSE'), 'utf8');
  return own.slice(own.indexOf('Permission is hereby granted')).trim();
}

/** The standard words of a licence, for a package that names it and brings no text; empty for other licences. */
export function standardText(licence: string, author: string): string {
  const words: Readonly<Record<string, () => string>> = {
    MIT: () => `Copyright (c) ${author}\n\n${mitWords()}`,
    'Apache-2.0': () => readFileSync(join(ROOT, 'node_modules/@stdlib/stats-padjust/LICENSE'), 'utf8').trim(),
  };
  return licence
    .split(' AND ')
    .map((name) => words[name]?.() ?? '')
    .join('\n\n')
    .trim();
}

function licenceOf(folder: string): Licence {
  const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const field = (name: string): string => {
    const value: unknown = typeof manifest === 'object' && manifest !== null ? Reflect.get(manifest, name) : undefined;
    return typeof value === 'string' ? value : '';
  };
  const texts = readdirSync(folder)
    .filter((file) => LICENCE_FILE.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const author = field('author').replace(/ <.*/, '') || `the authors of ${field('name')}`;
  return {
    title: `${field('name')} ${field('version')} (${field('license')})`,
    text: texts.join('\n\n') || standardText(field('license'), author),
  };
}

/** Packages under the same words share them: a hundred small parts of one library have one licence text. */
export function noticesText(own: string, licences: readonly Licence[]): string {
  const groups = new Map<string, string[]>();
  for (const { title, text } of licences) groups.set(text, [...(groups.get(text) ?? []), title]);
  const sections = [...groups].map(([text, titles]) =>
    [titles.sort().join('\n'), text || 'The package names its licence and holds no text of it.'].join('\n\n'),
  );
  return `${[`CRAFT Playground\n\n${own}`, 'It contains these packages.', ...sections].join('\n\n----\n\n')}\n`;
}

/**
 * Two plugins that share one list: `modules` notes the packages of a bundle and belongs into the page's build and every
 * worker's; `file` writes their licences into the page's build, which Vite finishes last.
 */
export function thirdPartyNotices(): { readonly modules: () => Plugin; readonly file: Plugin } {
  const folders = new Set<string>();
  return {
    modules: () => ({
      name: 'third-party-modules',
      apply: 'build',
      generateBundle(_, bundle) {
        for (const chunk of Object.values(bundle)) {
          if (chunk.type !== 'chunk') continue;
          for (const id of chunk.moduleIds) {
            const folder = packageFolder(id);
            if (folder !== undefined && existsSync(join(folder, 'package.json'))) folders.add(folder);
          }
        }
      },
    }),
    file: {
      name: 'third-party-notices',
      apply: 'build',
      enforce: 'post',
      generateBundle() {
        const own = readFileSync(join(ROOT, 'LICENSE'), 'utf8').trim();
        const licences = [...folders].sort().map(licenceOf);
        this.emitFile({ type: 'asset', fileName: NOTICES, source: noticesText(own, licences) });
      },
    },
  };
}
