import { keep, type Tensor, tensor } from '@tensorflow/tfjs-core';

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

  /** Puts a tensor of these values. They are copied: tfjs's cpu backend would go on using the caller's array. */
  putValues(name: string, shape: readonly number[], values: Float32Array): void {
    this.put(name, tensor(new Float32Array(values), [...shape], 'float32'));
  }

  /** A copy of the values of a tensor, row-major. */
  async values(name: string): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await this.get(name).data<'float32'>());
  }

  /** Disposes all. */
  dispose(): void {
    for (const held of this.#tensors.values()) held.dispose();
    this.#tensors.clear();
  }
}
