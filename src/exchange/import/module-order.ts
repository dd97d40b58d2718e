import type { Layout } from './model-tensors.ts';
import { isActivation, isBatchNorm, isScale, type Module, parentOf } from './named-module.ts';

/** A block of a list. */
const IN_LIST = /(^|[./])\d+[./]$/;

/** The layers of a file in the model's own order: which of them follow each other. */
export class ModuleOrder {
  readonly #modules: readonly Module[];
  readonly #layout: Layout;
  readonly #places: ReadonlyMap<Module, number>;
  /** Layers with weights, by number. */
  readonly kernels: readonly number[];
  /** How many of them come before each layer. */
  readonly #counts: readonly number[];

  constructor(modules: readonly Module[], layout: Layout) {
    this.#modules = modules;
    this.#layout = layout;
    this.#places = new Map(modules.map((module, index) => [module, index]));
    const kernels: number[] = [];
    this.#counts = modules.map(({ tensors }, index) => {
      const before = kernels.length;
      if ([...tensors.values()].some(({ shape }) => shape.length > 1)) kernels.push(index);
      return before;
    });
    this.kernels = kernels;
  }

  /** The next module with statistics before the next kernel. */
  next(index: number): Module | undefined {
    for (let next = index + 1; next < this.#modules.length; next++) {
      const module = this.#modules[next];
      if (module === undefined || isBatchNorm(module) || isScale(module)) return module;
      for (const { shape } of module.tensors.values()) if (shape.length > 1) return undefined;
      if (isActivation(module) && !module.name.startsWith(`${this.#modules[index]?.name}.`)) return undefined;
    }
    return undefined;
  }

  /** Whether a batch norm comes behind a layer with no kernel between them. */
  isInRun(index: number, norm: Module): boolean {
    const place = this.#places.get(norm) ?? -1;
    return place > index && this.#counts[place] === this.#counts[index + 1];
  }

  isAhead(norm: Module, index: number): boolean {
    return (this.#places.get(norm) ?? index) < index;
  }

  kernelBefore(norm: Module): number | undefined {
    return this.kernels[(this.#counts[this.#places.get(norm) ?? 0] ?? 0) - 1];
  }

  /**
   * Whether a batch norm comes ahead of the convolutions of a block, and behind a layer outside: it scales the block's input, to
   * which a shortcut leads past it. Parts of one block, each a batch norm and its convolution, have none.
   */
  beginsBlock(index: number, norm: Module): boolean {
    const block = parentOf(norm.name);
    const outside = this.#modules[index]?.name ?? '';
    if (block === '' || outside.startsWith(block)) return false;
    const kernel = this.#counts[this.#places.get(norm) ?? 0] ?? 0;
    const nameOf = (one: number) => this.#modules[this.kernels[one] ?? -1]?.name ?? '';
    const part = parentOf(outside);
    const arePartsOfOne = part !== '' && around(part) === around(block) && !IN_LIST.test(block);
    if (arePartsOfOne && !nameOf(kernel + 1).startsWith(block)) return false;
    const name = nameOf(kernel);
    return parentOf(name) === block || (name.startsWith(block) && IN_LIST.test(block));
  }

  /** The channels that a layer takes and makes. */
  channelsOf(index: number | undefined): readonly [number, number] {
    const shapes = [...(this.#modules[index ?? -1]?.tensors.values() ?? [])].map(({ shape }) => shape);
    const shape = shapes.find(({ length }) => length > 1) ?? [];
    const [takes, makes] = this.#layout === 'OIHW' ? [shape[1], shape[0]] : [shape.at(-2), shape.at(-1)];
    return [takes ?? 0, makes ?? 0];
  }
}

/** The module around another one, "a." around "a.b.". */
function around(module: string): string {
  return parentOf(module.slice(0, -1));
}
