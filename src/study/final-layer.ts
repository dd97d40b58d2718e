import type { Budget } from '../formats/budget.ts';
import type { NpyArray } from '../formats/npy.ts';
import { readNpz, writeNpz } from '../formats/npz.ts';
import type { ArmRecord } from '../record/arm-record.ts';
import type { FinalLayer } from './statistics/seed-novelty.ts';

/** The first layer of a run's arm as last read; undefined where none was. */
export function finalLayerOf(arm: ArmRecord | undefined): FinalLayer | undefined {
  // Kernels are read less often than norms: the flags are those of the kernel's own step.
  const read = arm?.layerAt()?.kernelStep ?? -1;
  const view = read < 0 ? undefined : arm?.layerAt(read);
  if (arm === undefined || view?.kernel === undefined) return undefined;
  const unused = view.use?.unused;
  return {
    kernel: view.kernel.slice(),
    shape: arm.kernelShape,
    inactive: Uint8Array.from(view.inactive),
    reactivated: Int32Array.from({ length: arm.filters }, (_, filter) => arm.reactivationsOf(filter).times),
    ...(unused === undefined ? {} : { unused: Uint8Array.from(unused) }),
  };
}

/** first-layer.npz: kernel [k, k, channels, filters], and of each filter its state at the end. */
export function finalLayerFile({ kernel, shape, inactive, unused, reactivated }: FinalLayer): Uint8Array<ArrayBuffer> {
  const filters = shape[3];
  const flags = (values: ArrayLike<number> | undefined): NpyArray => ({
    type: 'uint8',
    shape: [filters],
    data: Uint8Array.from({ length: filters }, (_, filter) => values?.[filter] ?? 0),
  });
  return writeNpz({
    kernel: { type: 'float32', shape: [...shape], data: Float32Array.from(kernel) },
    inactive: flags(inactive),
    ...(unused === undefined ? {} : { unused: flags(unused) }),
    reactivations: { type: 'int32', shape: [filters], data: Int32Array.from(reactivated) },
  });
}

/** The layer that `finalLayerFile` or study.py wrote; undefined where arrays are missing. @throws FormatProblem */
export function readFinalLayer(bytes: Uint8Array, budget?: Budget): FinalLayer | undefined {
  const { arrays } = readNpz(bytes, budget);
  const of = (name: string) => arrays.get(name);
  const [kernel, inactive, unused, reactivations] = [of('kernel'), of('inactive'), of('unused'), of('reactivations')];
  const [rows = 0, columns = 0, channels = 0, filters = 0] = kernel?.shape ?? [];
  if (kernel?.type !== 'float32' || inactive?.type !== 'uint8' || reactivations?.type !== 'int32') return undefined;
  return {
    kernel: kernel.data,
    shape: [rows, columns, channels, filters],
    inactive: inactive.data,
    reactivated: reactivations.data,
    ...(unused?.type === 'uint8' ? { unused: unused.data } : {}),
  };
}
