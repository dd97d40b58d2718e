import { type FindTensor, type GraphNode, sourceOf } from './tensorflow-node.ts';

/** Inputs that say whether the network is trained, by the names that trainers give them. */
const TRAINING = /(phase_train|is_training|learning_phase)/i;
/** Of a Merge. */
const MOST_BRANCHES = 64;
/** Longer ways lead to no input. */
const MOST_STEPS = 16;

/**
 * The nodes of a graph as it is used after training: of each pair of branches between Switch and Merge the one that is taken
 * then, without the other and without the nodes that served it alone. Branches that something else decides on stay.
 */
export function withoutBranches(nodes: readonly GraphNode[], weights: FindTensor): readonly GraphNode[] {
  if (!nodes.some(({ op }) => op === 'Switch')) return nodes;
  const byName = new Map(nodes.map((node) => [node.name, node]));
  /** Of each Switch whose choice is known the number of the result that nothing comes out of. */
  const closed = new Map<string, number>();
  for (const { name, op, input } of nodes) {
    const chosen = op === 'Switch' ? truthOf(input[1] ?? '', byName, weights) : undefined;
    if (chosen !== undefined) closed.set(name, chosen ? 0 : 1);
  }
  const takers = takersOf(nodes);
  const dead = new Set<string>();
  const isDead = (input: string) => {
    const source = sourceOf(input);
    return dead.has(source) || (!input.startsWith('^') && closed.get(source) === resultOf(input));
  };
  const waiting = nodes.filter(({ input }) => input.some(isDead));
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    // A Merge passes on the one that comes.
    const merges = node.op === 'Merge' && (node.input.length > MOST_BRANCHES || !node.input.every(isDead));
    if (merges || dead.has(node.name)) continue;
    dead.add(node.name);
    waiting.push(...(takers.get(node.name) ?? []));
  }
  const unused = unusedNodes(
    nodes.filter(({ name }) => !dead.has(name)),
    takers,
    (input) => !isDead(input),
  );
  return nodes.flatMap((node): readonly GraphNode[] => {
    if (dead.has(node.name) || unused.has(node.name)) return [];
    if (closed.has(node.name)) return [{ ...node, op: 'Identity', input: node.input.slice(0, 1) }];
    if (node.op !== 'Merge') return [node];
    const input = node.input.filter((one) => !isDead(one));
    return [input.length === node.input.length ? node : { ...node, op: 'Identity', input }];
  });
}

/** For each node those that take a result of it, or wait for it. */
function takersOf(nodes: readonly GraphNode[]): ReadonlyMap<string, readonly GraphNode[]> {
  const takers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const source of new Set(node.input.map(sourceOf))) {
      const known = takers.get(source);
      if (known === undefined) takers.set(source, [node]);
      else known.push(node);
    }
  }
  return takers;
}

/** The nodes all of whose results went to those that nothing comes to; `lives` says of an input whether something comes. */
function unusedNodes(
  nodes: readonly GraphNode[],
  takers: ReadonlyMap<string, readonly GraphNode[]>,
  lives: (input: string) => boolean,
): ReadonlySet<string> {
  const sources = new Map(nodes.map(({ name, input }) => [name, new Set(input.filter(lives).map(sourceOf))]));
  const uses = new Map<string, number>();
  for (const from of sources.values()) for (const source of from) uses.set(source, (uses.get(source) ?? 0) + 1);
  const unused = new Set<string>();
  const waiting = nodes.flatMap(({ name }) => (takers.has(name) && !uses.has(name) ? [name] : []));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    unused.add(name);
    for (const source of sources.get(name) ?? []) {
      const left = (uses.get(source) ?? 0) - 1;
      uses.set(source, left);
      if (left === 0) waiting.push(source);
    }
  }
  return unused;
}

/** "name:1" is the second result. */
function resultOf(input: string): number {
  return Number(/:(\d+)$/.exec(input)?.[1] ?? 0);
}

/** The truth value of an input after training; undefined where it is not known. */
function truthOf(input: string, byName: ReadonlyMap<string, GraphNode>, weights: FindTensor): boolean | undefined {
  let at = input;
  for (let step = 0; step < MOST_STEPS; step++) {
    const node = byName.get(sourceOf(at));
    if (node === undefined) return undefined;
    const value = weights(node.name)?.wholes?.();
    if (value !== undefined) return value.length === 1 ? value[0] !== 0 : undefined;
    if (/^Placeholder/.test(node.op) && TRAINING.test(node.name)) return false;
    if (!/^(Identity|Switch|PlaceholderWithDefault)$/.test(node.op)) return undefined;
    at = node.input[0] ?? '';
  }
  return undefined;
}
