import { ModelProblem, shown } from '../model-problem.ts';
import type { ComputeNode } from './compute-graph.ts';

/** For each node those that take its result; a node that takes it twice is named once. */
export function consumersOf(nodes: readonly ComputeNode[]): readonly (readonly number[])[] {
  const consumers = nodes.map((): number[] => []);
  for (const [index, { inputs }] of nodes.entries()) for (const input of new Set(inputs)) consumers[input]?.push(index);
  return consumers;
}

/** Nodes after all they depend on, file order otherwise (Kahn). @throws ModelProblem for a graph that feeds itself */
export function topologicalOrder(nodes: readonly ComputeNode[]): readonly number[] {
  const consumers = consumersOf(nodes);
  const missing = nodes.map(({ inputs }) => new Set(inputs).size);
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
