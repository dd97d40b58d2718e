import { ModelProblem, shown } from '../model-problem.ts';
import { type Convolution, type ImportedBatchNorm, likelyFirst, WeightBudget } from './model-tensors.ts';

/** An operation of a model's graph, as far as inspection cares. */
export interface ComputeNode {
  readonly name: string;
  /** Nodes whose results it takes, by index. */
  readonly inputs: readonly number[];
  /** What it is, made only when the whole graph was found sound. */
  readonly role:
    | { readonly kind: 'convolution'; readonly read: () => Convolution | undefined }
    | { readonly kind: 'batch-norm'; readonly read: () => ImportedBatchNorm | undefined }
    /** Passes its first input on, but for a shift or a name. */
    | { readonly kind: 'same' }
    | { readonly kind: 'other' };
}

/**
 * A graph's convolutions from input to output, with the batch norm that takes their result. `limit`: how many weights
 * there can be. @throws ModelProblem
 */
export function convolutionsOf(
  nodes: readonly ComputeNode[],
  limit: number,
): {
  readonly convolutions: readonly Convolution[];
  readonly first: number;
} {
  const order = topologicalOrder(nodes);
  const consumers = nodes.map((): number[] => []);
  for (const [index, { inputs }] of nodes.entries()) for (const input of inputs) consumers[input]?.push(index);
  const convolutions: Convolution[] = [];
  const entrances: number[] = [];
  const budget = new WeightBudget(limit);
  /** 1 where a convolution lies on some way from an input to the node. */
  const behind = new Uint8Array(nodes.length);
  for (const index of order) {
    const node = nodes[index];
    if (node === undefined) continue;
    const convolved = node.inputs.some((input) => behind[input] === 1);
    if (convolved) behind[index] = 1;
    if (node.role.kind !== 'convolution') continue;
    behind[index] = 1;
    const convolution = node.role.read();
    if (convolution === undefined) continue;
    budget.take(convolution.kernel.length);
    if (!convolved) entrances.push(convolutions.length);
    const batchNorm = followingBatchNorm(index, nodes, consumers, convolution.shape[3]);
    convolutions.push(batchNorm === undefined ? convolution : { ...convolution, batchNorm });
  }
  return {
    convolutions,
    first: likelyFirst(convolutions, entrances.length > 0 ? entrances : [...convolutions.keys()]),
  };
}

function followingBatchNorm(
  index: number,
  nodes: readonly ComputeNode[],
  consumers: readonly (readonly number[])[],
  filters: number,
): ImportedBatchNorm | undefined {
  let at = index;
  for (;;) {
    const next = consumers[at] ?? [];
    const only = next[0];
    const node = only === undefined ? undefined : nodes[only];
    // Two takers: what one of them does to the result, the other does not see.
    if (next.length !== 1 || only === undefined || node?.inputs[0] !== at) return undefined;
    if (node.role.kind === 'batch-norm') {
      const batchNorm = node.role.read();
      return batchNorm?.gamma.length === filters ? batchNorm : undefined;
    }
    if (node.role.kind !== 'same') return undefined;
    at = only;
  }
}

/** Nodes after all they depend on, file order otherwise (Kahn). @throws ModelProblem for a graph that feeds itself */
function topologicalOrder(nodes: readonly ComputeNode[]): readonly number[] {
  const consumers = nodes.map((): number[] => []);
  const missing = nodes.map(({ inputs }) => new Set(inputs).size);
  for (const [index, { inputs }] of nodes.entries()) for (const input of new Set(inputs)) consumers[input]?.push(index);
  const order = [...nodes.keys()].filter((index) => missing[index] === 0);
  for (let at = 0; at < order.length; at++) {
    for (const consumer of consumers[order[at] ?? 0] ?? []) {
      const left = (missing[consumer] ?? 0) - 1;
      missing[consumer] = left;
      if (left === 0) order.push(consumer);
    }
  }
  if (order.length < nodes.length) {
    const stuck = nodes.find((_, index) => (missing[index] ?? 0) > 0);
    throw new ModelProblem(
      'inconsistent',
      `The model's graph feeds itself at "${shown(stuck?.name ?? '')}".`,
      'A network to inspect has no loops; export it again.',
    );
  }
  return order;
}
