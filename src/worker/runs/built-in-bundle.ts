import type { BundleSources } from '../../exchange/export/pytorch.ts';
import craft from '../../exchange/pytorch/bundle/craft.py?raw';
import faces from '../../exchange/pytorch/bundle/faces.py?raw';
import model from '../../exchange/pytorch/bundle/model.py?raw';
import train from '../../exchange/pytorch/bundle/train.py?raw';

/** The Python files of the PyTorch bundle, as Vite builds them into the page's worker. */
export const BUILT_IN_BUNDLE: BundleSources = {
  'model.py': model,
  'craft.py': craft,
  'faces.py': faces,
  'train.py': train,
};
