import { type Budget, OBJECT_BYTES } from './budget.ts';
import { NumpyArray } from './numpy-pickle.ts';
import { asText, attributesOf, PickleGlobal, PickleObject, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';
import { TorchTensor, UnreadTensor } from './torch-tensor.ts';

/** A tensor that a pickle holds. */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  /** Its element type in a word, for messages: "F32", "O8". */
  readonly type: string;
  /** PyTorch keeps kernels as [filters, channels, height, width]; numpy arrays are of anyone. */
  readonly origin: 'torch' | 'numpy';
  /** The class of the object that holds it: "torch.nn.modules.conv.Conv2d"; undefined in a dict. */
  readonly owner?: string | undefined;
  /** Whether it belongs to a layer that takes the image, where the file has a program that shows it. */
  readonly entrance?: boolean | undefined;
  /** Its numbers as float32, row-major; undefined where they cannot be had. @throws FormatProblem */
  floats(): Float32Array<ArrayBuffer> | undefined;
}

/** Names of dicts in dicts, joined, are no longer than this in a checkpoint. */
const LONGEST_PATH = 1000;
/** Python itself cannot write a pickle that is nested deeper. */
const DEEPEST = 1000;

const MODULE_PARTS = ['_parameters', '_buffers', '_modules'];

interface Place {
  readonly value: PickleValue;
  readonly path: string;
  readonly depth: number;
  readonly owner?: string | undefined;
}

/**
 * The tensors and numeric arrays in the values of a pickle, by their paths, in the pickle's own order: in dicts, lists,
 * tuples, arrays of objects and the attributes of any object. A module's `_parameters`, `_buffers` and `_modules` do
 * not show in the path, so that a whole module has the names of its state dict. Each object is visited one time: dicts
 * that hold each other would never end.
 * @throws FormatProblem
 */
export function tensorsIn(value: PickleValue, budget: Budget): Map<string, CheckpointTensor> {
  const tensors = new Map<string, CheckpointTensor>();
  const seen = new Set<PickleValue>();
  const places: Place[] = [{ value, path: '', depth: 0 }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if (seen.has(place.value)) continue;
    const found = tensorOf(place);
    if (found !== undefined) {
      budget.charge(OBJECT_BYTES + 2 * place.path.length, 'its tensors');
      tensors.set(freeName(place.path, tensors), found);
      continue;
    }
    seen.add(place.value);
    if (place.path.length > LONGEST_PATH || place.depth > DEEPEST) {
      throw new FormatProblem(
        'inconsistent',
        'The checkpoint is damaged: its dicts lie too deep in each other.',
        'Copy or save it again.',
      );
    }
    budget.charge(OBJECT_BYTES * (countIn(place.value) + 1), 'its dicts and lists');
    const children = childrenOf(place).filter((child) => isContainer(child.value));
    // The last one in comes out first.
    for (const child of children.reverse()) places.push(child);
  }
  return tensors;
}

function tensorOf({ value, owner }: Place): CheckpointTensor | undefined {
  if (value instanceof TorchTensor) {
    const { shape, type = 'an unknown type' } = value;
    return {
      shape,
      type: value.isQuantised ? `quantised ${type}` : type,
      origin: 'torch',
      owner,
      floats: () => value.floats(),
    };
  }
  if (value instanceof UnreadTensor) {
    return { shape: value.shape, type: value.kind, origin: 'torch', floats: () => undefined };
  }
  if (value instanceof NumpyArray && value.elements === undefined) {
    const { shape, type } = value;
    return { shape, type: type?.code ?? 'an unknown type', origin: 'numpy', floats: () => value.floats() };
  }
  return undefined;
}

function isContainer(value: PickleValue): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array || value instanceof PickleGlobal);
}

/** How many values lie in one, before a place is made for each. */
function countIn(value: PickleValue): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  if (!(value instanceof PickleObject)) return 0;
  const { args, elements = [], items, state } = value;
  return args.length + elements.length + (items?.size ?? 0) + (state instanceof Map ? state.size : 3);
}

/** The parts of a value, with the places they get. */
function childrenOf({ value, path, depth, owner: around }: Place): Place[] {
  const attributed = value instanceof PickleObject && attributesOf(value).length > 0;
  // A dict within an object is of its class.
  const owner = attributed ? value.name : around;
  const at = (key: PickleValue, child: PickleValue, index: number): Place => {
    const segment = keyText(key) ?? String(index);
    return { value: child, path: path === '' ? segment : `${path}.${segment}`, depth: depth + 1, owner };
  };
  const here = (child: PickleValue): Place => ({ value: child, path, depth: depth + 1, owner });
  const listed = (list: readonly PickleValue[]) => list.map((child, index) => at(index, child, index));
  const entries = (dictionary: ReadonlyMap<PickleValue, PickleValue>) =>
    [...dictionary].map(([key, child], index) => at(key, child, index));
  if (Array.isArray(value)) {
    const [name, array] = value;
    // Paddle's tensor: its name and its numbers.
    return value.length === 2 && asText(name) !== undefined && array instanceof NumpyArray
      ? [here(array)]
      : listed(value);
  }
  if (value instanceof Map) return attributesIn(value).flatMap(entries);
  if (!(value instanceof PickleObject)) return [];
  const { args, elements = [], items } = value;
  const attributes = attributesOf(value);
  const pairs = pairsOf(args);
  return [
    // A function's arguments would become its parts.
    ...(pairs === undefined
      ? args.map((arg, index) => (Array.isArray(arg) ? at(index, arg, index) : here(arg)))
      : entries(pairs)),
    ...(value instanceof NumpyArray && elements.length === 1 ? elements.map(here) : listed(elements)),
    ...(items === undefined ? [] : entries(items)),
    ...attributes.flatMap(attributesIn).flatMap(entries),
    ...(attributes.length === 0 ? [here(value.state)] : []),
  ];
}

/** The entries of an OrderedDict as Python 2 wrote it: one argument, a list of pairs. */
function pairsOf([list, ...rest]: readonly PickleValue[]): ReadonlyMap<PickleValue, PickleValue> | undefined {
  if (rest.length > 0 || !Array.isArray(list) || list.length === 0) return undefined;
  const pairs = new Map<PickleValue, PickleValue>();
  for (const pair of list) {
    const key = Array.isArray(pair) && pair.length === 2 ? asText(pair[0]) : undefined;
    if (key === undefined || !Array.isArray(pair)) return undefined;
    pairs.set(key, pair[1] ?? null);
  }
  return pairs;
}

/** A dict as it is; of a torch.nn.Module's attributes its parameters, buffers and modules, then all others. */
function attributesIn(
  attributes: ReadonlyMap<PickleValue, PickleValue>,
): readonly ReadonlyMap<PickleValue, PickleValue>[] {
  if (!attributes.has('_modules') || !attributes.has('_parameters')) return [attributes];
  const parts = MODULE_PARTS.flatMap((name) => {
    const part = attributes.get(name);
    if (part instanceof Map) return [part];
    return part instanceof PickleObject && part.items !== undefined ? [part.items] : [];
  });
  const others = [...attributes].filter(([key]) => typeof key !== 'string' || !MODULE_PARTS.includes(key));
  return [...parts, new Map(others)];
}

/** A dict's key in a path; undefined for one that has no short text. */
function keyText(key: PickleValue): string | undefined {
  if (key instanceof PickleGlobal) return key.name;
  return typeof key === 'number' || typeof key === 'bigint' ? String(key) : asText(key);
}

/** A path that is taken already gets a number: an attribute beside a parameter of its name. */
function freeName(path: string, taken: ReadonlyMap<string, CheckpointTensor>): string {
  if (!taken.has(path)) return path;
  let number = 2;
  while (taken.has(`${path}#${number}`)) number++;
  return `${path}#${number}`;
}
