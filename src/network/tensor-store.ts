import { concat1d, keep, type Rank, reshape, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';

/** Numbers read back in one piece: 32 MiB. */
const READBACK_SIZE = 1 << 23;

/** Tensors by name, out of reach of `tidy`, disposed when replaced or with the store. */
export class TensorStore {
  readonly #tensors = new Map<string, Tensor>();

  /** Throws where nothing of this name was put. */
  get<T extends Tensor>(name: string): T {
    const held = this.#tensors.get(name);
    if (held === undefined) throw new Error(`The network holds no tensor "${name}".`);
    // The rank follows from the name: parameters.ts gives every shape.
    return held as T;
  }

  /** Takes the tensor over; the one before it is disposed, and may share its storage. */
  put(name: string, next: Tensor): void {
    const before = this.#tensors.get(name);
    this.#tensors.set(name, keep(next));
    before?.dispose();
  }

  /** Puts a tensor of these values. They are copied: tfjs's cpu backend would keep using the caller's array. */
  putValues(name: string, shape: readonly number[], values: Float32Array): void {
    this.put(name, tensor(new Float32Array(values), [...shape], 'float32'));
  }

  /**
   * Copies of the values of tensors, row-major, by name. They are read back packed together: a readback takes 3 ms in
   * Chromium and a tenth of a second in Firefox, however small.
   */
  async values(names: readonly string[]): Promise<ReadonlyMap<string, Float32Array<ArrayBuffer>>> {
    const values = new Map<string, Float32Array<ArrayBuffer>>();
    for (const group of this.#groups(names)) {
      const packed = tidy(() => concat1d(group.map((name) => reshape<Rank.R1>(this.get(name), [this.get(name).size]))));
      const numbers = await packed.data<'float32'>();
      packed.dispose();
      let offset = 0;
      for (const name of group) {
        const { size } = this.get(name);
        // A copy, as tfjs's cpu backend hands out its own memory.
        values.set(name, new Float32Array(numbers.subarray(offset, offset + size)));
        offset += size;
      }
    }
    return values;
  }

  /** Disposes all. */
  dispose(): void {
    for (const held of this.#tensors.values()) held.dispose();
    this.#tensors.clear();
  }

  /** Names in order, each group small enough to be one buffer. */
  #groups(names: readonly string[]): string[][] {
    const groups: string[][] = [];
    let room = 0;
    for (const name of names) {
      const { size } = this.get(name);
      const last = groups[groups.length - 1];
      if (last === undefined || size > room) {
        groups.push([name]);
        room = READBACK_SIZE - size;
      } else {
        last.push(name);
        room -= size;
      }
    }
    return groups;
  }
}
