import type { Budget } from './budget.ts';
import { NumpyArray, numpyGlobals } from './numpy-pickle.ts';
import { type PickleConstructor, PickleGlobal, PickleObject, type PickleValue } from './pickle-value.ts';
import { elementCount } from './shape.ts';
import { type Quantisation, TORCH_TYPES, TorchStorage, TorchTensor, UnreadTensor } from './torch-tensor.ts';

/**
 * The functions that PyTorch's pickles call to make tensors (torch/_utils.py, torch/_tensor.py, torch/jit/_pickle.py), and
 * numpy's. Any other call makes an object that is not understood.
 */
export function torchGlobals(): ReadonlyMap<string, PickleConstructor> {
  const globals = new Map<string, PickleConstructor>([
    ...numpyGlobals(),
    ['torch._utils._rebuild_tensor', ([storage, ...rest]) => tensor(storage, rest)],
    ['torch._utils._rebuild_tensor_v2', ([storage, ...rest]) => tensor(storage, rest)],
    ['torch._utils._rebuild_tensor_v3', ([storage, ...rest]) => tensor(storage, rest, rest[5])],
    ['torch._utils._rebuild_qtensor', ([storage, ...rest]) => quantisedTensor(storage, rest)],
    // (layout, (indices, values, shape, ...)), and for rows or columns one list more.
    ...['sparse', 'sparse_csr'].map((kind): [string, PickleConstructor] => [
      `torch._utils._rebuild_${kind}_tensor`,
      ([, parts]) =>
        unread('sparse', Array.isArray(parts) ? parts.map(wholeNumbers).find((part) => part !== undefined) : undefined),
    ]),
    ['torch._utils._rebuild_meta_tensor_no_storage', ([, size]) => unread('without numbers', wholeNumbers(size))],
    ['torch._utils._rebuild_parameter', first],
    ['torch._utils._rebuild_parameter_with_state', first],
    // Tensors that came from another device as numpy arrays.
    ['torch._utils._rebuild_device_tensor_from_numpy', first],
    ['torch._utils._rebuild_xla_tensor', first],
    ['torch.nn.parameter.Parameter', first],
    ['torch.nn.parameter.Buffer', first],
    ['torch.jit._pickle.restore_type_tag', first],
    ['torch.jit._pickle.build_intlist', first],
    ['torch.jit._pickle.build_boollist', first],
    ['torch.jit._pickle.build_doublelist', first],
    ['torch.jit._pickle.build_tensorlist', first],
    ['torch.Size', first],
    // Paddle writes a tensor as tuple((name, array)).
    ['builtins.tuple', first],
    ['__builtin__.tuple', first],
  ]);
  // A tensor with attributes, or of a subclass: (function, class, its arguments, state).
  const again: PickleConstructor = ([callable, , args], budget) =>
    callable instanceof PickleGlobal && Array.isArray(args) ? globals.get(callable.name)?.(args, budget) : undefined;
  globals.set('torch._tensor._rebuild_from_type_v2', again);
  globals.set('torch._tensor._rebuild_from_type', ([callable, , args], budget: Budget) =>
    again([callable ?? null, null, args ?? null], budget),
  );
  return globals;
}

/** (storage, offset, size, stride, ...), all in elements; `type` is the tensor's own where its storage is bytes. */
function tensor(
  storage: PickleValue | undefined,
  [offset, size, stride]: readonly PickleValue[],
  type?: PickleValue,
  quantisation?: () => Quantisation | undefined,
): TorchTensor | undefined {
  const shape = wholeNumbers(size);
  const strides = wholeNumbers(stride);
  if (!(storage instanceof TorchStorage) || typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) {
    return undefined;
  }
  if (shape === undefined || strides?.length !== shape.length || !Number.isSafeInteger(elementCount(shape))) {
    return undefined;
  }
  const window = { offset, shape, strides };
  if (type === undefined) return new TorchTensor(storage, window, storage.type, quantisation);
  return new TorchTensor(storage, window, type instanceof PickleGlobal ? TORCH_TYPES[type.name] : undefined);
}

/** (storage, offset, size, stride, (scheme, scale, zero point) or (scheme, scales, zero points, axis), ...). */
function quantisedTensor(storage: PickleValue | undefined, rest: readonly PickleValue[]): TorchTensor | undefined {
  const [scheme, scale, zeroPoint, axis] = Array.isArray(rest[3]) ? rest[3] : [];
  return tensor(storage, rest, undefined, () => {
    if (!(scheme instanceof PickleGlobal)) return undefined;
    if (typeof scale === 'number' && typeof zeroPoint === 'number') {
      return { scales: [scale], zeroPoints: [zeroPoint], axis: undefined };
    }
    const scales = scale instanceof TorchTensor ? scale.floats() : undefined;
    const zeroPoints = zeroPoint instanceof TorchTensor ? (zeroPoint.integers() ?? zeroPoint.floats()) : undefined;
    // Of schemes with zero points that are no whole numbers, (stored * scale + zero point), none is read.
    if (scales === undefined || zeroPoints === undefined || typeof axis !== 'number') return undefined;
    return scheme.name === 'torch.per_channel_affine' ? { scales, zeroPoints, axis } : undefined;
  });
}

function unread(kind: string, shape: readonly number[] | undefined): UnreadTensor | undefined {
  return shape && new UnreadTensor(kind, shape);
}

/** The value itself, of a wrapper around one. */
function first([value]: readonly PickleValue[]): PickleValue | undefined {
  return value instanceof PickleObject || value instanceof NumpyArray || Array.isArray(value) ? value : undefined;
}

function wholeNumbers(value: PickleValue | undefined): number[] | undefined {
  if (!Array.isArray(value) || value.length > 64) return undefined;
  const numbers = value.filter((one) => typeof one === 'number' && Number.isSafeInteger(one) && one >= 0);
  return numbers.length === value.length ? numbers.map(Number) : undefined;
}
