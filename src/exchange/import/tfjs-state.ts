import { z } from 'zod';
import { readSavedConfig } from '../../config/read-config.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { Budget } from '../../formats/budget.ts';
import { readJson } from '../../formats/json.ts';
import { parseManifest, readTfjsWeights } from '../../formats/tfjs-weights.ts';
import { architectureOf } from '../../network/architecture.ts';
import type { NetworkState, StateTensor } from '../../network/network-state.ts';
import { forwardPlan } from '../export/forward-plan.ts';
import { layerName, transposed } from '../export/tfjs.ts';
import { ModelProblem } from '../model-problem.ts';

const savedSchema = z.object({
  weightsManifest: z.unknown(),
  userDefinedMetadata: z.object({
    config: z.record(z.string(), z.unknown()),
    arm: z.string().default(''),
    step: z.number().default(0),
  }),
});

/** Parts of a Keras batch norm and their names here. */
const NORM_PARTS = [
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['moving_mean', 'running_mean'],
  ['moving_variance', 'running_var'],
] as const;

/** A network in a TensorFlow.js model of ours. */
interface TfjsState {
  readonly config: RunConfig;
  readonly step: number;
  readonly arm: string;
  readonly state: NetworkState;
}

/**
 * The network of a TensorFlow.js layers model that export/tfjs.ts wrote; undefined where the bytes are no such
 * model.json. `shardOf` finds the files of weights that it names.
 * @throws ModelProblem, FormatProblem
 */
export function readTfjsState(
  bytes: Uint8Array,
  shardOf: (path: string) => Uint8Array | undefined,
  budget: Budget,
): TfjsState | undefined {
  const saved = savedSchema.safeParse(bytes[0] === 0x7b ? readJson(bytes, budget) : undefined);
  if (!saved.success) return undefined;
  const { weightsManifest, userDefinedMetadata: about } = saved.data;
  const manifest = parseManifest(weightsManifest);
  if (manifest === undefined) return undefined;
  const { config } = readSavedConfig(about.config);
  const tensors = new Map(readTfjsWeights(manifest, shardOf, budget).map((tensor) => [tensor.name, tensor]));
  const take = (value: string, part: string) => {
    const name = `${layerName(value)}/${part}`;
    const values = tensors.get(name)?.floats();
    if (values !== undefined) return { shape: tensors.get(name)?.shape ?? [], values };
    throw new ModelProblem('inconsistent', `The model has no "${name}".`, 'Save the network again from the page.');
  };
  return { config, step: about.step, arm: about.arm, state: stateOf(config, take) };
}

function stateOf(config: RunConfig, take: (value: string, part: string) => StateTensor): NetworkState {
  const state = new Map<string, StateTensor>();
  for (const step of forwardPlan(architectureOf(config, 2))) {
    switch (step.kind) {
      case 'conv':
        state.set(step.kernel, take(step.output, 'kernel'));
        break;
      case 'batch-norm':
        for (const [part, name] of NORM_PARTS) state.set(`${step.norm}.${name}`, take(step.output, part));
        break;
      case 'prelu': {
        const { values } = take(step.output, 'alpha');
        state.set(step.slope, { shape: [values.length], values });
        break;
      }
      case 'dense': {
        const { shape, values } = take(step.output, 'kernel');
        const [features = 0, units = 0] = shape;
        state.set(step.weight, { shape: [units, features], values: transposed(values, features, units) });
        break;
      }
      case 'add':
        break;
    }
  }
  return state;
}
