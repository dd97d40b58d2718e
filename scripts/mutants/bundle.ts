import { type Mutant, mutantsOf } from './mutant.ts';

const craftPy = mutantsOf('src/exchange/pytorch/bundle/craft.py', 'src/exchange/pytorch/tests/test_craft.py');
const trainPy = mutantsOf('src/exchange/pytorch/bundle/train.py', 'src/exchange/pytorch/tests/test_train.py');
const modelPy = mutantsOf('src/exchange/pytorch/bundle/model.py', 'src/exchange/pytorch/tests/test_train.py');

/** Wrong versions of the PyTorch bundle. */
export const BUNDLE_MUTANTS: readonly Mutant[] = [
  craftPy('blend without its mean', 'return centre + (normal(len(strong))', 'return (normal(len(strong))'),
  craftPy('a sample deviation', 'strong.std(dim=0, unbiased=False)', 'strong.std(dim=0)'),
  craftPy('a sample deviation of all weights', 'strong.std(unbiased=False)', 'strong.std()'),
  craftPy('the optimiser is not reset', 'slot[chosen] = 0', 'pass'),
  craftPy('batch norm is not reset', 'self._reset_batch_norm(parts, found["filters"], found["active"])', 'pass'),
  craftPy(
    'batch norm means over all channels',
    'gamma[filters] = gamma[active].abs().mean()',
    'gamma[filters] = gamma.abs().mean()',
  ),
  craftPy('"orthogonal" that is not', 'return _residual(direction, basis)', 'return direction'),
  craftPy(
    'a target norm that is a mean',
    'target = _median(filters[strong].norm(dim=1))',
    'target = filters[strong].norm(dim=1).mean()',
  ),
  craftPy(
    'an unknown strategy is random',
    '    if strategy == "random":\n        return',
    '    if True:\n        return',
  ),
  craftPy('the same draws at every check', '(self.seed * 1_000_003 + step) % 2**63', '(self.seed * 1_000_003) % 2**63'),
  craftPy('checks after stopAt', 'and step % every == 0 and step <= last', 'and step % every == 0'),
  craftPy(
    'a contribution without the scale',
    'return gamma.double().cpu().abs() * squares.sqrt()',
    'return squares.sqrt()',
  ),
  trainPy('linear instead of cosine', 'return peak * (1 + math.cos(math.pi * done)) / 2', 'return peak * (1 - done)'),
  trainPy(
    'the clip includes the head',
    'nn.utils.clip_grad_norm_(network.parameters(), config["clipNorm"])',
    'nn.utils.clip_grad_norm_([p for g in optimiser.param_groups for p in g["params"]], config["clipNorm"])',
  ),
  trainPy('batch norm decays regardless of the setting', 'set() if config["decayBatchNorm"] else norms', 'set()'),
  trainPy(
    'the weight decay never changes',
    'return config["laterWeightDecay"] if later else config["weightDecay"]',
    'return config["weightDecay"]',
  ),
  modelPy('no dropout', 'self.dropout(x).flatten(1)', 'x.flatten(1)'),
  trainPy(
    'no weight decay',
    'group["weight_decay"] = weight_decay_at(step, config) if group["decayed"] else 0',
    'pass',
  ),
  modelPy("InsightFace's gradient is the literal one", 'self.gradient == "insightface"', 'self.gradient == "never"'),
  modelPy('CosFace margin added', 'target = target - self.margin', 'target = target + self.margin'),
  modelPy("the embedding's scale is trained", 'self.bn.weight.requires_grad_(False)', 'pass'),
];
