import { z } from 'zod';
import type { Budget } from './budget.ts';
import type { ElementType } from './element-types.ts';
import { readJson } from './json.ts';
import { FormatProblem } from './problem.ts';
import type { CheckpointTensor } from './tensor-walk.ts';
import { exportedConvolutions } from './torch-programs.ts';
import { TorchStorage, TorchTensor } from './torch-tensor.ts';
import { unzip } from './zip.ts';

/** The file that names the weights of an archive. */
const CONFIG = /^(?:[^/]+\/)?data\/weights\/model_weights_config\.json$/;
/** The program itself. */
const PROGRAM = /^(?:[^/]+\/)?models\/[^/]+\.json$/;
/** ScalarType of torch/_export/serde/schema.py, without those that no weight has. */
const TYPES: Readonly<Record<number, ElementType>> = {
  1: 'U8',
  2: 'I8',
  3: 'I16',
  4: 'I32',
  5: 'I64',
  6: 'F16',
  7: 'F32',
  8: 'F64',
  12: 'BOOL',
  13: 'BF16',
};

const sizeSchema = z.object({ as_int: z.int().min(0) });
const configSchema = z.object({
  config: z.record(
    z.string(),
    z.object({
      path_name: z.string(),
      use_pickle: z.boolean(),
      tensor_meta: z.object({
        dtype: z.int(),
        sizes: z.array(sizeSchema).max(64),
        strides: z.array(sizeSchema).max(64),
        storage_offset: sizeSchema,
      }),
    }),
  ),
});

/**
 * The weights of a program that torch.export.save wrote (.pt2, since PyTorch 2.9), by their names and in their order.
 * @throws FormatProblem
 */
export function readTorchExport(bytes: Uint8Array, budget: Budget): ReadonlyMap<string, CheckpointTensor> {
  const files = unzip(bytes, '.pt2', (name) => /(^|\/)data\/weights\/[^/]+$/.test(name) || PROGRAM.test(name), budget);
  const [path, json] = [...files].find(([name]) => CONFIG.test(name)) ?? [];
  const parsed = configSchema.safeParse(json && readJson(json, budget));
  if (path === undefined || !parsed.success) throw damaged('the names of its weights cannot be read');
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const [, program] = [...files].find(([name]) => PROGRAM.test(name)) ?? [];
  const uses = program === undefined ? undefined : exportedConvolutions(program, budget);
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, weight] of Object.entries(parsed.data.config)) {
    const { dtype, sizes, strides, storage_offset: offset } = weight.tensor_meta;
    const type = TYPES[dtype];
    const stored = files.get(folder + weight.path_name);
    const shape = sizes.map((size) => size.as_int);
    if (strides.length !== shape.length) throw damaged(`"${name.slice(0, 80)}" has strides of another length`);
    const storage = new TorchStorage(weight.path_name, type, stored?.length ?? 0);
    storage.bytes = stored;
    const window = { offset: offset.as_int, shape, strides: strides.map((stride) => stride.as_int) };
    const tensor = new TorchTensor(storage, window, type);
    // One that is pickled is a subclass of tensors.
    const floats = () => (weight.use_pickle ? undefined : tensor.floats());
    tensors.set(name, {
      shape,
      type: weight.use_pickle ? 'pickled' : (type ?? 'an unknown type'),
      origin: 'torch',
      owner: uses?.get(name)?.owner,
      entrance: uses?.get(name)?.entrance,
      floats,
    });
  }
  return tensors;
}

function damaged(fault: string): FormatProblem {
  return new FormatProblem(
    'inconsistent',
    `The PyTorch export is damaged: ${fault}.`,
    'Save it again with torch.export.',
  );
}
