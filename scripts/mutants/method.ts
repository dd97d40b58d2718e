import { type Mutant, mutantsOf } from './mutant.ts';

const activity = mutantsOf('src/craft/activity.ts', 'src/craft/activity.test.ts');
const use = mutantsOf('src/craft/contribution.ts', 'src/craft/contribution.test.ts');
const draws = mutantsOf('src/craft/strategies.ts', 'src/craft/strategies.test.ts');
const bank = mutantsOf('src/craft/reactivation.ts', 'src/craft/reactivation.test.ts');
const resets = mutantsOf('src/craft/resets.ts', 'src/craft/resets.test.ts');
const checks = mutantsOf('src/craft/schedule.ts', 'src/craft/schedule.test.ts');
const novelty = mutantsOf('src/craft/novelty.ts', 'src/craft/novelty.test.ts');
const survival = mutantsOf('src/craft/survival.ts', 'src/craft/survival.test.ts');

/** Wrong versions of src/craft. */
export const METHOD_MUTANTS: readonly Mutant[] = [
  activity(
    'the median of the top quarter is their largest',
    'return median(values.toSorted().subarray(values.length - quarter));',
    'return Math.max(...values);',
  ),
  activity('the top quarter is the top half', 'Math.ceil(values.length / 4)', 'Math.ceil(values.length / 2)'),
  activity('the norm is of the largest weight alone', 'const norm = length(weights);', 'const norm = largest;'),
  activity(
    'folding forgets the variance',
    '/ Math.sqrt((batchNorm.movingVariance[f] ?? 0) + batchNorm.epsilon)',
    '/ 1',
  ),
  activity(
    'a filter at the threshold is inactive',
    'value < threshold || value === 0',
    'value <= threshold || value === 0',
  ),
  activity(
    'maxAbs is judged with batch norm folded in',
    "    case 'maxAbs':\n      return activity.maxAbs;",
    "    case 'maxAbs':\n      return activity.foldedMaxAbs;",
  ),
  use('a contribution without the scale', 'Math.abs(gamma[f] ?? 0) * Math.sqrt(square)', 'Math.sqrt(square)'),
  use(
    'a consumer counts, not all of them',
    'squares[f] = (squares[f] ?? 0) + weight * weight;',
    'squares[f] = weight * weight;',
  ),
  use('unused below 50 % of the strong', 'UNUSED_BELOW = 0.05', 'UNUSED_BELOW = 0.5'),
  draws(
    'gaussian without its mean',
    'return fill(strong, () => centre + deviation * normal());',
    'return fill(strong, () => deviation * normal());',
  ),
  draws(
    'a sample deviation instead of the population',
    'Math.sqrt(mean(values.map((value) => (value - centre) ** 2)))',
    'Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) * values.length / (values.length - 1))',
  ),
  draws(
    'blend without its mean',
    '(shares[j] ?? 0) * (weight - centre), centre)',
    '(shares[j] ?? 0) * (weight - centre), 0)',
  ),
  draws(
    'blend scaled for a sample covariance',
    'normal() / Math.sqrt(strong.length)',
    'normal() / Math.sqrt(strong.length - 1)',
  ),
  draws(
    'per-weight draws one number for all weights',
    '  return fill(strong, (i) => {\n    const [centre, deviation] = moments(strong.map((weights) => weights[i] ?? 0));\n    return centre + deviation * normal();',
    '  const z = normal();\n  return fill(strong, (i) => {\n    const [centre, deviation] = moments(strong.map((weights) => weights[i] ?? 0));\n    return centre + deviation * z;',
  ),
  draws(
    'orthogonal to the strong filters alone',
    '[[...context.active, ...context.drawn], context.active, context.strong]',
    '[context.strong]',
  ),
  draws('orthogonal that is not', 'return residual(direction, basis);', 'return direction;'),
  draws("random with Glorot's deviation", 'Math.sqrt(2 / n)', 'Math.sqrt(1 / n)'),
  bank(
    'the target norm is a mean',
    'const target = median(strongWeights.map(length));',
    'const target = mean(strongWeights.map(length));',
  ),
  bank('norms are not matched', 'matchesNorm(settings.strategy) ? scaled', 'false ? scaled'),
  bank('the strong set is the weakest', '(norms[b] ?? 0) - (norms[a] ?? 0)', '(norms[a] ?? 0) - (norms[b] ?? 0)'),
  bank('one strong filter is enough', 'if (active.length < 2) return [];', 'if (active.length < 1) return [];'),
  bank(
    'an active filter is re-drawn, too',
    'return inactive.map((filter) => {',
    'return [...inactive, ...active.slice(-1)].map((filter) => {',
  ),
  bank(
    'a draw below the criterion is left there',
    'if (value < judged.threshold && value > 0) rescale',
    'if (value > judged.threshold && value < 0) rescale',
  ),
  resets(
    'scale from all channels instead of the active',
    'const scale = mean(active.map((f) => Math.abs(gamma[f] ?? 0)));',
    'const scale = mean(Array.from(gamma, Math.abs));',
  ),
  resets(
    'variance from all channels instead of the active',
    'const variance = mean(active.map((f) => movingVariance[f] ?? 0));',
    'const variance = mean([...movingVariance]);',
  ),
  resets('scale from signed gammas', 'Math.abs(gamma[f] ?? 0)', '(gamma[f] ?? 0)'),
  resets('scale reset to one', 'reset(gamma, settings.resetScale, scale)', 'reset(gamma, settings.resetScale, 1)'),
  resets('shift kept', 'reset(beta, settings.resetShift, 0)', 'reset(beta, false, 0)'),
  resets('moving mean kept', 'reset(movingMean, settings.resetStatistics, 0)', 'reset(movingMean, false, 0)'),
  checks('checks after stopAt', 'step <= lastCheck(totalSteps, settings.stopAt)', 'true'),
  checks('a check after the last step', 'totalSteps - 1', 'totalSteps'),
  checks('twice as many checks', '(checkEvery * totalSteps) / 100', '(checkEvery * totalSteps) / 200'),
  novelty(
    'a filter turned over is new',
    'Math.max(most, Math.abs(dot(pattern, axis)))',
    'Math.max(most, dot(pattern, axis))',
  ),
  novelty('compared with dead filters, too', 'activeFilters(inactiveOther)', '[...inactiveOther.keys()]'),
  survival('survival counts the dead', '!deadAtNext.includes(f)', 'deadAtNext.includes(f)'),
];
