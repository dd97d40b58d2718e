import { centreOf, type NamedBatchNorm } from '../../craft/convolution.ts';
import type { KernelShape } from '../../craft/filter-bank.ts';
import type { Layout } from './model-tensors.ts';
import { ModuleOrder } from './module-order.ts';
import { isBatchNorm, isScale, type Module, parentOf, statisticsLength, VARIANCES } from './named-module.ts';

/** PyTorch's and Keras's default, about which a file without a graph says nothing. */
const EPSILON = { OIHW: 1e-5, HWIO: 1e-3 } as const;

const SCALES = ['weight', 'gamma', 'scale'];
const MEANS = ['running_mean', 'moving_mean', 'mean', '_mean'];
const SHIFTS = ['bias', 'beta', 'offset'];

const MOST_IMAGE_CHANNELS = 4;

/** Common names of a batch norm. */
const WORDS = ['bn', 'norm', 'batchnorm', 'batch_norm', 'batch_normalization', 'BatchNorm', 'BN'];

/** Batch norms and the number of layers of as many channels in a module. */
interface Fitting {
  readonly norms: Module[];
  layers: number;
}

/** Finds the batch norm behind a convolution in a file without a graph. */
export class BatchNormsByName {
  readonly #modules: readonly Module[];
  readonly #layout: Layout;
  readonly #named: ReadonlyMap<string, Module>;
  /** Where the file is in the model's own order. */
  readonly #order: ModuleOrder | undefined;
  /** How many of conv1, conv2, ... a parent has: counted once. */
  readonly #convolutions = new Map<string, number>();
  #fitting: ReadonlyMap<string, Fitting> | undefined;
  #partners: ReadonlySet<Module> | undefined;

  constructor(modules: readonly Module[], layout: Layout, sorted: boolean) {
    this.#modules = modules;
    this.#layout = layout;
    this.#named = new Map(modules.map((module) => [module.name, module]));
    this.#order = sorted ? undefined : new ModuleOrder(modules, layout);
  }

  /** Whether names give the order, since that of the file says nothing. */
  get byName(): boolean {
    return this.#order === undefined;
  }

  /** The batch norm behind the module at `index`, whose kernel has that shape, where there is one. */
  behind(index: number, [, , channels, filters]: KernelShape): NamedBatchNorm | undefined {
    const name = this.#modules[index]?.name ?? '';
    const named = this.#order ? this.#inOrder(index, channels, filters, this.#order) : this.#siblings(name, channels);
    const beside = this.#order || channels > MOST_IMAGE_CHANNELS ? [] : this.#besides(name, filters);
    for (const candidate of [...named, ...beside]) {
      if (isFurtherOn(name, candidate.name)) continue;
      const batchNorm = isScale(candidate) ? scaleOf(candidate) : statisticsOf(candidate, this.#layout);
      if (batchNorm?.gamma.length === filters) return batchNorm;
    }
    return undefined;
  }

  /** The length of the likeliest batch norm behind the module at `index`, for any number of filters. */
  lengthBehind(index: number, channels: number): number | undefined {
    const name = this.#modules[index]?.name ?? '';
    const [named] = this.#siblings(name, channels, this.#order !== undefined);
    const isNamed = named !== undefined && (this.#order?.isInRun(index, named) ?? true);
    const candidate = isNamed ? named : this.#order?.next(index);
    return candidate && statisticsLength(candidate);
  }

  /**
   * In the model's order: the next one, unless that begins another block, or names show another. Where the two disagree and
   * nothing proves either, none.
   */
  #inOrder(index: number, channels: number, filters: number, order: ModuleOrder): readonly Module[] {
    const next = order.next(index);
    if (next !== undefined && isScale(next)) return [next];
    const following = next !== undefined && order.beginsBlock(index, next) ? undefined : next;
    const fits = following !== undefined && statisticsLength(following) === filters;
    const named = this.#partner(index, channels, filters);
    if (named === undefined || named === following) return following === undefined ? [] : [following];
    const isInRun = order.isInRun(index, named);
    // One ahead of a convolution that takes as many channels, also in groups, is behind another layer perhaps.
    const [, made] = order.channelsOf(order.kernelBefore(named));
    const scalesInput = order.isAhead(named, index) && made === filters && filters % channels === 0;
    if (fits) {
      // Batch norms in a row behind convolutions in a row: the next one is of another.
      if (isInRun) return this.#partnersOf(order).has(following) ? [named] : [];
      return scalesInput ? [following] : [];
    }
    // Behind an activation it does not scale the convolution's own result.
    if (isInRun) return next === undefined ? [] : [named];
    return !scalesInput && this.#isFree(named, order) ? [named] : [];
  }

  /** The batch norm that has a convolution's name, as "bn2" has that of "conv2". */
  #partner(index: number, channels: number, filters: number): Module | undefined {
    const found = this.#siblings(this.#modules[index]?.name ?? '', channels, true);
    return found.find((module) => statisticsLength(module) === filters);
  }

  /** Whether a batch norm is not that of the layer before it, which has another one or makes other channels. */
  #isFree(norm: Module, order: ModuleOrder): boolean {
    const before = order.kernelBefore(norm);
    const [channels, filters] = order.channelsOf(before);
    if (before === undefined || filters !== statisticsLength(norm)) return true;
    const own = this.#partner(before, channels, filters);
    return own !== undefined && own !== norm && order.isInRun(before, own);
  }

  /** The batch norms that have the name of a layer: counted once. */
  #partnersOf(order: ModuleOrder): ReadonlySet<Module> {
    this.#partners ??= new Set(
      order.kernels.flatMap((kernel) => this.#partner(kernel, ...order.channelsOf(kernel)) ?? []),
    );
    return this.#partners;
  }

  /** By name, `strictly` where its own name shows it: "conv" belongs to "bn", "conv2" to "bn2", "0" to "1", "conv2d_3" to "batch_normalization_3". */
  #siblings(name: string, channels: number, strictly = false): readonly Module[] {
    const modules = this.#named;
    const cut = Math.max(name.lastIndexOf('.'), name.lastIndexOf('/')) + 1;
    const parent = name.slice(0, cut);
    const own = name.slice(cut);
    const counted = this.#countIn(parent, modules);
    const names = /^\d{1,9}$/.test(own)
      ? [String(Number(own) + 1)]
      : WORDS.flatMap((word) => {
          const renamed = own.replace(/conv(2d)?/i, word);
          // A block with one batch norm more than convolutions (bn1, conv1, bn2, conv2, bn3) starts with one, unless that is
          // too long for the channels of the first convolution.
          const start = modules.get(`${parent}${word}1`);
          const starts = start !== undefined && (own !== 'conv1' || statisticsLength(start) === channels);
          if (starts && modules.has(`${parent}${word}${counted + 1}`)) {
            return [renamed.replace(/(?<!\d)\d+$/, (digits) => String(Number(digits) + 1))];
          }
          const last = own.replace(/conv$/i, word);
          return [
            renamed,
            last,
            `${own}_${word}`,
            `${word}_${own}`,
            `${own}/${word}`,
            `${own}.${word}`,
            ...(strictly ? [] : [`${word}1`]),
          ];
        });
    // Keras 2 names the layer twice: "conv1/conv1" and "bn1/bn1".
    const doubled = parent.endsWith(`/${own}/`) || parent === `${own}/`;
    const around = doubled ? parent.slice(0, -own.length - 1) : parent;
    return names
      .map((candidate) => modules.get(doubled ? `${around}${candidate}/${candidate}` : parent + candidate))
      .filter((module) => module !== undefined)
      .filter(isBatchNorm);
  }

  /** Of a layer that takes an image the only batch norm beside it that fits, where it fits no other layer there. */
  #besides(name: string, filters: number): readonly Module[] {
    this.#fitting ??= this.#listed();
    const { norms = [], layers = 0 } = this.#fitting.get(`${filters} ${parentOf(name)}`) ?? {};
    return norms.length === 1 && layers === 1 ? norms : [];
  }

  /** All batch norms and the number of layers, by their channels and the module around them: counted once. */
  #listed(): ReadonlyMap<string, Fitting> {
    const found = new Map<string, Fitting>();
    for (const module of this.#modules) {
      const at = (channels: number | undefined) => {
        const key = `${channels} ${parentOf(module.name)}`;
        const known = found.get(key) ?? { norms: [], layers: 0 };
        found.set(key, known);
        return known;
      };
      if (isBatchNorm(module)) at(statisticsLength(module)).norms.push(module);
      const kernel = [...module.tensors.values()].find(({ shape }) => shape.length === 4);
      if (kernel !== undefined) at(kernel.shape[this.#layout === 'OIHW' ? 0 : 3]).layers++;
    }
    return found;
  }

  #countIn(parent: string, modules: ReadonlyMap<string, Module>): number {
    let count = this.#convolutions.get(parent);
    if (count === undefined) {
      count = 0;
      while (modules.has(`${parent}conv${count + 1}`)) count++;
      this.#convolutions.set(parent, count);
    }
    return count;
  }
}

/** Whether a layer without weights lies between two of one list, as "stem.1" between "stem.0" and "stem.2". */
function isFurtherOn(name: string, norm: string): boolean {
  const parent = parentOf(name);
  const [own, other] = [name.slice(parent.length), norm.slice(parent.length)];
  return parentOf(norm) === parent && /^\d+$/.test(own) && /^\d+$/.test(other) && Number(other) > Number(own) + 1;
}

function statisticsOf({ tensors }: Module, layout: Layout): NamedBatchNorm | undefined {
  const variance = VARIANCES.map((leaf) => tensors.get(leaf)).find((tensor) => tensor !== undefined);
  const movingVariance = variance?.floats();
  if (variance === undefined || movingVariance === undefined) return undefined;
  const scale = SCALES.map((leaf) => tensors.get(leaf)).find((tensor) => tensor !== undefined);
  // Without a scale of its own (affine=False) it is 1.
  const gamma = scale === undefined ? new Float32Array(movingVariance.length).fill(1) : scale.floats();
  // The file's own name for it: Flax keeps statistics elsewhere than scales.
  const name = (scale ?? variance).name.replace(/[./][^./]*$/, '');
  if (gamma?.length !== movingVariance.length) return undefined;
  const floats = (leaves: readonly string[]) =>
    leaves
      .map((leaf) => tensors.get(leaf))
      .find((tensor) => tensor !== undefined)
      ?.floats();
  const centre = centreOf(gamma.length, floats(SHIFTS), floats(MEANS));
  return { name, gamma, movingVariance, epsilon: EPSILON[layout], ...centre };
}

function scaleOf({ name, tensors }: Module): NamedBatchNorm | undefined {
  const gamma = tensors.get('weights')?.floats();
  return gamma && { name, gamma, movingVariance: new Float32Array(gamma.length).fill(1), epsilon: 0 };
}
