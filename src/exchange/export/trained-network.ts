import type { RunConfig } from '../../config/run-config.ts';
import { type Architecture, architectureOf } from '../../network/architecture.ts';
import type { NetworkState } from '../../network/network-state.ts';
import { CENTRES_NAME, parametersOf, sizeOf } from '../../network/parameters.ts';

/** A network to be written: the trained state of one arm of a run. */
export interface TrainedNetwork {
  readonly config: RunConfig;
  readonly state: NetworkState;
  /** Steps finished. */
  readonly step: number;
  /** The arm's name: "standard", "craft". */
  readonly arm: string;
}

/** A network that cannot be written: its state is not the one of its config, or the format does not know its recipe. */
export class ExportError extends Error {
  override readonly name = 'ExportError';

  constructor(
    message: string,
    readonly hint = 'Take config and weights from the same run.',
  ) {
    super(message);
  }
}

/** The architecture of a trained network; every tensor of it is known to be there. @throws ExportError */
export function architectureOfNetwork({ config, state }: TrainedNetwork): Architecture {
  const classes = state.get(CENTRES_NAME)?.shape[0];
  if (classes === undefined) throw new ExportError(`The network has no "${CENTRES_NAME}".`);
  const architecture = architectureOf(config, classes);
  for (const { name, shape } of parametersOf(architecture)) {
    const found = state.get(name);
    if (found === undefined) throw new ExportError(`The network has no "${name}".`);
    if (found.shape.join() !== shape.join() || found.values.length !== sizeOf(shape)) {
      throw new ExportError(`"${name}" is [${found.shape}], but the run's settings ask for [${shape}].`);
    }
  }
  return architecture;
}

/** The numbers of a tensor that `architectureOfNetwork` has found to be there. */
export function valuesOf({ state }: Pick<TrainedNetwork, 'state'>, name: string): Float32Array<ArrayBuffer> {
  const tensor = state.get(name);
  if (tensor === undefined) throw new ExportError(`The network has no "${name}".`);
  return tensor.values;
}

/** The pre-processing of an image, for those who run the network elsewhere. */
export function preprocessingOf(config: RunConfig) {
  return {
    colours: 'RGB',
    size: config.imageSize,
    region: config.region,
    template: 'ArcFace 112 x 112, five points',
    formula: '(value / 255 - 0.5) / 0.5',
    mean: 127.5,
    scale: 1 / 127.5,
  };
}
