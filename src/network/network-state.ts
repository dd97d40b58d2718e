import { ProblemError } from '../config/problem.ts';
import { type ParameterSpec, sizeOf } from './parameters.ts';
import type { TensorStore } from './tensor-store.ts';

/** Numbers of a tensor, row-major. */
export interface StateTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/**
 * Everything a network needs to resume exactly: each tensor of parameters.ts by its name, and the
 * optimiser's slot of each trained one as "<name>.momentum_buffer". Convolutions are [k, k, in, out].
 */
export type NetworkState = ReadonlyMap<string, StateTensor>;

/** The name a parameter's momentum has in a NetworkState: torch.optim.SGD's. */
export function momentumName(parameter: string): string {
  return `${parameter}.momentum_buffer`;
}

/** A state that does not fit the network it is to be put into. */
export class NetworkStateError extends ProblemError<'state-mismatch'> {
  override readonly name = 'NetworkStateError';

  constructor(message: string) {
    const hint = 'Load it into a run with the settings it was saved with: image size, first layer, body and people.';
    super('state-mismatch', message, hint);
  }
}

/** Name and shape of every tensor of a state, parameters first. */
export function stateShapes(parameters: readonly ParameterSpec[]): ReadonlyMap<string, readonly number[]> {
  return new Map([
    ...parameters.map(({ name, shape }) => [name, shape] as const),
    ...parameters
      .filter(({ role }) => role === 'trained')
      .map(({ name, shape }) => [momentumName(name), shape] as const),
  ]);
}

/** Copies everything out of a network's tensors. */
export async function readState(tensors: TensorStore, parameters: readonly ParameterSpec[]): Promise<NetworkState> {
  const shapes = stateShapes(parameters);
  const values = await tensors.values([...shapes.keys()]);
  return new Map([...values].map(([name, array]) => [name, { shape: shapes.get(name) ?? [], values: array }]));
}

/** Copies a state into a network's tensors. Throws NetworkStateError, and changes nothing, where names or shapes differ. */
export function writeState(tensors: TensorStore, parameters: readonly ParameterSpec[], state: NetworkState): void {
  const fitting: [string, StateTensor][] = [];
  for (const [name, shape] of stateShapes(parameters)) {
    const saved = state.get(name);
    if (saved === undefined) throw new NetworkStateError(`The saved network has no "${name}".`);
    if (saved.shape.join() !== shape.join() || saved.values.length !== sizeOf(shape)) {
      throw new NetworkStateError(`"${name}" is [${saved.shape}] in the saved network and [${shape}] in this one.`);
    }
    fitting.push([name, saved]);
  }
  for (const [name, { shape, values }] of fitting) tensors.putValues(name, shape, values);
}
