import { z } from 'zod';
import type { NamedTensor } from './model-tensors.ts';

/** A node of a TensorFlow GraphDef, from JSON or protobuf. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, unknown>>;
}

/** Finds a stored weight by the name of its node. */
export type FindTensor = (name: string) => NamedTensor | undefined;

/** Operations that pass a weight on to where it is used. */
export const PASSES_WEIGHT = new Set(['Identity', 'ReadVariableOp', 'Enter', 'StopGradient', 'Switch']);

/** "name:0" is a node's first result, "^name" waits for it. */
export function sourceOf(input: string): string {
  return input.replace(/^\^/, '').replace(/:\d+$/, '');
}

/** A number among the attributes. */
export function numberAttribute({ attr }: GraphNode, name: string): number | undefined {
  return z.object({ f: z.number() }).safeParse(attr[name]).data?.f;
}

/** A text among the attributes, or a list of them. */
export function textAttributes({ attr }: GraphNode, name: string): readonly string[] {
  const { s, list } = textsSchema.safeParse(attr[name]).data ?? {};
  return [...(s === undefined ? [] : [s]), ...(list?.s ?? [])].map(fromBase64);
}

const textsSchema = z.object({
  s: z.string().optional(),
  list: z.object({ s: z.array(z.string()).optional() }).optional(),
});

function fromBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    // A text that is no base64 is none that a converter wrote.
    return '';
  }
}
