import { z } from 'zod';
import type { Budget } from './budget.ts';
import { readJson } from './json.ts';

/** Which kind of convolution takes a weight, in the words of torch.nn. */
type ConvolutionClass = 'Conv2d' | 'ConvTranspose2d';

/** The use of a weight by an exported program. */
export interface WeightUse {
  readonly owner: ConvolutionClass;
  /** Whether the convolution takes the image, and its result does not only say where the image is read. */
  readonly entrance: boolean;
}

const nodeSchema = z.object({
  target: z.string(),
  inputs: z.array(z.object({ name: z.string(), arg: z.unknown() })),
  outputs: z.array(z.unknown()),
});
type ProgramNode = z.infer<typeof nodeSchema>;
const programSchema = z.object({
  graph_module: z.object({
    graph: z.object({ nodes: z.array(nodeSchema) }),
    signature: z.object({ input_specs: z.array(z.unknown()) }),
  }),
});
const named = z.object({ name: z.string() });
const tensorsSchema = z.object({
  as_tensor: named.optional(),
  as_tensors: z.array(named).optional(),
  as_optional_tensors: z.array(z.unknown()).optional(),
  as_bool: z.boolean().optional(),
});
const specSchema = z.object({
  parameter: z.object({ arg: named, parameter_name: z.string() }).optional(),
  user_input: z.object({ arg: z.unknown() }).optional(),
});

/** Operations whose further inputs say where the first one is read. */
const GUIDED = /\.(grid_sampler\w*|index|gather|deform_conv2d)\b/;
const MIXES = /\.(linear|mm|bmm|addmm|matmul|einsum|embedding|scaled_dot_product\w*|lstm|gru)\b/;

/** Of the weights of an exported program (models/model.json) those of convolutions, by their names. */
export function exportedConvolutions(json: Uint8Array, budget: Budget): ReadonlyMap<string, WeightUse> {
  const { graph, signature } = programSchema.safeParse(readJson(json, budget)).data?.graph_module ?? {};
  const weights = new Map<string, string>();
  /** 1 for a result that carries the image, 2 where a layer mixed it before. */
  const carries = new Map<string, number>();
  for (const spec of signature?.input_specs ?? []) {
    const { parameter, user_input: image } = specSchema.safeParse(spec).data ?? {};
    if (parameter !== undefined) weights.set(parameter.arg.name, parameter.parameter_name);
    for (const name of namesIn(image?.arg)) carries.set(name, 1);
  }
  const producers = new Map<string, ProgramNode>();
  const guiding = new Set<ProgramNode>();
  const found = new Map<string, WeightUse>();
  const entrances: (readonly [weight: string, node: ProgramNode, owner: ConvolutionClass])[] = [];
  /** Layers that take the image with a weight that is computed or no parameter. */
  const hidden: ProgramNode[] = [];
  for (const node of graph?.nodes ?? []) {
    for (const name of node.outputs.flatMap(namesIn)) producers.set(name, node);
    const [first, ...others] = node.inputs.map(({ arg }) => namesIn(arg));
    const guided = GUIDED.test(node.target);
    const main = guided ? (first ?? []) : [first ?? [], ...others].flat();
    let state = main.reduce((most, name) => Math.max(most, carries.get(name) ?? 0), 0);
    if (guided && state === 1) markGuiding(others.flat(), producers, guiding);
    const owner = classOf(node);
    if (owner !== undefined) {
      const weight = weights.get(namesIn(node.inputs.find(({ name }) => name === 'weight')?.arg)[0] ?? '');
      if (weight !== undefined) found.set(weight, { owner, entrance: false });
      if (weight !== undefined && state === 1) entrances.push([weight, node, owner]);
      if (weight === undefined && state === 1) hidden.push(node);
    }
    if (state > 0 && (owner !== undefined || MIXES.test(node.target))) state = 2;
    for (const name of node.outputs.flatMap(namesIn)) carries.set(name, state);
  }
  const complete = hidden.every((node) => guiding.has(node));
  for (const [weight, node, owner] of entrances) {
    found.set(weight, { owner, entrance: complete && !guiding.has(node) });
  }
  return found;
}

function classOf({ target, inputs }: ProgramNode): ConvolutionClass | undefined {
  const kind = /\.(convolution|conv2d|conv_transpose2d|deform_conv2d)\b/.exec(target)?.[1];
  if (kind === undefined) return undefined;
  const transposed = tensorsSchema.safeParse(inputs.find(({ name }) => name === 'transposed')?.arg).data?.as_bool;
  return kind === 'conv_transpose2d' || transposed === true ? 'ConvTranspose2d' : 'Conv2d';
}

function namesIn(argument: unknown): readonly string[] {
  const {
    as_tensor: one,
    as_tensors: list = [],
    as_optional_tensors: some = [],
  } = tensorsSchema.safeParse(argument).data ?? {};
  return [...(one === undefined ? [] : [one.name]), ...list.map(({ name }) => name), ...some.flatMap(namesIn)];
}

function markGuiding(
  names: readonly string[],
  producers: ReadonlyMap<string, ProgramNode>,
  guiding: Set<ProgramNode>,
): void {
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const node = producers.get(name);
    if (node === undefined || guiding.has(node)) continue;
    guiding.add(node);
    waiting.push(...node.inputs.flatMap(({ arg }) => namesIn(arg)));
  }
}

/** Stride, padding and dilation come before the word that says whether it is transposed. */
const TRACED =
  /CONSTANTS\.c(\d+), (?:CONSTANTS\.c\d+|None), \[[^\]]{0,99}\], \[[^\]]{0,99}\], \[[^\]]{0,99}\], (True|False), \[/g;
const SCRIPTED = /\bconv(_transpose)?2d\([^,()]{1,200}(?:\([^()]{0,200}\))?, CONSTANTS\.c(\d+)/g;

/** Of the constants of a frozen TorchScript program (code/…py) those that are kernels, by their numbers. */
export function frozenConvolutions(code: string): ReadonlyMap<string, ConvolutionClass> {
  const found = new Map<string, ConvolutionClass>();
  for (const [, constant = '', transposed] of code.matchAll(TRACED)) {
    found.set(constant, transposed === 'True' ? 'ConvTranspose2d' : 'Conv2d');
  }
  for (const [, transposed, constant = ''] of code.matchAll(SCRIPTED)) {
    found.set(constant, transposed === undefined ? 'Conv2d' : 'ConvTranspose2d');
  }
  return found;
}
