import { ByteCursor } from './byte-cursor.ts';
import { elementCount } from './npy.ts';
import { numpyGlobals } from './numpy-pickle.ts';
import { readPickle } from './pickle.ts';
import { type PickleConstructor, PickleGlobal, PickleInstance, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';
import { floatsOf, SAFETENSORS_TYPES, type SafetensorsType } from './safetensors.ts';
import { looksLikeZip, unzip } from './zip.ts';

/** A tensor of a checkpoint: a window on a storage, which others may share. */
export interface CheckpointTensor {
  readonly shape: readonly number[];
  readonly type: SafetensorsType;
  /** Its numbers as float32, row-major; undefined where they are no floating-point numbers. @throws FormatProblem */
  floats(): Float32Array<ArrayBuffer> | undefined;
}

/** The first bytes of torch.save before version 1.6: protocol 2, the number 0x1950a86a20f9469cfc6c, STOP. */
const LEGACY_MAGIC = Uint8Array.of(0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);

const STORAGES: Readonly<Record<string, SafetensorsType>> = {
  'torch.FloatStorage': 'F32',
  'torch.DoubleStorage': 'F64',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
};

/** Names of dicts in dicts, joined, are no longer than this in a checkpoint. */
const LONGEST_PATH = 1000;

/** Whether the bytes start as torch.save before version 1.6 wrote them. */
export function looksLikeLegacyCheckpoint(bytes: Uint8Array): boolean {
  return LEGACY_MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * Reads the tensors of a PyTorch checkpoint, a zip archive (since PyTorch 1.6) or the older row of pickles, by their
 * names; those of dicts in dicts are joined by dots ("state_dict.conv1.weight"). The pickle is read with a list of
 * allowed names: no other is looked up, nothing is ever called. A plain pickle holds no tensors, but is read too, so
 * that one which calls something is told from a damaged file.
 * @throws FormatProblem
 */
export function readPyTorchCheckpoint(bytes: Uint8Array): ReadonlyMap<string, CheckpointTensor> {
  const value = looksLikeZip(bytes)
    ? readArchive(bytes)
    : looksLikeLegacyCheckpoint(bytes)
      ? readLegacy(bytes)
      : readPickle(bytes, { globals: checkpointGlobals() }).value;
  const tensors = new Map<string, CheckpointTensor>();
  collect(value, '', tensors, new Set());
  return tensors;
}

/** Numbers of one element type that tensors are windows on. */
class Storage extends PickleInstance {
  readonly key: string;
  readonly type: SafetensorsType;
  readonly count: number;
  /** Set once its place in the file is known. */
  bytes: Uint8Array | undefined;

  constructor(key: string, type: SafetensorsType, count: number) {
    super();
    this.key = key;
    this.type = type;
    this.count = count;
  }

  override build(): void {
    throw damaged('a storage takes no state');
  }
}

class Tensor extends PickleInstance implements CheckpointTensor {
  readonly shape: readonly number[];
  readonly #storage: Storage;
  readonly #offset: number;
  readonly #strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    super();
    this.shape = shape;
    this.#storage = storage;
    this.#offset = offset;
    this.#strides = strides;
  }

  get type(): SafetensorsType {
    return this.#storage.type;
  }

  /** A tensor's state is its Python attributes. */
  override build(): void {}

  floats(): Float32Array<ArrayBuffer> | undefined {
    const { type, bytes, count } = this.#storage;
    if (!['F32', 'F64', 'F16', 'BF16'].includes(type)) return undefined;
    const size = elementCount(this.shape);
    if (size === 0) return new Float32Array(0);
    const last = this.shape.reduce(
      (sum, length, axis) => sum + (length - 1) * (this.#strides[axis] ?? 0),
      this.#offset,
    );
    // A tensor larger than its storage repeats it (expand): nothing a checkpoint needs, and a way to ask for any memory.
    if (bytes === undefined || size > count || last >= count) throw damaged('a tensor reaches beyond its storage');
    const width = SAFETENSORS_TYPES[type];
    const window = floatsOf({
      type,
      shape: [last - this.#offset + 1],
      bytes: bytes.subarray(this.#offset * width, (last + 1) * width),
    });
    return window === undefined || this.#isContiguous() ? window : this.#gather(window, size);
  }

  #isContiguous(): boolean {
    let expected = 1;
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if ((this.shape[axis] ?? 0) > 1 && this.#strides[axis] !== expected) return false;
      expected *= this.shape[axis] ?? 0;
    }
    return true;
  }

  #gather(window: Float32Array, size: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(size);
    const position = this.shape.map(() => 0);
    let from = 0;
    for (let i = 0; i < size; i++) {
      values[i] = window[from] ?? 0;
      for (let axis = this.shape.length - 1; axis >= 0; axis--) {
        const next = (position[axis] ?? 0) + 1;
        const wraps = next === this.shape[axis];
        position[axis] = wraps ? 0 : next;
        from += (this.#strides[axis] ?? 0) * (wraps ? 1 - next : 1);
        if (!wraps) break;
      }
    }
    return values;
  }
}

function readArchive(bytes: Uint8Array): PickleValue {
  const files = unzip(bytes, 'PyTorch', (name) => /(^|\/)(data\.pkl|byteorder|data\/[^/]+)$/.test(name));
  const pickle = [...files].find(([name]) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) throw damaged('the archive holds no data.pkl');
  const [name, content] = pickle;
  const folder = name.slice(0, -'data.pkl'.length);
  const order = files.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order).trim() === 'big') {
    throw new FormatProblem('unsupported', 'Big-endian checkpoints are not read.', 'Save it on another machine.');
  }
  const storages = new Storages();
  const { value } = readPickle(content, { globals: checkpointGlobals(), persistent: (id) => storages.refer(id) });
  for (const storage of storages.all()) storages.fill(storage, files.get(`${folder}data/${storage.key}`));
  return value;
}

/** Magic number, version, sizes of types, the value, the storages' keys; then each storage with its count in front. */
function readLegacy(bytes: Uint8Array): PickleValue {
  const cursor = new ByteCursor(bytes, 'checkpoint');
  cursor.take(LEGACY_MAGIC.length);
  const storages = new Storages();
  const next = (options = {}) => {
    const { value, end } = readPickle(bytes.subarray(cursor.position), options);
    cursor.take(end);
    return value;
  };
  if (next() !== 1001) throw damaged('its version is not 1001');
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true) throw damaged('it is not little-endian');
  const value = next({ globals: checkpointGlobals(), persistent: (id: PickleValue) => storages.refer(id) });
  const keys = next();
  if (!Array.isArray(keys)) throw damaged('the list of its storages is missing');
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined) throw damaged('it lists a storage that no tensor has');
    const count = cursor.u64();
    if (count !== storage.count)
      throw damaged(`storage "${storage.key.slice(0, 40)}" has another size than its tensors say`);
    storages.fill(storage, cursor.take(count * SAFETENSORS_TYPES[storage.type]));
  }
  return value;
}

/** The storages a pickle refers to, by key. */
class Storages {
  readonly #byKey = new Map<string, Storage>();

  /** ('storage', type, key, device, count), and a view in old files, which must be null. */
  refer(id: PickleValue): Storage {
    if (!Array.isArray(id) || id[0] !== 'storage') throw damaged('it refers to something that is no storage');
    const [, type, key, , count, view] = id;
    const element = type instanceof PickleGlobal ? STORAGES[type.name] : undefined;
    if (
      element === undefined ||
      typeof key !== 'string' ||
      typeof count !== 'number' ||
      !Number.isSafeInteger(count) ||
      count < 0
    ) {
      throw damaged('a storage has no type, key or size');
    }
    if (view !== undefined && view !== null) {
      throw new FormatProblem(
        'unsupported',
        'Storages that are views of others are not read.',
        'Save it with a newer PyTorch.',
      );
    }
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const storage = new Storage(key, element, count);
    this.#byKey.set(key, storage);
    return storage;
  }

  get(key: string): Storage | undefined {
    return this.#byKey.get(key);
  }

  all(): Iterable<Storage> {
    return this.#byKey.values();
  }

  fill(storage: Storage, bytes: Uint8Array | undefined): void {
    if (bytes === undefined || bytes.length !== storage.count * SAFETENSORS_TYPES[storage.type]) {
      throw new FormatProblem(
        'truncated',
        `The numbers of storage "${storage.key.slice(0, 40)}" are missing or cut off.`,
        'Copy or save the checkpoint again.',
      );
    }
    storage.bytes = bytes;
  }
}

function checkpointGlobals(): ReadonlyMap<string, PickleConstructor | 'name only'> {
  return new Map<string, PickleConstructor | 'name only'>([
    ...numpyGlobals(),
    ['collections.OrderedDict', orderedDict],
    ['torch._utils._rebuild_tensor_v2', rebuildTensor],
    ['torch._utils._rebuild_tensor', rebuildTensor],
    ['torch._utils._rebuild_parameter', (args) => first(args)],
    ['torch.Size', (args) => first(args)],
    ['torch.device', (args) => first(args)],
    ...Object.keys(STORAGES).map((name) => [name, 'name only'] as const),
  ]);
}

function orderedDict(args: readonly PickleValue[]): PickleValue {
  const entries = args[0] ?? [];
  if (!Array.isArray(entries)) throw damaged('an OrderedDict has the wrong parts');
  return new Map(
    entries.map((entry) => {
      if (!Array.isArray(entry)) throw damaged('an OrderedDict has the wrong parts');
      return [entry[0] ?? null, entry[1] ?? null] as const;
    }),
  );
}

function rebuildTensor(args: readonly PickleValue[]): Tensor {
  const [storage, offset, shape, strides] = args;
  const sizes = wholeNumbers(shape);
  const steps = wholeNumbers(strides);
  if (!(storage instanceof Storage) || typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) {
    throw damaged('a tensor has no storage');
  }
  if (
    sizes === undefined ||
    steps === undefined ||
    sizes.length !== steps.length ||
    !Number.isSafeInteger(elementCount(sizes))
  ) {
    throw damaged('a tensor has no shape');
  }
  return new Tensor(storage, offset, sizes, steps);
}

function wholeNumbers(value: PickleValue | undefined): number[] | undefined {
  if (!Array.isArray(value) || value.length > 16) return undefined;
  const numbers = value.filter((one) => typeof one === 'number' && Number.isSafeInteger(one) && one >= 0);
  return numbers.length === value.length ? numbers.map(Number) : undefined;
}

function first(args: readonly PickleValue[]): PickleValue {
  return args[0] ?? null;
}

/** Every dict is looked at once: dicts that hold each other would never end, and shared ones could multiply. */
function collect(value: PickleValue, path: string, into: Map<string, CheckpointTensor>, seen: Set<PickleValue>): void {
  if (value instanceof Tensor) into.set(path, value);
  else if (value instanceof Map && !seen.has(value)) {
    seen.add(value);
    if (path.length > LONGEST_PATH) throw damaged('its dicts lie too deep in each other');
    for (const [key, entry] of value) {
      if (typeof key === 'string') collect(entry, path === '' ? key : `${path}.${key}`, into, seen);
    }
  }
}

function damaged(what: string): FormatProblem {
  return new FormatProblem(
    'inconsistent',
    `The PyTorch checkpoint is damaged: ${what}.`,
    'Copy or save it again with torch.save.',
  );
}
