import { Dataset, File, Group, ready } from 'h5wasm';
import { z } from 'zod';
import { type Budget, OBJECT_BYTES } from '../../formats/budget.ts';
import { fromHalfBits } from '../../formats/half.ts';
import { heapFault } from '../../formats/hdf5-heaps.ts';
import { readJson } from '../../formats/json.ts';
import { FormatProblem } from '../../formats/problem.ts';
import { elementCount } from '../../formats/shape.ts';
import { unzip } from '../../formats/zip.ts';
import { convolutionsOf } from './compute-graph.ts';
import { type LayerWeights, layersNodes, weightsByPath } from './keras-layers.ts';
import type { ModelTensors, NamedTensor } from './model-tensors.ts';
import { convolutionsByName } from './named-tensors.ts';

type Reading = Omit<ModelTensors, 'file' | 'others'>;

/** Models within models take two levels each. */
const DEEPEST = 16;
/** Groups and arrays that are looked at, and the least bytes that one takes. */
const MOST_ENTRIES = 20_000;
const ENTRY_SIZE = 64;
/** The library finds each entry from the root on, and looks at each group on the way from the root on as well. */
const MOST_STEPS = 400_000;
/** Letters; ten thousand layers take some 5 million. */
const LONGEST_TOPOLOGY = 2 ** 25;
/** Names of a layer's weights in the order in which Keras 3 numbers them. */
const NUMBERED: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['kernel', 'bias'],
  DepthwiseConv2D: ['depthwise_kernel', 'bias'],
  SeparableConv2D: ['depthwise_kernel', 'pointwise_kernel', 'bias'],
};

/** The convolutions of a Keras `.h5` file, by its layers where it holds the model, else by the names of its weights. */
export async function readKerasHdf5(bytes: Uint8Array, budget: Budget): Promise<Reading> {
  return withHdf5(bytes, budget, (file) => {
    const tensors = tensorsIn(file, bytes.length, budget);
    const config = textAttribute(file, 'model_config');
    if ((config?.length ?? 0) > LONGEST_TOPOLOGY) throw damaged('its topology is longer than that of any model');
    const topology = config === undefined ? undefined : readJson(new TextEncoder().encode(config), budget);
    const nodes = topology === undefined ? undefined : layersNodes(topology, weightsByPath(tensors));
    if (nodes !== undefined) return { format: 'keras', order: 'graph', ...convolutionsOf(nodes, budget) };
    return {
      format: 'keras',
      order: 'names',
      // Groups come sorted by name, in files of every library.
      ...convolutionsByName(named(tensors), { budget, sorted: true, ...(isKeras(tensors) ? { layout: 'HWIO' } : {}) }),
    };
  });
}

/** The convolutions of a `.keras` file of Keras 3: a zip with the topology and an HDF5 file of weights. */
export async function readKerasZip(bytes: Uint8Array, budget: Budget): Promise<Reading> {
  const files = unzip(bytes, '.keras', (name) => name === 'config.json' || name === 'model.weights.h5', budget);
  const topology = readJson(files.get('config.json') ?? new Uint8Array(0), budget);
  const weights = files.get('model.weights.h5') ?? new Uint8Array(0);
  return withHdf5(weights, budget, (file) => {
    const tensors = tensorsIn(file, weights.length, budget);
    const nodes = layersNodes(topology, numberedWeights(tensors, containersOf(topology)));
    if (nodes === undefined) throw damaged('its config.json holds no layers');
    return { format: 'keras', order: 'graph', ...convolutionsOf(nodes, budget) };
  });
}

/** Whether a damaged file has brought the HDF5 library down; its later results are not to be trusted. */
let stopped = false;

/**
 * Opens the bytes as an HDF5 file in h5wasm's memory, and frees it again. One damaged file in thousands brings
 * the library down (an abort, or an access out of its bounds); it is not asked again then.
 * @throws FormatProblem, and the errors of `read`
 */
async function withHdf5<Result>(bytes: Uint8Array, budget: Budget, read: (file: File) => Result): Promise<Result> {
  if (bytes.length === 0) throw damaged('it has no weights');
  if (stopped) {
    const sentence = 'The reader of HDF5 files was stopped by a damaged file before.';
    throw new FormatProblem(
      'unsupported',
      sentence,
      'Reload the page, or run the command again, and read this file first.',
    );
  }
  const fault = heapFault(bytes);
  if (fault !== undefined) throw damaged(fault);
  budget.charge(bytes.length, 'its topology and arrays as the library reads them');
  const { FS, activate_throwing_error_handler: throwErrors } = await ready;
  const path = '/model.h5';
  let file: File | undefined;
  try {
    // Else the library prints the fault of a file on the console.
    throwErrors();
    // The file is these bytes themselves; nothing writes into it.
    FS.createDataFile('/', path.slice(1), bytes, true, false, true);
    file = new File(path, 'r');
    return read(file);
  } catch (error) {
    stopped ||= error instanceof WebAssembly.RuntimeError;
    if (error instanceof Error && 'hint' in error) throw error;
    throw damaged('it is no sound HDF5 file');
  } finally {
    // The library takes the next file of this name for the one that is still open.
    if (!stopped) letGo(FS, path, file);
  }
}

function letGo(files: Awaited<typeof ready>['FS'], path: string, file: File | undefined): void {
  try {
    file?.close();
  } finally {
    if (files.analyzePath(path).exists) files.unlink(path);
  }
}

/**
 * The floating-point arrays of a file, by their paths. Nothing of them is read before it is asked for. A group or an array
 * that several links lead to is looked at one time: they make a few look like any number.
 */
function tensorsIn(file: File, bytes: number, budget: Budget): readonly NamedTensor[] {
  const tensors: NamedTensor[] = [];
  const most = Math.min(MOST_ENTRIES, 100 + bytes / ENTRY_SIZE);
  let entries = 0;
  let steps = 0;
  const seen = new Set([placeOf(file)]);
  const visit = (group: Group, path: string, depth: number) => {
    if (depth > DEEPEST) throw damaged('its groups are nested too deep');
    for (const name of group.keys()) {
      entries++;
      if (entries > most) throw damaged(`it leads to more than ${Math.floor(most)} groups and arrays`);
      steps += (depth + 1) ** 2;
      if (steps > MOST_STEPS) throw damaged('its groups are too many and nested too deep');
      budget.charge(8 * OBJECT_BYTES, 'its groups');
      const child = group.get(name);
      if (!(child instanceof Group || child instanceof Dataset)) continue;
      const place = placeOf(child);
      if (seen.has(place)) continue;
      seen.add(place);
      const whole = path === '' ? name : `${path}/${name}`;
      if (child instanceof Group) visit(child, whole, depth + 1);
      else tensors.push(tensorOf(child, whole, budget));
    }
  };
  visit(file, '', 0);
  return tensors;
}

/** Where a group or an array lies in its file, by any link to it. */
function placeOf(entity: Group | Dataset): string {
  return entity.create_reference().ref_data.join();
}

function tensorOf(dataset: Dataset, name: string, budget: Budget): NamedTensor {
  const shape = (dataset.shape ?? []).map(Number);
  return {
    name,
    shape,
    type: String(dataset.dtype),
    floats: () => {
      const type = /^([<>]?)([efd])/.exec(String(dataset.dtype));
      // The library turns no bytes around.
      if (type === null || type[1] === '>') return undefined;
      // A dataset may claim numbers that the file does not hold: they are made when it is read, and copied twice.
      const bytes = 3 * Float64Array.BYTES_PER_ELEMENT * elementCount(shape);
      budget.charge(bytes, 'its weights');
      const value = type[2] === 'e' ? halvesOf(dataset) : dataset.value;
      budget.release(bytes);
      if (!(value instanceof Float32Array || value instanceof Float64Array)) return undefined;
      if (value.length !== elementCount(shape)) throw damaged(`"${name.slice(0, 80)}" is cut off`);
      return new Float32Array(value);
    },
  };
}

/** H5T_INTEGER of HDF5's classes of types. */
const WHOLE_NUMBERS = 0;

/** Numbers of 16 bits, a type that the library does not know: it is asked for them as whole numbers of two bytes. */
function halvesOf({ file_id: file, path }: Dataset): Float32Array | undefined {
  const stored = new Dataset(file, path);
  stored.metadata.type = WHOLE_NUMBERS;
  stored.metadata.signed = false;
  const { value } = stored;
  return value instanceof Uint16Array ? fromHalfBits(value) : undefined;
}

function textAttribute(file: File, name: string): string | undefined {
  const value = file.attrs[name]?.value;
  return typeof value === 'string' ? value : undefined;
}

/** Whether weights have the names that Keras gives them. */
function isKeras(tensors: readonly NamedTensor[]): boolean {
  return tensors.some(({ name }) => /kernel(:0)?$|\/vars\/\d+$/.test(name));
}

/** Without a topology: numbered weights are a kernel by their shape, and Keras 3 counts its layers. */
function named(tensors: readonly NamedTensor[]): readonly NamedTensor[] {
  const counted = (name: string) => name.replace(/\d+/g, (digits) => digits.padStart(6, '0'));
  return tensors.toSorted((a, b) => (counted(a.name) < counted(b.name) ? -1 : 1));
}

const containerSchema = z.object({
  class_name: z.string(),
  name: z.string().optional(),
  config: z.looseObject({ name: z.string().optional(), layers: z.array(z.unknown()).optional() }),
});

/** The path of each layer's group in a file of Keras 3, by the names of the models around it and its own. */
function containersOf(topology: unknown): ReadonlyMap<string, string> {
  const groups = new Map<string, string>();
  const visit = (model: unknown, path: readonly string[], group: string, depth: number) => {
    const { layers } = containerSchema.safeParse(model).data?.config ?? {};
    const used = new Map<string, number>();
    for (const one of depth > 8 ? [] : (layers ?? [])) {
      const layer = containerSchema.safeParse(one).data;
      if (layer === undefined) continue;
      const kind = snakeCase(layer.class_name);
      const count = used.get(kind) ?? 0;
      used.set(kind, count + 1);
      const own = `${group}layers/${kind}${count === 0 ? '' : `_${count}`}/`;
      const names = [...path, layer.name ?? layer.config.name ?? ''];
      groups.set(names.join('/'), own);
      visit(layer, names, own, depth + 1);
    }
  };
  visit(topology, [], '', 0);
  return groups;
}

/** As keras.src.utils.naming.to_snake_case. */
function snakeCase(name: string): string {
  return name
    .replace(/\W+/g, '')
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

function numberedWeights(tensors: readonly NamedTensor[], groups: ReadonlyMap<string, string>): LayerWeights {
  const byPath = new Map(
    tensors.map((tensor) => [tensor.name.replace('_layer_checkpoint_dependencies', 'layers'), tensor]),
  );
  return (path, { class_name: kind, config }) => {
    const group = groups.get(path.join('/')) ?? '';
    const found = new Map<string, NamedTensor>();
    for (const [number, name] of weightNames(kind, config).entries()) {
      const tensor = byPath.get(`${group}vars/${number}`);
      if (tensor !== undefined) found.set(name, tensor);
    }
    return found;
  };
}

function weightNames(kind: string, config: Readonly<Record<string, unknown>>): readonly string[] {
  if (!/^BatchNormalization/.test(kind)) return NUMBERED[kind] ?? [];
  const scale = config.scale === false ? [] : ['gamma'];
  const center = config.center === false ? [] : ['beta'];
  return [...scale, ...center, 'moving_mean', 'moving_variance'];
}

function damaged(fault: string): FormatProblem {
  return new FormatProblem(
    'wrong-format',
    `The Keras file cannot be read: ${fault.slice(0, 200)}.`,
    'Save the model again.',
  );
}
