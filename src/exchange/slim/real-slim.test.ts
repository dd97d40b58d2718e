import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonWith } from '../../formats/testing/python.ts';
import { SlimmableModel } from './slim-onnx.ts';

const folder = process.env.REAL_MODELS_DIR ?? '';
const why = folder === '' ? ' (skipped: REAL_MODELS_DIR is not set)' : '';
const python = pythonWith('onnx', 'onnxruntime');

/** Largest difference of embeddings in Python's onnxruntime, after onnx.checker took both models. */
const SCRIPT = `
import sys, struct, numpy, onnx, onnxruntime
data = sys.stdin.buffer.read()
sessions = []
while data:
    n, = struct.unpack('<I', data[:4])
    model, data = data[4:4 + n], data[4 + n:]
    onnx.checker.check_model(onnx.load_from_string(model), full_check=True)
    sessions.append(onnxruntime.InferenceSession(model))
for seed in range(4):
    x = numpy.random.default_rng(seed).uniform(-1, 1, (1, 3, 112, 112)).astype('float32')
    out = [s.run(None, {s.get_inputs()[0].name: x})[0] for s in sessions]
    assert out[0].shape == (1, 512) and abs(out[0]).max() > 0.1
    assert max(abs(o - out[0]).max() for o in out) < 1e-5
`;

describe.skipIf(folder === '')(`fr_feature.onnx${why}`, () => {
  const bytes = folder === '' ? new Uint8Array(0) : readFileSync(join(folder, 'faceplugin', 'fr_feature.onnx'));

  it('loses its 31 dead filters with their depthwise channels, and 1,122 channels in all layers', () => {
    const model = new SlimmableModel(bytes);
    const { report: first } = model.slim('first');
    expect(first).toMatchObject({ channels: 31, filters: 31, depthwise: 31, belowFloat32: 0, kept: [] });
    const share = (one: number | undefined, other: number | undefined) =>
      Number((100 * ((one ?? 0) / (other ?? 0) - 1)).toFixed(1));
    const { before, after } = first;
    expect([share(after.parameters, before.parameters), share(after.multiplyAdds, before.multiplyAdds)]).toEqual([
      -0.4, -7.2,
    ]);
    const { report: all } = model.slim('all');
    expect(all).toMatchObject({ channels: 1122, filters: 1122, depthwise: 1122, belowFloat32: 8, kept: [] });
    expect(share(all.after.parameters, before.parameters)).toBe(-24);
    expect(share(all.after.multiplyAdds, before.multiplyAdds)).toBe(-31.1);
  });

  it.skipIf(python.command === undefined)(
    `gives the same embeddings in Python${python.skipped}`,
    () => {
      const model = new SlimmableModel(bytes);
      const models = [bytes, model.slim('first').bytes, model.slim('all').bytes];
      const parts = models.flatMap((one) => [new Uint8Array(Uint32Array.of(one.length).buffer), one]);
      expect(() => python.run(['-c', SCRIPT], { input: Buffer.concat(parts) })).not.toThrow();
    },
    120_000,
  );
});
