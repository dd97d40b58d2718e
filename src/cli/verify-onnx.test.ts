import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { writeOnnx } from '../formats/onnx-writer.ts';

const folder = mkdtempSync(join(tmpdir(), 'verify-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Mul and a convolution; `factor` multiplies the image. */
function model(name: string, factor: number): string {
  const path = join(folder, name);
  const values = Float32Array.from({ length: 8 * 3 * 9 }, (_, i) => Math.sin(i));
  const bytes = writeOnnx({
    opset: 17,
    producer: 'test',
    producerVersion: '1',
    graphName: 'g',
    nodes: [
      { name: 'n', operator: 'Mul', inputs: ['data', 'k'], output: 'n' },
      { name: 'c', operator: 'Conv', inputs: ['n', 'w'], output: 'a' },
      { name: 'f', operator: 'Flatten', inputs: ['a'], output: 'out' },
    ],
    tensors: new Map([
      ['w', { shape: [8, 3, 3, 3], values }],
      ['k', { shape: [1], values: Float32Array.of(factor) }],
    ]),
    input: { name: 'data', shape: ['N', 3, 16, 16] },
    output: { name: 'out', shape: ['N', 8 * 196] },
    metadata: {},
  });
  writeFileSync(path, bytes);
  return path;
}

function verify(...args: readonly string[]) {
  const script = fileURLToPath(new URL('verify.ts', import.meta.url));
  return spawnSync(process.execPath, ['--import', 'tsx', script, ...args], { encoding: 'utf8' });
}

it('an ONNX model of others is verified, and its input named', () => {
  const json = join(folder, 'report.json');
  const args = ['--data', 'synthetic:lfw', '--pairs', '20', '--json', json];
  const { status, stderr, stdout } = verify('--model', model('foreign.onnx', 1 / 128), ...args);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('foreign.onnx: 16 px, input 0 to 255 RGB, as its graph normalises');
  const report = JSON.parse(readFileSync(json, 'utf8'));
  expect(report).toMatchObject({ pairs: 20, model: { batch: 16, coding: { scaling: '0-255', colours: 'RGB' } } });
});

it('an output of a run is not to be chosen, and one that a model does not have is named', () => {
  const run = fileURLToPath(new URL('testing/run-v2.zip', import.meta.url));
  const asked = ['--data', 'synthetic:lfw', '--pairs', '20', '--output', 'second'];
  const ofRun = verify('--model', run, ...asked);
  expect([ofRun.status, ofRun.stderr.split('\n')[0]]).toEqual([
    1,
    '--output chooses an output of an ONNX model of others; a run has one embedding.',
  ]);
  const foreign = verify('--model', model('one.onnx', 1 / 128), ...asked);
  expect(foreign.status).toBe(1);
  expect(foreign.stderr).toContain('"second" is none of the outputs of the model; these are: out [1, 1568].');
});

it('flags that would be ignored are refused', () => {
  const { status, stderr } = verify('--embeddings', 'pairs.npz', '--data', 'lfw.bin', '--pairs', '20');
  expect([status, stderr.split('\n')[0]]).toEqual([1, '--data, --pairs do not go with --embeddings; leave them out.']);
});

it('embeddings that are NaN are no accuracy', () => {
  const broken = verify('--model', model('broken.onnx', Number.NaN), '--data', 'synthetic:lfw', '--pairs', '20');
  expect(broken.status).toBe(1);
  expect(broken.stderr).toMatch(/^The embedding of image 1( \(.*\))? is not finite: it holds NaN\./);
  expect(broken.stdout).not.toContain('accuracy');
});

it('every seed is verified on the same drawn pairs; --test-seed draws others', () => {
  // The seed of this run, and of its tests, is 3.
  const run = fileURLToPath(new URL('testing/run-v2.zip', import.meta.url));
  const report = (...seed: readonly string[]) => {
    const json = join(folder, 'seeds.json');
    const { status, stderr } = verify(
      '--model',
      run,
      '--data',
      'synthetic:lfw',
      '--pairs',
      '20',
      '--json',
      json,
      ...seed,
    );
    expect([status, stderr]).toEqual([0, '']);
    return JSON.parse(readFileSync(json, 'utf8'));
  };
  expect(report()).not.toEqual(report('--test-seed', '3'));
});
