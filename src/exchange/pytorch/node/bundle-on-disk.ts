import { readFileSync } from 'node:fs';
import type { BundleSources } from '../../export/pytorch.ts';
import type { StudySources } from '../../export/study-bundle.ts';

function read(name: keyof StudySources): string {
  return readFileSync(new URL(`../bundle/${name}`, import.meta.url), 'utf8');
}

/** The Python files of the PyTorch bundle, read from the repository. */
export function bundleOnDisk(): BundleSources {
  return {
    'model.py': read('model.py'),
    'craft.py': read('craft.py'),
    'faces.py': read('faces.py'),
    'train.py': read('train.py'),
  };
}

/** Those of a study's bundle. */
export function studyOnDisk(): StudySources {
  return { ...bundleOnDisk(), 'study.py': read('study.py') };
}
