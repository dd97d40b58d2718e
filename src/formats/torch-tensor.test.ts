import { expect, it } from 'vitest';
import { TorchStorage, TorchTensor } from './torch-tensor.ts';

/** torch.tensor([1, 2, 3]).expand(rows, 3) */
function expanded(rows: number): TorchTensor {
  const storage = new TorchStorage('0', 'F32', 3);
  storage.bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer);
  return new TorchTensor(storage, { shape: [rows, 3], strides: [0, 1], offset: 0 });
}

it('reads a tensor that repeats its storage, up to a limit', () => {
  expect([...(expanded(2).floats() ?? [])]).toEqual([1, 2, 3, 1, 2, 3]);
  expect(() => expanded(2 ** 21).floats()).toThrow(
    'A tensor of the PyTorch checkpoint repeats 3 stored numbers to 6,291,456.',
  );
});
