import type { Budget } from './budget.ts';
import type { OnnxAttribute, OnnxNode } from './onnx.ts';
import { renamedNode } from './onnx-graph.ts';
import { FormatProblem } from './problem.ts';

/** A function of an ONNX model: an operator of its own that is a graph of others, as PyTorch's exporters write modules. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly OnnxNode[];
  /** Of the attributes that a call may leave out. */
  readonly defaults: ReadonlyMap<string, OnnxAttribute>;
}

const IDENTITY = { operator: 'Identity', domain: '', overload: '', captured: [], attributes: new Map() };

/** Functions that call functions. ONNX forbids circles. */
const DEEPEST = 16;

/**
 * Nodes with the bodies of functions in the place of their calls; the same list where none is called. Names within a body
 * get the call's name in front, so that two calls have nothing in common.
 * @throws FormatProblem for functions that call themselves, or bodies too large for the budget
 */
export function withoutFunctions(
  nodes: readonly OnnxNode[],
  functions: readonly OnnxFunction[],
  budget: Budget,
): readonly OnnxNode[] {
  if (functions.length === 0) return nodes;
  const known = new Map(functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]));
  const placed: OnnxNode[] = [];
  let calls = 0;
  const place = (node: OnnxNode, within: string, depth: number) => {
    const called = known.get(keyOf(node.domain, node.operator, node.overload));
    if (called === undefined) {
      placed.push(node);
      return;
    }
    if (depth > DEEPEST)
      throw new FormatProblem('unsupported', 'Its functions call each other too deep.', 'Export it again.');
    calls++;
    const call = node.name === '' ? `${within}${node.operator} ${placed.length}` : node.name;
    // Two calls may have one name.
    const own = `${call} (call ${calls})`;
    const names = new Map<string, string>();
    for (const [at, name] of called.inputs.entries()) names.set(name, node.inputs[at] ?? '');
    for (const [at, name] of called.outputs.entries()) {
      const output = node.outputs[at] ?? '';
      if (output === '') continue;
      // An input that is an output as well.
      const input = names.get(name);
      if (input === undefined) names.set(name, output);
      else placed.push({ ...IDENTITY, name: `${call}/${name}`, inputs: [input], outputs: [output] });
    }
    const outside = (name: string) => (name === '' ? '' : (names.get(name) ?? `${own}/${name}`));
    for (const inner of called.nodes) {
      const filled = { ...inner, attributes: filledIn(inner.attributes, node.attributes, called.defaults) };
      place(
        { ...renamedNode(filled, outside, budget), name: inner.name === '' ? '' : `${call}/${inner.name}` },
        `${call}/`,
        depth + 1,
      );
    }
  };
  for (const node of nodes) place(node, '', 0);
  return calls === 0 ? nodes : placed;
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload]);
}

/** Attributes of a body's node; those that refer to the call's are taken from there. */
function filledIn(
  own: OnnxNode['attributes'],
  call: OnnxNode['attributes'],
  defaults: OnnxFunction['defaults'],
): OnnxNode['attributes'] {
  if ([...own.values()].every(({ refersTo }) => refersTo === undefined)) return own;
  return new Map(
    [...own].flatMap(([name, attribute]): [string, OnnxAttribute][] => {
      if (attribute.refersTo === undefined) return [[name, attribute]];
      const given = call.get(attribute.refersTo) ?? defaults.get(attribute.refersTo);
      return given === undefined ? [] : [[name, given]];
    }),
  );
}
