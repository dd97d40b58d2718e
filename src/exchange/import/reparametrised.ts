import { elementCount } from '../../formats/shape.ts';
import type { NamedTensor } from './model-tensors.ts';

/*
 * Weights that a PyTorch module keeps in parts and computes before each use. Older versions name the parts
 * weight_orig, weight_mask, weight_g, ..., newer ones parametrizations.weight.original, ...0._u.
 */

/** Parts of weights by their names after the weight's own. */
type Parts = ReadonlyMap<string, NamedTensor>;
type Combine = (parts: Parts) => Float32Array<ArrayBuffer> | undefined;

/** Parts of parts that are followed. */
const MOST_ROUNDS = 4;

/** By the parts there are, in alphabetical order: which of them has the weight's shape, and how the weight is made. */
const RULES: Readonly<Record<string, { readonly shape: string; readonly combine: Combine }>> = {
  'mask orig': { shape: 'orig', combine: masked },
  'g v': { shape: 'v', combine: normalised },
  'original0 original1': { shape: 'original1', combine: normalised },
  'orig u v': { shape: 'orig', combine: bySpectralNorm },
  '0._u 0._v original': { shape: 'original', combine: bySpectralNorm },
  // Eight-bit numbers and their unit, for the tensor or for each filter.
  'scale stored': { shape: 'stored', combine: scaled },
};

/**
 * Weights in place of their parts: pruned (torch.nn.utils.prune), weight norm, spectral norm, and eight-bit floating
 * point with a scale; also parts that are made of parts, as of a pruned weight_v. A weight whose parts make no weight by
 * a known rule keeps its place without numbers.
 */
export function withWholeWeights(tensors: readonly NamedTensor[]): readonly NamedTensor[] {
  let whole = tensors;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = withoutParts(whole);
    // Parts make one tensor of two or more; a lone part keeps its place.
    if (next.length === whole.length) return next;
    whole = next;
  }
  return whole;
}

function withoutParts(tensors: readonly NamedTensor[]): readonly NamedTensor[] {
  const groups = new Map<string, Map<string, NamedTensor>>();
  const places = new Map<NamedTensor, string>();
  const names = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const inner = innerWeights(tensors);
  for (const tensor of tensors) {
    const [weight, part] = partOf(tensor, names, inner) ?? [];
    if (weight === undefined || part === undefined) continue;
    const group = groups.get(weight) ?? new Map<string, NamedTensor>();
    groups.set(weight, group);
    group.set(part, tensor);
    places.set(tensor, weight);
  }
  for (const [weight, group] of groups) {
    // "v" alone is a tensor's own name.
    const whole = group.has('orig') || isParametrised(group) || isAdapted(group) || group.has('gain');
    if (RULES[signatureOf(group)] === undefined && !whole) groups.delete(weight);
  }
  const done = new Set<string>();
  return tensors.flatMap((tensor) => {
    const weight = places.get(tensor) ?? tensor.name;
    const group = groups.get(weight);
    if (group === undefined) return [tensor];
    // Also the copy of the weight that a module keeps beside its parts.
    if (done.has(weight)) return [];
    done.add(weight);
    return [wholeOf(weight, group, names.get(weight))];
  });
}

/** `copy` is a tensor of the weight's own name. */
function wholeOf(name: string, parts: Parts, copy: NamedTensor | undefined): NamedTensor {
  const rule = RULES[signatureOf(parts)];
  const main = ['orig', 'original', 'base_layer'].flatMap((part) => parts.get(part) ?? []);
  const shaped = (rule && parts.get(rule.shape)) ?? main[0] ?? copy ?? largestOf(parts);
  const shape = shaped?.shape ?? [];
  if (rule === undefined) {
    const kind = `computed from ${[...parts.keys()].sort().join(', ')}`;
    return { name, shape, type: kind, owner: shaped?.owner, floats: () => undefined };
  }
  return { name, shape, type: shaped?.type ?? '', owner: shaped?.owner, floats: () => rule.combine(parts) };
}

/** Parts beside the one of the weight's shape have a place for each filter or column. */
function largestOf(parts: Parts): NamedTensor | undefined {
  return [...parts.values()].sort((one, other) => elementCount(other.shape) - elementCount(one.shape))[0];
}

function signatureOf(parts: Parts): string {
  return [...parts.keys()].sort().join(' ');
}

function isParametrised(parts: Parts): boolean {
  return parts.has('original') || parts.has('original0');
}

/** LoRA and its relatives: a frozen weight and the parts that are added to it, or these alone. */
function isAdapted(parts: Parts): boolean {
  return [...parts.keys()].some((part) => ADAPTER.test(part));
}

/** Parts as peft, loralib and kohya's trainer name them. */
const ADAPTER = /^(lora|hada|lokr|b?oft|vera|ia3)_/;
const ADAPTED = /\.(base_layer|(?:lora|hada|lokr|b?oft|vera|ia3)_\w{1,40})(?=\.|$)/;

/** Kernels by the module around theirs: loralib keeps the adapted one of "conv1" in "conv1.conv.weight". */
function innerWeights(tensors: readonly NamedTensor[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, shape } of tensors) {
    if (shape.length < 3 || !name.endsWith('.weight') || ADAPTED.test(name)) continue;
    const module = name.slice(0, -'.weight'.length);
    const cut = module.lastIndexOf('.');
    if (cut > 0) found.set(module.slice(0, cut), name);
  }
  return found;
}

/** The weight that a tensor is a part of, and which; undefined where its name is no part's. */
function partOf(
  { name, type }: NamedTensor,
  names: ReadonlyMap<string, NamedTensor>,
  inner: ReadonlyMap<string, string>,
): [string, string] | undefined {
  const newer = /^(.*\.)?parametrizations\.(\w+)\.(original[01]?|\d+\..+)$/s.exec(name);
  if (newer !== null) return [`${newer[1] ?? ''}${newer[2]}`, newer[3] ?? ''];
  const older = /^(.+)_(orig|mask|g|v|u)$/.exec(name);
  if (older !== null) return [older[1] ?? '', older[2] ?? ''];
  const adapted = ADAPTED.exec(name);
  if (adapted !== null && !name.endsWith('.bias')) {
    const module = name.slice(0, adapted.index);
    const own = `${module}.weight`;
    return [names.has(own) ? own : (inner.get(module) ?? own), adapted[1] ?? ''];
  }
  // Weight standardisation with a gain, as NFNets have it: each filter is normalised before it is used.
  const gained = /^(.*)\.(gain|weight)$/s.exec(name);
  if (gained !== null && isGained(`${gained[1]}`, names)) return [`${gained[1]}.weight`, gained[2] ?? ''];
  const stored = scaledBy(name);
  if (stored !== undefined && names.get(stored)?.type.startsWith('F8')) return [stored, 'scale'];
  return type.startsWith('F8') ? [name, 'stored'] : undefined;
}

function isGained(module: string, names: ReadonlyMap<string, NamedTensor>): boolean {
  const [weight, gain] = [names.get(`${module}.weight`)?.shape, names.get(`${module}.gain`)?.shape];
  return weight?.length === 4 && gain?.join() === `${weight[0]},1,1,1`;
}

/**
 * The tensor whose unit a tensor is, by its name: a.weight_scale, a.weight_scale_inv and a.scale_weight are a.weight's.
 */
function scaledBy(name: string): string | undefined {
  let start = name.length;
  // A search for the last word takes the square of a name's length, and a file may hold one of megabytes.
  while (start > 0 && WORD.test(name.charAt(start - 1))) start--;
  const module = name.slice(0, start);
  const word = name.slice(start);
  const behind = /.(_scale(?:_inv)?)$/.exec(word.slice(-SCALE_ENDING))?.[1];
  if (behind !== undefined && !word.startsWith('scale_')) return module + word.slice(0, -behind.length);
  const at = word.indexOf('scale_');
  return at < 0 ? undefined : module + word.slice(0, at) + word.slice(at + 'scale_'.length);
}

const WORD = /\w/;
/** Letters that the longest ending has, with the one before it. */
const SCALE_ENDING = 1 + '_scale_inv'.length;

function masked(parts: Parts): Float32Array<ArrayBuffer> | undefined {
  const values = parts.get('orig')?.floats();
  const mask = parts.get('mask')?.floats();
  return values?.length === mask?.length ? values?.map((value, i) => value * (mask?.[i] ?? 0)) : undefined;
}

/** g * v / |v|, the norm over all axes on which g has one place (torch.nn.utils.weight_norm). */
function normalised(parts: Parts): Float32Array<ArrayBuffer> | undefined {
  const size = parts.get('g') ?? parts.get('original0');
  const direction = parts.get('v') ?? parts.get('original1');
  const sizes = size?.floats();
  const values = direction?.floats();
  if (size === undefined || direction === undefined || sizes === undefined || values === undefined) return undefined;
  const kept = size.shape.flatMap((length, axis) => (length > 1 ? [axis] : []));
  const [axis] = kept;
  const places = axis === undefined ? 1 : (direction.shape[axis] ?? 0);
  if (kept.length > 1 || sizes.length !== places) return undefined;
  const inner = axis === undefined ? values.length : elementCount(direction.shape.slice(axis + 1));
  const placeOf = (i: number) => Math.floor(i / inner) % places;
  const squares = new Float64Array(places);
  values.forEach((value, i) => {
    squares[placeOf(i)] = (squares[placeOf(i)] ?? 0) + value * value;
  });
  return values.map((value, i) => ((sizes[placeOf(i)] ?? 0) * value) / Math.sqrt(squares[placeOf(i)] ?? 0));
}

/** W / (u W v), W as a matrix of the filters' rows (torch.nn.utils.spectral_norm). */
function bySpectralNorm(parts: Parts): Float32Array<ArrayBuffer> | undefined {
  const values = (parts.get('orig') ?? parts.get('original'))?.floats();
  const u = (parts.get('u') ?? parts.get('0._u'))?.floats();
  const v = (parts.get('v') ?? parts.get('0._v'))?.floats();
  if (values === undefined || u === undefined || v === undefined || u.length * v.length !== values.length) {
    return undefined;
  }
  let sigma = 0;
  values.forEach((value, i) => {
    sigma += (u[Math.floor(i / v.length)] ?? 0) * value * (v[i % v.length] ?? 0);
  });
  return values.map((value) => value / sigma);
}

function scaled(parts: Parts): Float32Array<ArrayBuffer> | undefined {
  const stored = parts.get('stored');
  const values = stored?.floats();
  const scales = parts.get('scale')?.floats();
  const filters = stored?.shape[0] ?? 0;
  if (values === undefined || scales === undefined || (scales.length !== 1 && scales.length !== filters)) {
    return undefined;
  }
  const inner = values.length / scales.length;
  return values.map((value, i) => value * (scales[Math.floor(i / inner)] ?? 0));
}
