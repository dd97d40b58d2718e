import type { Budget } from '../../formats/budget.ts';
import type { OnnxModel, OnnxNode } from '../../formats/onnx.ts';
import type { Constant } from './constant.ts';
import { OnnxConstants } from './onnx-constants.ts';

/** Values that an image has when it goes into a model: bytes as they are, or divided by 255. */
export type InputRange = '0-255' | '0-1';

/** Networks take images of about -1 to 1; some of about -2.6 to 2.6 (ImageNet), a few more. */
const LARGEST_VALUE = 12;
const SMALLEST_SPAN = 0.5;
const MOST_NODES = 16;

/**
 * The values that a model wants where it normalises them itself, by Sub, Mul, Div, Add or a batch norm in front of its
 * first layer, as MXNet's ArcFace does; undefined where it does not. InsightFace decides by the names of the first
 * nodes alone (python-package, arcface_onnx.py).
 */
export function inputRangeOf(
  model: OnnxModel,
  input: string,
  fileOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): InputRange | undefined {
  const constants = new OnnxConstants(model, fileOf, budget);
  let result = input;
  // y = factor * x + shift, for each of three channels.
  let factor = [1, 1, 1];
  let shift = [0, 0, 0];
  for (let steps = 0; steps < MOST_NODES; steps++) {
    const takers = model.nodes.filter(({ inputs }) => inputs.includes(result));
    const [node] = takers;
    if (takers.length !== 1 || node === undefined || node.domain !== '') break;
    const change = changeOf(node, result, constants);
    if (change === undefined) break;
    factor = factor.map((value, channel) => value * at(change.factor, channel));
    shift = shift.map((value, channel) => value * at(change.factor, channel) + at(change.shift, channel));
    result = node.outputs[0] ?? '';
  }
  const fits = (span: number) =>
    factor.every((value, channel) => {
      const low = at(shift, channel);
      const high = span * value + low;
      return Math.abs(span * value) >= SMALLEST_SPAN && Math.max(Math.abs(low), Math.abs(high)) <= LARGEST_VALUE;
    });
  if (fits(255)) return '0-255';
  // 0 to 1 is in the middle at a half; -1 to 1 at nothing, as it was before.
  const centred = factor.every(
    (value, channel) => Math.abs(value / 2 + at(shift, channel)) < Math.abs(at(shift, channel)),
  );
  return fits(1) && centred ? '0-1' : undefined;
}

interface Change {
  readonly factor: readonly number[];
  readonly shift: readonly number[];
}

const SAME: Change = { factor: [1], shift: [0] };

/** The function of a node on every value of a channel; undefined where it does not normalise. */
function changeOf(node: OnnxNode, x: string, constants: OnnxConstants): Change | undefined {
  const place = node.inputs.indexOf(x);
  const other = () => perChannel(constants, node.inputs[1 - place] ?? '');
  switch (node.operator) {
    case 'Identity':
    case 'Cast':
    case 'Transpose':
      return SAME;
    // Another order of colours, a part or a frame of the image: its values stay.
    case 'Gather':
    case 'Slice':
    case 'Pad':
      return place === 0 ? SAME : undefined;
    case 'Add': {
      const value = other();
      return value && { factor: [1], shift: value };
    }
    case 'Sub': {
      const value = other();
      if (value === undefined) return undefined;
      return place === 0 ? { factor: [1], shift: value.map((one) => -one) } : { factor: [-1], shift: value };
    }
    case 'Mul': {
      const value = other();
      return value && { factor: value, shift: [0] };
    }
    case 'Div': {
      const value = place === 0 ? other() : undefined;
      return value && { factor: value.map((one) => 1 / one), shift: [0] };
    }
    case 'BatchNormalization':
      return batchNorm(node, constants);
    default:
      return undefined;
  }
}

function batchNorm(node: OnnxNode, constants: OnnxConstants): Change | undefined {
  const [, scale, bias, mean, variance] = node.inputs.map((name, place) =>
    place === 0 ? undefined : perChannel(constants, name),
  );
  if (scale === undefined || bias === undefined || mean === undefined || variance === undefined) return undefined;
  const epsilon = node.attributes.get('epsilon')?.float ?? 1e-5;
  const factor = scale.map((value, channel) => value / Math.sqrt(at(variance, channel) + epsilon));
  return { factor, shift: factor.map((value, channel) => at(bias, channel) - value * at(mean, channel)) };
}

/** One number, or one for each of three channels. */
function perChannel(constants: OnnxConstants, name: string): readonly number[] | undefined {
  const value = name === '' ? undefined : stored(constants, name);
  return value !== undefined && (value.data.length === 1 || value.data.length === 3) ? [...value.data] : undefined;
}

function stored(constants: OnnxConstants, name: string): Constant | undefined {
  const value = constants.value(name);
  return 'why' in value ? undefined : value;
}

function at(values: readonly number[], channel: number): number {
  return values[values.length === 1 ? 0 : channel] ?? Number.NaN;
}
