import { z } from 'zod';
import { ModelProblem, shown } from '../model-problem.ts';
import { type ModelFile, type ModelFiles, nameOf } from './model-files.ts';

/** As Hugging Face's libraries number the parts of a large model: "model-00001-of-00003.safetensors". */
const PART = /^(.*?)(\d{5})-of-(\d{5})(\.\w+)$/s;
/** Nobody cuts a model into more. */
const MOST_PARTS = 1000;

/**
 * The bytes of all parts of a model, in order, where the file's name says that it is one of several; else of the file
 * alone. @throws ModelProblem where a part is missing: any of them may hold the first layer
 */
export function partsOf({ name, bytes }: ModelFile, files: ModelFiles): readonly Uint8Array[] {
  const [, start = '', number = '', count = '', ending = ''] = PART.exec(nameOf(name)) ?? [];
  const parts = Number(count);
  if (number === '' || !(parts > 1 && parts <= MOST_PARTS)) return [bytes];
  return Array.from({ length: parts }, (_, index) => {
    const part = String(index + 1).padStart(5, '0');
    if (part === number) return bytes;
    const path = `${start}${part}-of-${count}${ending}`;
    return files.find(name, path) ?? missing(path, `"${shown(nameOf(name))}" is part ${Number(number)} of ${parts}`);
  });
}

/** Whether two files are parts of one model. */
export function areParts(one: string, other: string): boolean {
  const [a, b] = [PART.exec(one), PART.exec(other)];
  return a !== null && b !== null && [1, 3, 4].every((group) => a[group] === b[group]);
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The first of the files that hold a model's weights, where the JSON is the index of such files. @throws ModelProblem */
export function partOfIndex(json: unknown, { name }: ModelFile, files: ModelFiles): ModelFile | undefined {
  const { data } = indexSchema.safeParse(json);
  const [path] = Object.values(data?.weight_map ?? {}).toSorted();
  if (path === undefined) return undefined;
  const bytes = files.find(name, path) ?? missing(path, `"${shown(nameOf(name))}" names the parts of a model`);
  return { name: name.slice(0, name.lastIndexOf('/') + 1) + path, bytes };
}

function missing(path: string, why: string): never {
  throw new ModelProblem(
    'missing-file',
    `${why}, and "${shown(path)}" is not there.`,
    'Choose all parts together, or the folder with them.',
  );
}
