import { formatNumber } from '../../config/quantity.ts';
import { OnnxConstants } from '../../exchange/import/onnx-constants.ts';
import { valueShapes } from '../../exchange/import/onnx-shapes.ts';
import { ModelProblem, shown } from '../../exchange/model-problem.ts';
import { Budget } from '../../formats/budget.ts';
import { type OnnxNode, readOnnx } from '../../formats/onnx.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { elementCount } from '../../formats/shape.ts';
import { OnnxProblem } from './onnx-problem.ts';
import { memoryLimit, memoryLimitText } from './runtime-memory.ts';

/**
 * Multiply-adds for one image: ten seconds on one thread, which did 10 thousand million a second (convolutions of 64
 * channels, Node, an EPYC). ArcFace's IResNet-100 takes 12 thousand million, IResNet-200 twice that. Opening a model runs
 * up to five images.
 */
const MOST_MULTIPLY_ADDS = 100e9;
const GIGA = 1e9;
/** Numbers on the way are float32 but in rare models. */
const NUMBER_BYTES = 4;

/**
 * Refuses a model before it is run where its graph asks for more memory or time than a model may take, with the operator
 * that asks for it. Operators whose shapes are not known count nothing: the runtime's memory has a limit of its own.
 * @throws OnnxProblem
 */
export function checkDemand(bytes: Uint8Array, external: ReadonlyMap<string, Uint8Array>): void {
  let multiplyAdds = 0;
  for (const { node, shape, work } of shapedNodes(bytes, external)) {
    const demand = elementCount(shape) * NUMBER_BYTES;
    if (demand > memoryLimit()) {
      throw new OnnxProblem(
        `The model needs ${gigabytes(demand)} GB for one image at ${named(node)}; a model of its size may take ${memoryLimitText()}.`,
      );
    }
    multiplyAdds += work;
    if (multiplyAdds > MOST_MULTIPLY_ADDS) {
      throw new OnnxProblem(
        `The model takes more than ${formatNumber(MOST_MULTIPLY_ADDS / GIGA)} thousand million multiply-adds for one image, reached at ${named(node)}; models of that size are not run.`,
      );
    }
  }
}

interface ShapedNode {
  readonly node: OnnxNode;
  /** Of its first output. */
  readonly shape: readonly number[];
  /** Multiply-adds. */
  readonly work: number;
}

/** The nodes whose shapes are known; none where the model cannot be read, which the runtime then says. */
function shapedNodes(bytes: Uint8Array, external: ReadonlyMap<string, Uint8Array>): readonly ShapedNode[] {
  try {
    const budget = new Budget(bytes.length);
    const model = readOnnx(bytes, budget);
    const constants = new OnnxConstants(model, (path) => external.get(path), budget);
    const { shapes } = valueShapes(model, constants, { lenient: true });
    return model.nodes.flatMap((node) => {
      const shape = shapes.get(node.outputs[0] ?? '');
      if (shape === undefined) return [];
      const of = (input: number) => {
        const name = node.inputs[input] ?? '';
        return shapes.get(name) ?? constants.shape(name);
      };
      return [{ node, shape, work: workOf(node.operator, shape, of) }];
    });
  } catch (error) {
    if (error instanceof FormatProblem || error instanceof ModelProblem) return [];
    throw error;
  }
}

/** Of convolutions and dense layers; of any other operator one for each number that it makes. */
function workOf(
  operator: string,
  shape: readonly number[],
  of: (input: number) => readonly number[] | undefined,
): number {
  const results = elementCount(shape);
  switch (operator) {
    case 'Conv':
    case 'FusedConv':
      return results * elementCount(of(1)?.slice(1) ?? []);
    case 'QLinearConv':
      return results * elementCount(of(3)?.slice(1) ?? []);
    case 'Gemm':
    case 'MatMul':
      return results * (of(0)?.at(-1) ?? 1);
    default:
      return results;
  }
}

function gigabytes(bytes: number): string {
  return bytes < 10 * GIGA ? (bytes / GIGA).toFixed(1) : formatNumber(Math.round(bytes / GIGA));
}

function named({ name, outputs, operator }: OnnxNode): string {
  return `"${shown(name === '' ? (outputs[0] ?? '') : name)}" (${operator})`;
}
