import type { Convolution, NamedBatchNorm } from '../../craft/convolution.ts';
import { ChannelSteps, keptStep } from './channel-step.ts';
import type { ComputeNode } from './compute-graph.ts';

/** The axes of an image's channels in the orders that formats have. */
const SECOND = 1;
const LAST = 3;
/** Operations of every format that keep each channel, and the order of axes: for inference, or to a smaller size. */
const KEEPS = /^(\w+\.)*((spatial)?dropout(2d)?|(max|average|avg)_?pool(ing)?(_?2d)?|pooling)$/i;

/** A graph, as far as the way behind a convolution needs it. */
interface Graph {
  readonly nodes: readonly ComputeNode[];
  readonly consumers: readonly (readonly number[])[];
  /** 1 for the nodes that no image comes to. */
  readonly imageless: Uint8Array;
}

/**
 * The batch norm behind a convolution, on the only way that its result takes, and the name of an operation there that
 * scales each channel by a number of its own and is not folded in.
 */
export function followingBatchNorm(
  index: number,
  graph: Graph,
  filters: number,
): Pick<Convolution, 'batchNorm' | 'unreadNorm'> {
  const { nodes, consumers } = graph;
  const steps = new ChannelSteps(filters);
  let batchNorm: NamedBatchNorm | undefined;
  let axis = nodes[index]?.channelAxis ?? SECOND;
  /** Whether all operations so far act on each channel by a factor and a shift. */
  let linear = nodes[index]?.activated !== true;
  const found = () => {
    const norm = batchNorm ?? steps.alone;
    return norm === undefined ? {} : { batchNorm: norm };
  };
  for (let at = index; ; ) {
    const takers = (consumers[at] ?? []).filter((taker) => nodes[taker]?.role.kind !== 'apart');
    const [only] = takers;
    const node = only === undefined ? undefined : nodes[only];
    // Two takers: the other does not see the changes of the first.
    if (takers.length !== 1 || only === undefined || node === undefined || !takesAlone(node, at, graph)) return found();
    const { kind } = node.role;
    if (node.role.kind === 'batch-norm') {
      const belongs = linear && axis === (node.channelAxis ?? SECOND) && batchNorm === undefined;
      const read = belongs ? node.role.read() : undefined;
      if (read?.gamma.length !== filters) return { ...found(), unreadNorm: node.name };
      batchNorm = steps.before(read);
    } else if (kind === 'fixed') {
      const step = KEEPS.test(node.operator) ? keptStep(axis) : node.step?.(axis, filters);
      if (batchNorm !== undefined || !linear) {
        const scales = [axis, SECOND, LAST].some((place) => node.step?.(place, filters)?.factor.length === filters);
        if (scales && filters > 1) return { ...found(), unreadNorm: node.name };
        if (step === undefined && batchNorm !== undefined) return found();
      } else if (step !== undefined) {
        steps.add(node.name, step);
        axis = step.axis;
        linear = node.activated !== true;
      } else linear = false;
    } else if (kind !== 'same') return found();
    at = only;
  }
}

/** Whether a node takes nothing beside a result but weights; a batch norm may have its own computed. */
function takesAlone({ role, inputs }: ComputeNode, at: number, { imageless }: Graph): boolean {
  if (role.kind === 'batch-norm' || role.kind === 'same') return inputs[0] === at;
  return inputs.every((input) => input === at || imageless[input] === 1);
}
