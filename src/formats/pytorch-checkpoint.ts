import { Budget } from './budget.ts';
import { ByteCursor } from './byte-cursor.ts';
import { ELEMENT_BITS } from './element-types.ts';
import { latin1Text } from './latin1.ts';
import { readPickle } from './pickle.ts';
import { asText, PickleGlobal, type PickleValue } from './pickle-value.ts';
import { FormatProblem } from './problem.ts';
import { type CheckpointTensor, tensorsIn } from './tensor-walk.ts';
import { torchGlobals } from './torch-globals.ts';
import { frozenConvolutions } from './torch-programs.ts';
import { TORCH_TYPES, TorchStorage } from './torch-tensor.ts';
import { looksLikeZip, unzip } from './zip.ts';

/** The first pickle of torch.save before version 1.6: the number 0x1950a86a20f9469cfc6c, STOP. */
const LEGACY_MAGIC = Uint8Array.of(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e);
/** Bytes in front of it: PROTO with the protocol, since protocol 4 FRAME with eight bytes of length too. */
const LEGACY_STARTS = [2, 11];

/** The length of the first pickle where the bytes start as torch.save before version 1.6 wrote them. */
function legacyStart(bytes: Uint8Array): number | undefined {
  const start = LEGACY_STARTS.find((at) => LEGACY_MAGIC.every((byte, i) => bytes[at + i] === byte));
  return start === undefined || bytes[0] !== 0x80 ? undefined : start + LEGACY_MAGIC.length;
}

/**
 * Reads the tensors of a file that PyTorch, Paddle or numpy wrote with pickle, by their paths
 * ("state_dict.conv1.weight"): a zip archive (PyTorch since 1.6, TorchScript), the older row of pickles, or one pickle
 * of numpy arrays. State dicts, whole modules and any objects around them are read alike; nothing in the file is run.
 * @throws FormatProblem
 */
export function readPyTorchCheckpoint(
  bytes: Uint8Array,
  budget = new Budget(bytes.length),
): ReadonlyMap<string, CheckpointTensor> {
  if (looksLikeZip(bytes)) return readArchive(bytes, budget);
  const start = legacyStart(bytes);
  if (start !== undefined) return tensorsIn(readLegacy(bytes, start, budget), budget);
  return tensorsIn(readPickle(bytes, { globals: torchGlobals(), budget }).value, budget);
}

function readArchive(bytes: Uint8Array, budget: Budget): ReadonlyMap<string, CheckpointTensor> {
  const files = unzip(
    bytes,
    'PyTorch',
    (name) => /(^|\/)((data|constants)(\.pkl|\/[^/]+)|byteorder|code\/.+\.py)$/.test(name),
    budget,
  );
  const pickle = [...files.keys()].find((name) => /(^|\/)data\.pkl$/.test(name));
  if (pickle === undefined) throw damaged('the archive holds no data.pkl');
  const folder = pickle.slice(0, -'data.pkl'.length);
  const order = files.get(`${folder}byteorder`);
  if (order !== undefined && new TextDecoder().decode(order).trim() === 'big') {
    throw new FormatProblem('unsupported', 'Big-endian checkpoints are not read.', 'Save it on another machine.');
  }
  const tensors = readPart(files, `${folder}data`, budget);
  if (tensors.size > 0 || !files.has(`${folder}constants.pkl`)) return tensors;
  // A frozen TorchScript program has its weights among the constants, and says in its code how they are used.
  const code = [...files].flatMap(([name, bytes]) => (name.endsWith('.py') ? latin1Text(bytes) : []));
  const classes = frozenConvolutions(code.join('\n'));
  const constants = readPart(files, `${folder}constants`, budget);
  return new Map(Array.from(constants, ([name, tensor]) => [name, { ...tensor, owner: classes.get(name) }]));
}

/** A pickle of an archive, with the storages in the folder of its name. */
function readPart(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  budget: Budget,
): ReadonlyMap<string, CheckpointTensor> {
  const storages = new Storages();
  const persistent = (id: PickleValue) => storages.refer(id);
  const { value } = readPickle(files.get(`${name}.pkl`) ?? new Uint8Array(0), {
    globals: torchGlobals(),
    persistent,
    budget,
  });
  for (const storage of storages.all()) storages.fill(storage, files.get(`${name}/${storage.key}`));
  return tensorsIn(value, budget);
}

/** Behind the magic number: version, sizes of types, the value, the storages' keys; then each storage with its count in front. */
function readLegacy(bytes: Uint8Array, start: number, budget: Budget): PickleValue {
  const cursor = new ByteCursor(bytes, 'checkpoint');
  cursor.take(start);
  const storages = new Storages();
  const next = (options = {}) => {
    const { value, end } = readPickle(bytes.subarray(cursor.position), { budget, ...options });
    cursor.take(end);
    return value;
  };
  if (next() !== 1001) throw damaged('its version is not 1001');
  const system = next();
  if (!(system instanceof Map) || system.get('little_endian') !== true) throw damaged('it is not little-endian');
  const value = next({ globals: torchGlobals(), persistent: (id: PickleValue) => storages.refer(id) });
  const keys = next();
  if (!Array.isArray(keys)) throw damaged('the list of its storages is missing');
  for (const key of keys) {
    const storage = storages.get(asText(key) ?? '');
    if (storage === undefined) throw damaged('it lists a storage that no tensor has');
    const count = cursor.u64();
    if (count !== storage.count)
      throw damaged(`storage "${storage.key.slice(0, 40)}" has another size than its tensors say`);
    if (storage.type === undefined) throw damaged(`storage "${storage.key.slice(0, 40)}" is of an unknown type`);
    storages.fill(storage, cursor.take((count * ELEMENT_BITS[storage.type]) / 8));
  }
  return value;
}

/** The storages a pickle refers to, by key. */
class Storages {
  readonly #byKey = new Map<string, TorchStorage>();

  /**
   * ('storage', type, key, device, count), in old files with a view (key, offset, count) behind it; or ('module',
   * class, file, source), which represents the class.
   */
  refer(id: PickleValue): PickleValue {
    const [kind, type, named, , count, view] = Array.isArray(id) ? id : [];
    if (asText(kind) === 'module' && type !== undefined) return type;
    if (asText(kind) !== 'storage') throw damaged('it refers to something that is no storage');
    const key = asText(named);
    if (
      !(type instanceof PickleGlobal) ||
      key === undefined ||
      typeof count !== 'number' ||
      !Number.isSafeInteger(count) ||
      count < 0
    ) {
      throw damaged('a storage has no type, key or size');
    }
    const known = this.#byKey.get(key);
    const storage = known ?? new TorchStorage(key, TORCH_TYPES[type.name], count);
    this.#byKey.set(key, storage);
    if (!Array.isArray(view)) return storage;
    const [, offset, size] = view;
    if (typeof offset !== 'number' || typeof size !== 'number') throw damaged('a part of a storage has no place');
    return new TorchStorage(key, storage.type, size, storage, offset);
  }

  get(key: string): TorchStorage | undefined {
    return this.#byKey.get(key);
  }

  all(): Iterable<TorchStorage> {
    return this.#byKey.values();
  }

  fill(storage: TorchStorage, bytes: Uint8Array | undefined): void {
    const { key, type, count } = storage;
    if (bytes === undefined || (type !== undefined && bytes.length !== (count * ELEMENT_BITS[type]) / 8)) {
      throw new FormatProblem(
        'truncated',
        `The numbers of storage "${key.slice(0, 40)}" are missing or cut off.`,
        'Copy or save the checkpoint again.',
      );
    }
    storage.bytes = bytes;
  }
}

function damaged(fault: string): FormatProblem {
  return new FormatProblem(
    'inconsistent',
    `The PyTorch checkpoint is damaged: ${fault}.`,
    'Copy or save it again with torch.save.',
  );
}
