import { type Mutant, mutantsOf } from './mutant.ts';

const folds = mutantsOf('src/verification/folds.ts', 'src/verification/folds.test.ts');
const roc = mutantsOf('src/verification/roc.ts', 'src/verification/roc.test.ts');
const bootstrap = mutantsOf('src/verification/bootstrap.ts', 'src/verification/bootstrap.test.ts');
const foldTest = mutantsOf('src/verification/fold-test.ts', 'src/verification/fold-test.test.ts');
const flip = mutantsOf('src/verification/embeddings.ts', 'src/verification/embeddings.test.ts');

/** Wrong versions of the verification protocol. */
export const SCORING_MUTANTS: readonly Mutant[] = [
  folds(
    'the threshold comes from the fold itself, too',
    'return (all[t] ?? 0) - (fold?.[t] ?? 0);',
    'return (all[t] ?? 0) + 0 * (fold?.[t] ?? 0);',
  ),
  folds(
    'the highest of equal thresholds',
    '> elsewhere(all, right[fold], best)',
    '>= elsewhere(all, right[fold], best)',
  ),
  folds(
    'a sample deviation over the folds',
    'return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));',
    'return Math.sqrt((mean(values.map((value) => (value - centre) ** 2)) * values.length) / (values.length - 1));',
  ),
  roc(
    'the threshold at a FAR is not interpolated',
    'last * step + ((far - low) / (high - low)) * ((last + 1) * step - last * step)',
    'last * step',
  ),
  roc(
    'the threshold at a FAR comes from all folds',
    '((allAccepts[t] ?? 0) - (accepts[fold]?.[t] ?? 0)) / trainDifferent',
    '(allAccepts[t] ?? 0) / allDifferent',
  ),
  roc(
    'of equally near rates the lowest',
    '< Math.abs((falseAcceptRates[best] ?? 0) - far)) best = i;',
    '<= Math.abs((falseAcceptRates[best] ?? 0) - far)) best = i;',
  ),
  roc('the area by rectangles', '+ (roc.trueAcceptRates[i - 1] ?? 0))) / 2;', '+ (roc.trueAcceptRates[i] ?? 0))) / 2;'),
  bootstrap(
    'twice as many pairs are drawn',
    'for (let draw = 0; draw < gain.length; draw++)',
    'for (let draw = 0; draw < 2 * gain.length; draw++)',
  ),
  bootstrap('each pair exactly once', 'gain[Math.floor(uniform() * gain.length)]', 'gain[draw]'),
  bootstrap('each person exactly once', 'const person = Math.floor(uniform() * people.count);', 'const person = draw;'),
  bootstrap('a pair of one person counts squared', '(left === right ? 1 : (drawn[right] ?? 0))', '(drawn[right] ?? 0)'),
  bootstrap('a 90 % interval', '[at(0.025), at(0.975)]', '[at(0.05), at(0.95)]'),
  foldTest(
    'the t-test with ten degrees of freedom',
    'const freedom = gains.length - 1;',
    'const freedom = gains.length;',
  ),
  foldTest('a one-sided chance', '2 * tCdf(', '1 * tCdf('),
  flip(
    'the flip test without the mirror image',
    '(original[i] ?? 0) + (flipped[i] ?? 0)',
    '(original[i] ?? 0) + 0 * (flipped[i] ?? 0)',
  ),
];
