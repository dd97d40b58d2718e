import type { NamedBatchNorm } from '../../craft/convolution.ts';
import type { ComputeNode } from './compute-graph.ts';

export function followingBatchNorm(
  index: number,
  nodes: readonly ComputeNode[],
  consumers: readonly (readonly number[])[],
  filters: number,
): NamedBatchNorm | undefined {
  let at = index;
  for (;;) {
    const next = consumers[at] ?? [];
    const only = next[0];
    const node = only === undefined ? undefined : nodes[only];
    // Two takers: the other does not see the changes of the first.
    if (next.length !== 1 || only === undefined || node?.inputs[0] !== at) return undefined;
    if (node.role.kind === 'batch-norm') {
      const batchNorm = node.role.read();
      return batchNorm?.gamma.length === filters ? batchNorm : undefined;
    }
    if (node.role.kind !== 'same') return undefined;
    at = only;
  }
}
