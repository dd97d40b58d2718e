import type { Convolution } from '../../craft/convolution.ts';
import { shown } from '../model-problem.ts';
import type { ComputeNode } from './compute-graph.ts';

interface Graph {
  readonly nodes: readonly ComputeNode[];
  readonly consumers: readonly (readonly number[])[];
  /** Of nodes that the image comes to, the input that it comes from. */
  readonly sources: ReadonlyMap<number, number>;
  /** The convolutions by their nodes. */
  readonly byNode: ReadonlyMap<number, Convolution>;
}

/**
 * Those of some convolutions that may be the first layer of another network than the first one's: they take another image, or
 * their results never meet. A network that compares two images has the same weights for both, and is one.
 */
export function apartFrom(first: number, entrances: readonly number[], graph: Graph): readonly number[] {
  const { sources, byNode } = graph;
  const meeting = meets(first, graph);
  return entrances.filter((index) => {
    const other = sources.get(index) !== sources.get(first) || meeting[index] !== 1;
    return other && !isCopy(index, first, byNode);
  });
}

/** A sentence on convolutions that belong to another network in the same graph, or to another image of it. */
export function apartDoubt(apart: readonly number[], nodes: readonly ComputeNode[]): string | undefined {
  const [one, ...more] = apart.flatMap((index) => nodes[index]?.name ?? []);
  if (one === undefined) return undefined;
  const taking = more.length === 0 ? `"${shown(one)}" takes` : `"${shown(one)}" and ${more.length} more take`;
  return `The first layer may be another one: ${taking} an image as well, of another input or for results of its own.`;
}

/** Whether two convolutions have the same weights, as those of a network that compares two images. */
function isCopy(one: number, other: number, byNode: ReadonlyMap<number, Convolution>): boolean {
  const [kernel, wanted] = [byNode.get(one)?.kernel, byNode.get(other)?.kernel];
  return kernel?.length === wanted?.length && kernel?.every((weight, at) => weight === wanted?.[at]) === true;
}

/** 1 for the nodes whose results meet those of a node somewhere. */
function meets(from: number, { nodes, consumers }: Graph): Uint8Array {
  const behind = reached(from < 0 ? [] : [from], nodes, (index) => consumers[index] ?? []);
  const start = [...behind.keys()].filter((index) => behind[index] === 1);
  return reached(start, nodes, (index) => nodes[index]?.inputs ?? []);
}

function reached(
  start: readonly number[],
  nodes: readonly ComputeNode[],
  next: (index: number) => readonly number[],
): Uint8Array {
  const seen = new Uint8Array(nodes.length);
  const waiting = [...start];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    if (seen[index] === 1 || nodes[index]?.role.kind === 'apart') continue;
    seen[index] = 1;
    waiting.push(...next(index));
  }
  return seen;
}
