import { expect, it } from 'vitest';
import type { NamedTensor } from './model-tensors.ts';
import { withWholeWeights } from './reparametrised.ts';

function tensor(name: string, shape: readonly number[], values: readonly number[]): NamedTensor {
  return { name, shape, type: 'F32', floats: () => Float32Array.from(values) };
}

it('makes weights of parts that are made of parts: a pruned weight norm', () => {
  // Two filters of two weights; of the first, 3 is pruned away from (3, 4), and of the second, (0, 2) is kept.
  const whole = withWholeWeights([
    tensor('conv.bias', [2], [0, 0]),
    tensor('conv.weight_g', [2, 1, 1, 1], [10, 0.5]),
    tensor('conv.weight_v_orig', [2, 2, 1, 1], [3, 4, 0, 2]),
    tensor('conv.weight_v_mask', [2, 2, 1, 1], [0, 1, 1, 1]),
  ]);
  expect(whole.map(({ name, shape }) => [name, shape])).toEqual([
    ['conv.bias', [2]],
    ['conv.weight', [2, 2, 1, 1]],
  ]);
  expect([...(whole[1]?.floats() ?? [])]).toEqual([0, 10, 0, 0.5]);
});

it('gives a weight whose parts are not known their largest shape, and no numbers', () => {
  // torch.nn.utils.parametrizations: spectral_norm of weight_norm.
  const [weight, ...rest] = withWholeWeights([
    tensor('conv.parametrizations.weight.original0', [2, 1, 1, 1], [1, 1]),
    tensor('conv.parametrizations.weight.original1', [2, 3, 1, 1], [1, 1, 1, 1, 1, 1]),
    tensor('conv.parametrizations.weight.1._u', [2], [1, 1]),
    tensor('conv.parametrizations.weight.1._v', [3], [1, 1, 1]),
  ]);
  expect(rest).toEqual([]);
  expect(weight).toMatchObject({
    name: 'conv.weight',
    shape: [2, 3, 1, 1],
    type: 'computed from 1._u, 1._v, original0, original1',
  });
  expect(weight?.floats()).toBeUndefined();
});
