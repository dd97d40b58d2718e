import type { RunConfig } from '../config/run-config.ts';

/** Convolution without bias, batch norm, PReLU. */
export interface PlainBlock {
  readonly kind: 'plain';
  readonly name: string;
  readonly kernelSize: number;
  readonly stride: 1 | 2;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * InsightFace's IBasicBlock: batch norm, 3 × 3 convolution, batch norm, PReLU, strided 3 × 3 convolution, batch norm, plus
 * the block's input; where stride or channels change the input goes through a 1 × 1 convolution and batch norm first.
 */
export interface ResidualBlock {
  readonly kind: 'residual';
  readonly name: string;
  readonly stride: 1 | 2;
  readonly inputs: number;
  readonly outputs: number;
  readonly projected: boolean;
}

/** Everything the network's shape depends on. Convolutions pad by (k - 1) / 2, so a stride of 2 halves, rounding up. */
export interface Architecture {
  /** Width and height of the images, which have three channels. */
  readonly imageSize: number;
  readonly stem: PlainBlock;
  readonly body: readonly (PlainBlock | ResidualBlock)[];
  /** Batch norm after the body, as in InsightFace's iresnet; the plain body ends with its own. */
  readonly tail: boolean;
  /** Numbers an image is flattened to after the body: width * height * channels, in that order. */
  readonly features: number;
  readonly embeddingSize: number;
  readonly classes: number;
  /** Of every batch norm. */
  readonly epsilon: number;
}

/** Blocks in each of the four stages; InsightFace has 18 and 34, and 10 is the same one size smaller. */
const IRESNET_STAGES = {
  iresnet10: [1, 1, 1, 1],
  iresnet18: [2, 2, 2, 2],
  iresnet34: [3, 4, 6, 3],
} as const;

export type ArchitectureSettings = Pick<
  RunConfig,
  'imageSize' | 'kernelSize' | 'filters' | 'body' | 'width' | 'embeddingSize'
>;

/** The network a config asks for, with one class centre for each person trained on. */
export function architectureOf(config: ArchitectureSettings, classes: number): Architecture {
  const { imageSize, filters, width, embeddingSize } = config;
  const stem = plainBlock('stem', Number(config.kernelSize), 1, 3, filters);
  const body = config.body === 'plain' ? plainBody(filters, width) : residualBody(filters, width, config.body);
  const halvings = body.filter((block) => block.stride === 2).length;
  const finalSize = Array.from({ length: halvings }).reduce<number>((size) => Math.ceil(size / 2), imageSize);
  const channels = body[body.length - 1]?.outputs ?? filters;
  return {
    imageSize,
    stem,
    body,
    tail: config.body !== 'plain',
    features: finalSize * finalSize * channels,
    embeddingSize,
    classes,
    epsilon: 1e-5,
  };
}

/** First kernel's shape [k, k, channels, filters]. */
export function firstKernelShape(architecture: Architecture): readonly [number, number, number, number] {
  const { kernelSize, inputs, outputs } = architecture.stem;
  return [kernelSize, kernelSize, inputs, outputs];
}

/** Names of the kernels that read the first layer's channels, as `channelUse` wants them. */
export function firstLayerConsumers({ body }: Architecture): readonly string[] {
  const [next] = body;
  if (next === undefined) return [];
  // The first residual block has a stride of 2, so that its input passes no addition unprojected.
  return next.kind === 'plain'
    ? [`${next.name}.conv.weight`]
    : [`${next.name}.conv1.weight`, `${next.name}.downsample.0.weight`];
}

function plainBlock(name: string, kernelSize: number, stride: 1 | 2, inputs: number, outputs: number): PlainBlock {
  return { kind: 'plain', name, kernelSize, stride, inputs, outputs };
}

/** Three strided convolutions of width, 1.5 width and 2 width channels. */
function plainBody(inputs: number, width: number): PlainBlock[] {
  const widths = [width, 1.5 * width, 2 * width];
  return widths.map((outputs, index) => plainBlock(`body.${index}`, 3, 2, widths[index - 1] ?? inputs, outputs));
}

/** Four stages of width, 2, 4 and 8 width channels, each of which starts with a stride of 2. */
function residualBody(inputs: number, width: number, body: keyof typeof IRESNET_STAGES): ResidualBlock[] {
  const blocks: ResidualBlock[] = [];
  let channels = inputs;
  for (const [stage, count] of IRESNET_STAGES[body].entries()) {
    const outputs = width * 2 ** stage;
    for (let index = 0; index < count; index++) {
      const stride = index === 0 ? 2 : 1;
      const projected = stride === 2 || channels !== outputs;
      blocks.push({ kind: 'residual', name: `body.${blocks.length}`, stride, inputs: channels, outputs, projected });
      channels = outputs;
    }
  }
  return blocks;
}

/** Multiplications with addition of one image's way through the network; a training step takes some three times as many. */
export function multiplyAdds({ imageSize, stem, body, features, embeddingSize, classes }: Architecture): number {
  let size = imageSize;
  let count = 0;
  for (const block of [stem, ...body]) {
    const after = Math.ceil(size / block.stride);
    if (block.kind === 'plain') count += after ** 2 * block.kernelSize ** 2 * block.inputs * block.outputs;
    else {
      const projection = block.projected ? block.inputs : 0;
      // The stride is in the second convolution.
      count += block.outputs * (9 * block.inputs * size ** 2 + (9 * block.outputs + projection) * after ** 2);
    }
    size = after;
  }
  return count + (features + classes) * embeddingSize;
}
