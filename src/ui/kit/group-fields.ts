import type { FieldGroup } from '../../config/field.ts';
import { CONFIG_KEYS, type ConfigKey, fieldOf, type RunConfig } from '../../config/run-config.ts';

/** Shares of 1 that are slid in per cent, which is easier than to type. */
export const SLID: ReadonlySet<ConfigKey> = new Set(['strongShare', 'heldOutShare', 'photoCovered']);

/** Settings that have a place of their own on the rail. */
const PLACED: ReadonlySet<ConfigKey> = new Set(['faces', 'arms', 'craft']);

/** The resets of a re-activation besides the weights; shown apart, since only studies touch it. */
export const RESETS = ['resetOptimizer', 'resetScale', 'resetShift', 'resetStatistics'] as const satisfies ConfigKey[];

/** Whether a setting means anything next to the others. */
function applies(key: ConfigKey, config: RunConfig): boolean {
  const relative = config.criterion === 'relativeNorm' || config.criterion === 'foldedRelativeNorm';
  switch (key) {
    case 'identities':
    case 'facesSeed':
    case 'imagesPerIdentity':
    case 'photoYaw':
    case 'photoLight':
    case 'photoYears':
    case 'photoCovered':
    case 'photoBlur':
    case 'faceVersion':
      return config.faces === 'synthetic';
    case 'maxIdentities':
    case 'maxImagesPerIdentity':
      return config.faces === 'own';
    case 'margin':
      return config.head !== 'softmax';
    case 'arcfaceGradient':
      return config.head === 'arcface';
    case 'dropsAt':
    case 'dropFactor':
      return config.schedule === 'step';
    case 'laterWeightDecay':
    case 'laterDecayFrom':
      return config.weightDecaySchedule === 'change';
    case 'epsilon':
      return !relative;
    case 'rho':
      return relative;
    default:
      return true;
  }
}

/** The settings of a group that the rail shows, in the order of the schema. */
export function shownFields(group: FieldGroup, config: RunConfig): readonly ConfigKey[] {
  const apart: readonly ConfigKey[] = RESETS;
  return CONFIG_KEYS.filter(
    (key) => fieldOf(key).group === group && !PLACED.has(key) && !apart.includes(key) && applies(key, config),
  );
}
