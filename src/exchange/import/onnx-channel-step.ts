import type { OnnxNode } from '../../formats/onnx.ts';
import { elementCount } from '../../formats/shape.ts';
import { arithmeticStep, type ChannelStep, keptStep, turnedStep } from './channel-step.ts';
import { axisOf, wholeNumbers } from './constant.ts';
import type { OnnxConstants } from './onnx-constants.ts';
import type { ValueShapes } from './onnx-shapes.ts';

const ARITHMETIC = { Add: 'add', Sub: 'sub', Mul: 'mul', Div: 'div' } as const;
const IMAGE_AXES = 4;

/**
 * The effect of an operation on the channels of an image of four axes, which are on `axis`; undefined where it does not treat each
 * alone, or is not known to.
 */
export function onnxChannelStep(
  node: OnnxNode,
  axis: number,
  filters: number,
  { constants, shapes }: { readonly constants: OnnxConstants; readonly shapes: ValueShapes['shapes'] },
): ChannelStep | undefined {
  const { operator, inputs, attributes } = node;
  if (node.domain !== '') return undefined;
  const numbers = (place: number, attribute: string) => {
    const name = inputs[place] ?? '';
    const value = name === '' ? undefined : constants.value(name);
    return value === undefined || 'why' in value ? attributes.get(attribute)?.ints : wholeNumbers(value);
  };
  switch (operator) {
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div': {
      // Not one number for each pixel, which may be very many.
      if (inputs.some((name) => elementCount(constants.shape(name) ?? []) > filters)) return undefined;
      const operands = inputs.map((name) => {
        const value = constants.value(name);
        return 'why' in value ? undefined : value;
      });
      return arithmeticStep(ARITHMETIC[operator], operands, axis, filters);
    }
    case 'Concat':
      return inputs.length === 1 ? keptStep(axis) : undefined;
    case 'Transpose':
      return turnedStep(axis, attributes.get('perm')?.ints ?? [3, 2, 1, 0]);
    case 'Reshape': {
      const [before, after] = [shapes.get(inputs[0] ?? ''), shapes.get(node.outputs[0] ?? '')];
      const same = before?.length === IMAGE_AXES && before.join() === after?.join();
      return same ? keptStep(axis) : undefined;
    }
    case 'Slice': {
      const [starts, ends, steps] = [numbers(1, 'starts'), numbers(2, 'ends'), numbers(4, 'steps')];
      const axes = numbers(3, 'axes')?.map((one) => axisOf(one, IMAGE_AXES)) ?? starts?.map((_, place) => place);
      const place = axes?.indexOf(axis) ?? 0;
      if (place < 0) return keptStep(axis);
      // All channels, in their order.
      const whole = starts?.[place] === 0 && (ends?.[place] ?? 0) >= filters && (steps?.[place] ?? 1) === 1;
      return axes !== undefined && whole ? keptStep(axis) : undefined;
    }
    default:
      return undefined;
  }
}
