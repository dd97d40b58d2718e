import { type Budget, OBJECT_BYTES } from '../../formats/budget.ts';
import { readTensorflowGraph } from '../../formats/tensorflow-graph.ts';
import { convolutionsOf } from './compute-graph.ts';
import type { ModelTensors, NamedTensor } from './model-tensors.ts';
import { graphNodes } from './tensorflow-graph.ts';

/** The convolutions of a frozen TensorFlow graph (.pb). @throws ModelProblem, FormatProblem */
export function readTensorflowModel(bytes: Uint8Array, budget: Budget): Omit<ModelTensors, 'file' | 'others'> {
  const nodes = readTensorflowGraph(bytes, budget);
  budget.charge(8 * OBJECT_BYTES * nodes.length, 'its graph');
  const weights = new Map(
    nodes.flatMap(({ name, value }): (readonly [string, NamedTensor])[] => {
      return value === undefined ? [] : [[name, { name, ...value }]];
    }),
  );
  const graph = graphNodes(nodes, (name) => weights.get(name), budget);
  return { format: 'tensorflow', order: 'graph', ...convolutionsOf(graph, budget) };
}
