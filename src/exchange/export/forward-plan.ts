import type { Architecture, PlainBlock, ResidualBlock } from '../../network/architecture.ts';
import { EMBEDDING_NAME, EMBEDDING_NORM, TAIL_NORM } from '../../network/parameters.ts';

/**
 * An operation of the network, from the values called `inputs` to the one called `output`; weights by their names in a
 * NetworkState. `dense` flattens its input: height, width, channels.
 */
export type ForwardStep = { readonly output: string } & (
  | {
      readonly kind: 'conv';
      readonly input: string;
      readonly kernel: string;
      readonly size: number;
      readonly stride: number;
      readonly pad: number;
      readonly filters: number;
    }
  | { readonly kind: 'batch-norm'; readonly input: string; readonly norm: string; readonly flat: boolean }
  | { readonly kind: 'prelu'; readonly input: string; readonly slope: string }
  | { readonly kind: 'add'; readonly inputs: readonly [string, string] }
  | {
      readonly kind: 'dense';
      readonly input: string;
      readonly weight: string;
      readonly units: number;
      /** The flattened shape: [height, width, channels]. */
      readonly from: readonly [number, number, number];
    }
);

/** Names of the plan's first and last value. */
export const PLAN_INPUT = 'data';
export const PLAN_OUTPUT = 'embedding';

/** The network in inference as a list of operations, equal to forward.ts; every export is written from it. */
export function forwardPlan(architecture: Architecture): readonly ForwardStep[] {
  const { stem, body, tail, embeddingSize, imageSize } = architecture;
  const steps: ForwardStep[] = [];
  let value = plainSteps(stem, PLAN_INPUT, steps);
  let size = imageSize;
  for (const block of body) {
    value = block.kind === 'plain' ? plainSteps(block, value, steps) : residualSteps(block, value, steps);
    size = Math.ceil(size / block.stride);
  }
  if (tail) value = normStep(TAIL_NORM, value, steps);
  const channels = body[body.length - 1]?.outputs ?? stem.outputs;
  steps.push({
    kind: 'dense',
    output: 'embedding.dense',
    input: value,
    weight: EMBEDDING_NAME,
    units: embeddingSize,
    from: [size, size, channels],
  });
  steps.push({ kind: 'batch-norm', output: PLAN_OUTPUT, input: 'embedding.dense', norm: EMBEDDING_NORM, flat: true });
  return steps;
}

function plainSteps(block: PlainBlock, input: string, steps: ForwardStep[]): string {
  const { name, kernelSize, stride, outputs } = block;
  const convolved = convStep(`${name}.conv`, input, kernelSize, stride, outputs, steps);
  return preluStep(`${name}.prelu`, normStep(`${name}.bn`, convolved, steps), steps);
}

function residualSteps(block: ResidualBlock, input: string, steps: ForwardStep[]): string {
  const { name, stride, outputs, projected } = block;
  const inner = convStep(`${name}.conv1`, normStep(`${name}.bn1`, input, steps), 3, 1, outputs, steps);
  const activated = preluStep(`${name}.prelu`, normStep(`${name}.bn2`, inner, steps), steps);
  const outer = normStep(`${name}.bn3`, convStep(`${name}.conv2`, activated, 3, stride, outputs, steps), steps);
  const shortcut = projected
    ? normStep(`${name}.downsample.1`, convStep(`${name}.downsample.0`, input, 1, stride, outputs, steps), steps)
    : input;
  const output = `${name}.add`;
  steps.push({ kind: 'add', output, inputs: [outer, shortcut] });
  return output;
}

function convStep(
  name: string,
  input: string,
  size: number,
  stride: number,
  filters: number,
  steps: ForwardStep[],
): string {
  steps.push({
    kind: 'conv',
    output: name,
    input,
    kernel: `${name}.weight`,
    size,
    stride,
    pad: (size - 1) / 2,
    filters,
  });
  return name;
}

function normStep(name: string, input: string, steps: ForwardStep[]): string {
  steps.push({ kind: 'batch-norm', output: name, input, norm: name, flat: false });
  return name;
}

function preluStep(name: string, input: string, steps: ForwardStep[]): string {
  steps.push({ kind: 'prelu', output: name, input, slope: `${name}.weight` });
  return name;
}
