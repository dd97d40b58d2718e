// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are source code of other files.
import { type Mutant, mutantsOf } from './mutant.ts';

const arm = mutantsOf('src/training/trained-arm.ts', 'src/training/trained-arm.test.ts');
const session = mutantsOf('src/training/trained-arm.ts', 'src/training/session.test.ts');
const rates = mutantsOf('src/config/rates.ts', 'src/config/rates.test.ts');
const first = mutantsOf('src/network/parameters.ts', 'src/network/architecture.test.ts');
const network = mutantsOf('src/network/face-network.ts', 'src/network/pytorch-parity.test.ts');
const forward = mutantsOf('src/network/forward.ts', 'src/network/pytorch-parity.test.ts');
const norm = mutantsOf('src/kernels/composed/batch-norm.ts', 'src/network/pytorch-parity.test.ts');
const margin = mutantsOf('src/kernels/composed/margin-loss.ts', 'src/kernels/margin-loss.test.ts');
const optimiser = mutantsOf('src/kernels/composed/update.ts', 'src/kernels/sgd.test.ts');
const embed = mutantsOf('src/training/embed-faces.ts', 'src/training/embed-faces.test.ts');

/** Wrong versions of the network, its recipe and an arm's use of them. */
export const TRAINING_MUTANTS: readonly Mutant[] = [
  arm('kernel momentum not reset', 'kernel: slot(momentum.kernel)', 'kernel: momentum.kernel'),
  arm('momentum of the scale not reset', 'gamma: slot(momentum.gamma)', 'gamma: momentum.gamma'),
  arm('momentum of the shift not reset', 'beta: slot(momentum.beta)', 'beta: momentum.beta'),
  arm('batch norm not reset', '...reset,\n', '...layer,\n'),
  arm(
    'batch norm means over all channels',
    'resetBatchNorm(layer, found.filters, found.active, config)',
    'resetBatchNorm(layer, found.filters, [...gamma.keys()], config)',
  ),
  arm(
    'the same draws at every check',
    "stream(config.seed, 'reactivation', step)",
    "stream(config.seed, 'reactivation')",
  ),
  arm('the same draws for every seed', "stream(config.seed, 'reactivation', step)", "stream(0, 'reactivation', step)"),
  session("the next step's learning rate", 'learningRateAt(step, config)', 'learningRateAt(step + 1, config)'),
  rates('linear instead of cosine', '(learningRate * (1 + Math.cos(Math.PI * done))) / 2', 'learningRate * (1 - done)'),
  rates(
    'a cosine that ends at 2 % of the peak',
    '(learningRate * (1 + Math.cos(Math.PI * done))) / 2',
    'learningRate * (0.02 + (0.98 * (1 + Math.cos(Math.PI * done))) / 2)',
  ),
  rates(
    'a cosine 2 % off',
    '(learningRate * (1 + Math.cos(Math.PI * done))) / 2',
    '(1.02 * learningRate * (1 + Math.cos(Math.PI * done))) / 2',
  ),
  rates('a polynomial of power two', 'return learningRate * (1 - done);', 'return learningRate * (1 - done) ** 2;'),
  rates('drops forget the warm-up', '(share / 100) * steps)', '(share / 100) * (steps - warmupSteps) + warmupSteps)'),
  rates('the later weight decay from the start', 'step >= (laterDecayFrom / 100) * steps', 'step >= 0'),
  rates('warm-up from zero', '(learningRate * (step + 1)) / warmupSteps', '(learningRate * step) / warmupSteps'),
  first('first weights N(0, 0.05)', "{ kind: 'normal', deviation: 0.1 }", "{ kind: 'normal', deviation: 0.05 }"),
  first('class centres N(0, 0.1)', "{ kind: 'normal', deviation: 0.01 }", "{ kind: 'normal', deviation: 0.1 }"),
  first(
    "the embedding's scale is trained",
    "batchNorm(EMBEDDING_NORM, embeddingSize, 'frozen')",
    'batchNorm(EMBEDDING_NORM, embeddingSize)',
  ),
  first(
    'PReLU of plain blocks begins at 0',
    '    ...batchNorm(`${name}.bn`, outputs),\n    constant(`${name}.prelu.weight`, outputs, 0.25),',
    '    ...batchNorm(`${name}.bn`, outputs),\n    constant(`${name}.prelu.weight`, outputs, 0),',
  ),
  first(
    'PReLU of residual blocks begins at 0',
    '    ...batchNorm(`${name}.bn2`, outputs),\n    constant(`${name}.prelu.weight`, outputs, 0.25),',
    '    ...batchNorm(`${name}.bn2`, outputs),\n    constant(`${name}.prelu.weight`, outputs, 0),',
  ),
  first(
    "the dense layer begins with twice PyTorch's bound",
    'bound: 1 / Math.sqrt(features)',
    'bound: 2 / Math.sqrt(features)',
  ),
  network('batch-norm rate 0.01', 'STATISTICS_RATE = 0.1', 'STATISTICS_RATE = 0.01'),
  network('biased moving variance', 'factor: count > 1 ? count / (count - 1) : 1', 'factor: 1'),
  network('the clip includes the head', 'clipped: backbone', 'clipped: true'),
  forward(
    'residual blocks without their input',
    'return normalise(outer, `${name}.bn3`, { residual });',
    'return normalise(outer, `${name}.bn3`);',
  ),
  forward(
    'no batch norm behind the embedding',
    'return normalise(dense(drop(x), tensors.get<Tensor2D>(EMBEDDING_NAME)), EMBEDDING_NORM);',
    'return dense(drop(x), tensors.get<Tensor2D>(EMBEDDING_NAME));',
  ),
  norm(
    'batch norm divides by the sample variance',
    'const variance = meanOf<Tensor2D>(square(sub(x, mean)), 0, true);',
    'const variance = mul<Tensor2D>(meanOf<Tensor2D>(square(sub(x, mean)), 0, true), (x.shape[0] ?? 1) / Math.max(1, (x.shape[0] ?? 1) - 1));',
  ),
  margin(
    'literal ArcFace slope with the wrong sign',
    'Math.sin(margin)), Math.cos(margin)) };',
    '-Math.sin(margin)), Math.cos(margin)) };',
  ),
  margin(
    'ArcFace margin subtracted',
    'sub(mul(cosine, Math.cos(margin)), mul(sine, Math.sin(margin)))',
    'add(mul(cosine, Math.cos(margin)), mul(sine, Math.sin(margin)))',
  ),
  margin('CosFace margin added', 'shifted: sub(cosine, margin)', 'shifted: add(cosine, margin)'),
  margin(
    "InsightFace's gradient is the literal one",
    "if (textOf(call, 'gradient') === 'insightface') return { shifted };",
    '',
  ),
  margin('the margin is on every class', 'add(cosine, mul(own, sub(shifted, cosine)))', 'shifted'),
  margin('the loss is a sum over the batch', 'return [mean(losses), mean(right)', 'return [sum(losses), mean(right)'),
  optimiser('weight decay is left out', 'add(scaled, mul(weight, weightDecay))', 'scaled'),
  optimiser(
    'weight decay before the clip',
    'const scaled = clips && factor ? mul(gradient, factor) : gradient;',
    'const decayed = add(gradient, mul(weight, weightDecay));\n      const scaled = sub(clips && factor ? mul(decayed, factor) : decayed, mul(weight, weightDecay));',
  ),
  optimiser(
    'momentum damped as in Adam',
    'add(mul(tensorOf(call, `v${index}`), momentum), add(scaled',
    'add(mul(tensorOf(call, `v${index}`), momentum), add(mul(scaled, 1 - momentum)',
  ),
  optimiser(
    'moving statistics by the old share',
    'mul(sub(mul(tensorOf(call, `b${index}`), factor), moving), rate)',
    'mul(sub(mul(tensorOf(call, `b${index}`), factor), moving), 1 - rate)',
  ),
  embed('no mirror image', 'at % 3 === 0 ? mirrored : 0', 'at % 3 === 0 ? 0 * mirrored : 0'),
];
