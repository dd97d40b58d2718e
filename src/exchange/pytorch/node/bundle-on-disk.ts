import { readFileSync } from 'node:fs';
import type { BundleSources } from '../../export/pytorch.ts';

/** The Python files of the PyTorch bundle, read from the repository. */
export function bundleOnDisk(): BundleSources {
  const read = (name: keyof BundleSources) => readFileSync(new URL(`../bundle/${name}`, import.meta.url), 'utf8');
  return {
    'model.py': read('model.py'),
    'craft.py': read('craft.py'),
    'faces.py': read('faces.py'),
    'train.py': read('train.py'),
  };
}
