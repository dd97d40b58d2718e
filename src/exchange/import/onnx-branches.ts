import type { Budget } from '../../formats/budget.ts';
import type { OnnxModel, OnnxNode } from '../../formats/onnx.ts';
import { type OnnxGraph, renamedGraph } from '../../formats/onnx-graph.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { ModelProblem } from '../model-problem.ts';
import type { Constant } from './constant.ts';
import { OnnxConstants } from './onnx-constants.ts';

/** If within If within If: nobody goes deeper. */
const DEEPEST = 8;

/**
 * The model with a branch in the place of each If that does not depend on the image: its condition is a constant, or both
 * branches give the same constants. All other nodes are those of the model.
 * @throws FormatProblem, ModelProblem
 */
export function withChosenBranches(
  model: OnnxModel,
  fileOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): OnnxModel {
  let chosen = model;
  for (let round = 0; round < DEEPEST && chosen.nodes.some(isIf); round++) {
    const next = oneRound(chosen, round, fileOf, budget);
    if (next === undefined) break;
    chosen = next;
  }
  return chosen;
}

function isIf({ operator, domain }: OnnxNode): boolean {
  return operator === 'If' && domain === '';
}

/** The two graphs of an If, with names of their own. */
interface Branches {
  readonly whenTrue: OnnxGraph;
  readonly whenFalse: OnnxGraph;
}

/** The model with the branches of its Ifs in their place, but for those within them; undefined where none is chosen. */
function oneRound(
  model: OnnxModel,
  round: number,
  fileOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): OnnxModel | undefined {
  const branches = new Map<OnnxNode, Branches>();
  for (const [index, node] of model.nodes.entries()) {
    const [whenTrue, whenFalse] = ['then_branch', 'else_branch'].map((name) => {
      const graph = isIf(node) ? node.attributes.get(name)?.graph : undefined;
      return graph && ownNames(graph, `${node.name} (${name} ${round}.${index})`, budget);
    });
    if (whenTrue && whenFalse) branches.set(node, { whenTrue, whenFalse });
  }
  const inside = [...branches.values()].flatMap(({ whenTrue, whenFalse }) => [whenTrue, whenFalse]);
  const constants = new OnnxConstants(joined(model, model.nodes, inside), fileOf, budget);
  const chosen = new Map(
    [...branches].flatMap(([node, both]): [OnnxNode, OnnxGraph][] => {
      const graph = chosenOf(node, both, constants);
      return graph === undefined ? [] : [[node, graph]];
    }),
  );
  if (chosen.size === 0) return undefined;
  const nodes = model.nodes.flatMap((node) => {
    const graph = chosen.get(node);
    return graph === undefined ? [node] : [...graph.nodes, ...resultsOf(node, graph)];
  });
  return joined(
    { ...model, nodes: [] },
    nodes,
    [...chosen.values()].map((graph) => ({ ...graph, nodes: [] })),
  );
}

function joined(model: OnnxModel, nodes: readonly OnnxNode[], graphs: readonly OnnxGraph[]): OnnxModel {
  return {
    ...model,
    nodes: [...nodes, ...graphs.flatMap((graph) => graph.nodes)],
    tensors: new Map([...model.tensors, ...graphs.flatMap(({ tensors }) => [...tensors])]),
  };
}

/** A branch whose own values have names that no other graph has. */
function ownNames(graph: OnnxGraph, within: string, budget: Budget): OnnxGraph {
  const own = new Set([...graph.tensors.keys(), ...graph.nodes.flatMap(({ outputs }) => outputs)]);
  own.delete('');
  return renamedGraph(graph, (name) => (own.has(name) ? `${within}/${name}` : name), budget);
}

function chosenOf(node: OnnxNode, { whenTrue, whenFalse }: Branches, constants: OnnxConstants): OnnxGraph | undefined {
  const condition = constantAt(node.inputs[0] ?? '', constants);
  if (condition !== undefined) return condition.data[0] === 0 ? whenFalse : whenTrue;
  const same = whenTrue.outputs.every(({ name }, place) => {
    const one = constantAt(name, constants);
    const other = one && constantAt(whenFalse.outputs[place]?.name ?? '', constants);
    const alike = other !== undefined && one?.shape.join() === other.shape.join();
    return alike && one.data.every((value, at) => Object.is(value, other.data[at]));
  });
  return same ? whenTrue : undefined;
}

/** A value that is a constant here; a fault of its numbers matters where they are used. */
function constantAt(name: string, constants: OnnxConstants): Constant | undefined {
  try {
    const value = constants.value(name);
    return 'why' in value ? undefined : value;
  } catch (error) {
    if (error instanceof FormatProblem || error instanceof ModelProblem) return undefined;
    throw error;
  }
}

/** The results of an If by the names that other nodes know. */
function resultsOf({ name, outputs }: OnnxNode, graph: OnnxGraph): readonly OnnxNode[] {
  return outputs.flatMap((output, place) => {
    if (output === '') return [];
    const inputs = [graph.outputs[place]?.name ?? ''];
    return [
      {
        name,
        operator: 'Identity',
        domain: '',
        overload: '',
        inputs,
        outputs: [output],
        captured: [],
        attributes: new Map(),
      },
    ];
  });
}
