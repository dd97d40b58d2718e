import type { Convolution } from '../../craft/convolution.ts';
import { ChannelSteps, keptStep } from './channel-step.ts';
import type { ComputeNode } from './compute-graph.ts';

/** The axis of an image's channels, as ONNX has it; formats of another order have no steps that ask for it. */
const CHANNELS = 1;
const LAST = 3;
/** Operations of every format that keep each channel, and the order of axes: for inference, or to a smaller size. */
const KEEPS = /^(\w+\.)*((spatial)?dropout(2d)?|(max|average|avg)_?pool(ing)?(_?2d)?|pooling)$/i;

/**
 * The batch norm behind a convolution, on the only way that its result takes, and the name of an operation there that
 * scales each channel by a number of its own and is not folded in.
 */
export function followingBatchNorm(
  index: number,
  nodes: readonly ComputeNode[],
  consumers: readonly (readonly number[])[],
  filters: number,
): Pick<Convolution, 'batchNorm' | 'unreadNorm'> {
  const steps = new ChannelSteps(filters);
  let found: Pick<Convolution, 'batchNorm' | 'unreadNorm'> = {};
  let axis = CHANNELS;
  /** Whether all operations so far act on each channel by a factor and a shift. */
  let linear = true;
  for (let at = index; ; ) {
    const takers = (consumers[at] ?? []).filter((taker) => nodes[taker]?.role.kind !== 'apart');
    const [only] = takers;
    const node = only === undefined ? undefined : nodes[only];
    // Two takers: the other does not see the changes of the first.
    if (takers.length !== 1 || only === undefined || node === undefined || !takesAlone(node, at, nodes)) break;
    const { kind } = node.role;
    if (node.role.kind === 'batch-norm') {
      const read = linear && axis === CHANNELS && found.batchNorm === undefined ? node.role.read() : undefined;
      if (read?.gamma.length !== filters) return { ...found, unreadNorm: node.name };
      found = { batchNorm: steps.before(read) };
    } else if (kind === 'fixed') {
      const step = KEEPS.test(node.operator) ? keptStep(axis) : node.step?.(axis, filters);
      const scales = (step?.factor.length ?? 0) > 1;
      if (found.batchNorm !== undefined || !linear) {
        const scaled = scales || node.step?.(LAST, filters)?.factor.length === filters;
        if (scaled && filters > 1) return { ...found, unreadNorm: node.name };
        if (step === undefined && found.batchNorm !== undefined) break;
      } else if (step !== undefined) {
        steps.add(node.name, step);
        axis = step.axis;
      } else linear = false;
    } else if (kind !== 'same') break;
    at = only;
  }
  if (found.batchNorm !== undefined) return found;
  const { alone } = steps;
  return alone === undefined ? {} : { batchNorm: alone };
}

/** Whether a node takes nothing beside a result but weights; a batch norm may have its own computed. */
function takesAlone({ role, inputs }: ComputeNode, at: number, nodes: readonly ComputeNode[]): boolean {
  if (role.kind === 'batch-norm' || role.kind === 'same') return inputs[0] === at;
  return inputs.every((input) => input === at || nodes[input]?.role.kind === 'apart');
}
