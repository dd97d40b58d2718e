import { z } from 'zod';
import type { Budget } from './budget.ts';
import { readJson } from './json.ts';

/** Which kind of convolution takes a weight, in the words of torch.nn. */
type ConvolutionClass = 'Conv2d' | 'ConvTranspose2d';

const argumentSchema = z.object({
  as_tensor: z.object({ name: z.string() }).optional(),
  as_bool: z.boolean().optional(),
});
const programSchema = z.object({
  graph_module: z.object({
    graph: z.object({
      nodes: z.array(
        z.object({ target: z.string(), inputs: z.array(z.object({ name: z.string(), arg: z.unknown() })) }),
      ),
    }),
    signature: z.object({ input_specs: z.array(z.unknown()) }),
  }),
});
const parameterSchema = z.object({
  parameter: z.object({ arg: z.object({ name: z.string() }), parameter_name: z.string() }),
});

/** Of the weights of an exported program (models/model.json) those of convolutions, by their names. */
export function exportedConvolutions(json: Uint8Array, budget: Budget): ReadonlyMap<string, ConvolutionClass> {
  const found = new Map<string, ConvolutionClass>();
  const program = programSchema.safeParse(readJson(json, budget)).data?.graph_module;
  const names = new Map<string, string>();
  for (const spec of program?.signature.input_specs ?? []) {
    const { parameter } = parameterSchema.safeParse(spec).data ?? {};
    if (parameter !== undefined) names.set(parameter.arg.name, parameter.parameter_name);
  }
  for (const { target, inputs } of program?.graph.nodes ?? []) {
    const kind = /\.aten\.(convolution|conv2d|conv_transpose2d)\b/.exec(target)?.[1];
    if (kind === undefined) continue;
    const argument = (wanted: string) => argumentSchema.safeParse(inputs.find(({ name }) => name === wanted)?.arg).data;
    const weight = names.get(argument('weight')?.as_tensor?.name ?? '');
    const transposed = kind === 'conv_transpose2d' || argument('transposed')?.as_bool === true;
    if (weight !== undefined) found.set(weight, transposed ? 'ConvTranspose2d' : 'Conv2d');
  }
  return found;
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
