import { choice, integer } from '../field.ts';

/** Settings of the network: the first layer, the body and the embedding. */
export const NETWORK_SETTINGS = {
  kernelSize: choice({
    group: 'network',
    label: 'First kernel',
    help: 'Width and height of the first-layer filters.',
    options: { 3: '3 × 3', 5: '5 × 5', 7: '7 × 7' },
    default: '3',
  }),
  filters: integer({
    group: 'network',
    label: 'First-layer filters',
    help: 'How many filters look at the image first. ArcFace has 64.',
    min: 8,
    max: 64,
    step: 8,
    default: 32,
  }),
  body: choice({
    group: 'network',
    label: 'Body',
    help: 'Layers after the first: three plain strided convolutions, or residual stages as in InsightFace.',
    options: {
      plain: 'Plain, 3 convolutions',
      iresnet10: 'IResNet-10',
      iresnet18: 'IResNet-18',
      iresnet34: 'IResNet-34',
    },
    default: 'plain',
  }),
  width: integer({
    group: 'network',
    label: 'Body width',
    help: 'Channels of the first body stage. Plain bodies grow to 1.5 and 2 times this, IResNets to 8 times.',
    min: 8,
    max: 64,
    step: 8,
    default: 32,
  }),
  embeddingSize: integer({
    group: 'network',
    label: 'Embedding',
    help: 'How many numbers describe a face.',
    min: 16,
    max: 512,
    step: 16,
    default: 64,
  }),
};
