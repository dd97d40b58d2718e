import { type Budget, OBJECT_BYTES } from './budget.ts';
import type { OnnxAttribute, OnnxNode, OnnxValueInfo } from './onnx.ts';
import type { OnnxTensor } from './onnx-tensor.ts';

/** A graph: the main one of a model, or one within a node, as If and Loop have them. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Weights by name. */
  readonly tensors: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
}

/** New names of values by their old ones. */
export type Renaming = (name: string) => string;

/** Names that the nodes of a graph take; some of them are values from outside. */
export function namesTaken({ nodes }: OnnxGraph): readonly string[] {
  return nodes.flatMap(({ inputs, captured }) => [...inputs, ...captured]);
}

/** A node whose values have other names, also within its graphs; charged for, since a copy may be large. */
export function renamedNode(node: OnnxNode, to: Renaming, budget: Budget): OnnxNode {
  const { inputs, outputs, captured, attributes } = node;
  budget.charge(
    2 * OBJECT_BYTES * (1 + inputs.length + outputs.length + captured.length),
    'the bodies of its functions and branches',
  );
  const inner = [...attributes].some(([, { graph }]) => graph !== undefined);
  return {
    ...node,
    inputs: inputs.map(to),
    outputs: outputs.map(to),
    captured: captured.map(to),
    attributes: inner
      ? new Map([...attributes].map(([name, one]) => [name, renamedAttribute(one, to, budget)]))
      : attributes,
  };
}

function renamedAttribute(attribute: OnnxAttribute, to: Renaming, budget: Budget): OnnxAttribute {
  return attribute.graph === undefined ? attribute : { ...attribute, graph: renamedGraph(attribute.graph, to, budget) };
}

export function renamedGraph({ nodes, tensors, inputs, outputs }: OnnxGraph, to: Renaming, budget: Budget): OnnxGraph {
  const named = <Part extends OnnxValueInfo>(part: Part): Part => ({ ...part, name: to(part.name) });
  return {
    nodes: nodes.map((node) => renamedNode(node, to, budget)),
    tensors: new Map([...tensors].map(([name, tensor]) => [to(name), tensor])),
    inputs: inputs.map(named),
    outputs: outputs.map(named),
  };
}
