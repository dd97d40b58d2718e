import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { CRAFT, STANDARD } from '../config/arm.ts';
import { writeRunArchive } from '../exchange/run-archive.ts';
import { drawnModel } from '../exchange/slim/testing/drawn-models.ts';
import { sampleOnnx } from '../exchange/testing/model-samples.ts';
import { smallConfig, trainedNetwork } from '../exchange/testing/trained.ts';
import { imageBytes } from '../faces/import/testing/dropped-files.ts';
import { readOnnx } from '../formats/onnx.ts';
import { writeSafetensors } from '../formats/safetensors.ts';

const folder = mkdtempSync(join(tmpdir(), 'inspect-'));
afterAll(() => rmSync(folder, { recursive: true }));

function run(command: 'inspect' | 'export', ...args: readonly string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', scriptOf(command), ...args], { encoding: 'utf8' });
}

const scriptOf = (command: 'inspect' | 'export') => fileURLToPath(new URL(`${command}.ts`, import.meta.url));

it('exports an arm of a run, and inspects the export, read to the end or not', async () => {
  const config = smallConfig();
  const { state } = trainedNetwork(config);
  const kernel = state.get('stem.conv.weight')?.values ?? expect.fail('no kernel');
  for (let i = 3; i < kernel.length; i += 8) kernel[i] = 0;
  const archive = join(folder, 'run.zip');
  writeFileSync(
    archive,
    writeRunArchive({
      config,
      step: 7,
      version: '0.1.0',
      engine: { backend: 'cpu', adapter: '' },
      arms: [
        { ...STANDARD, state: trainedNetwork(config).state },
        { ...CRAFT, state },
      ],
    }),
  );
  const model = join(folder, 'out/craft.onnx');
  const without = run('export', archive, '--format', 'onnx', '--out', model);
  expect([without.status, without.stderr]).toEqual([1, expect.stringContaining('Choose an arm with --arm')]);
  const exported = run('export', archive, '--arm', 'craft', '--format', 'onnx', '--batch-norm', 'kept', '--out', model);
  expect([exported.status, exported.stderr]).toEqual([0, '']);

  const json = join(folder, 'report.json');
  const page = join(folder, 'report.svg');
  const inspected = run('inspect', model, '--json', json, '--report', page);
  expect([inspected.status, inspected.stderr]).toEqual([0, '']);
  expect(inspected.stdout).toContain('1 of 8 first-layer filters is exactly zero.');
  expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
    format: 'onnx',
    layer: { index: 0, name: 'stem.conv', shape: [3, 3, 3, 8], batchNorm: 'stem.bn', exactlyZero: [3] },
  });

  expect(JSON.parse(readFileSync(json, 'utf8')).audit).toMatchObject({
    image: { height: config.imageSize, assumed: false },
  });
  expect(inspected.stdout).toContain('0 stem.conv');
  expect(readFileSync(page, 'utf8')).toContain('<title>craft.onnx: ');
  const over = run('inspect', model, '--fail-over', '12%');
  expect([over.status, over.stderr.trim()]).toEqual([
    2,
    'Failed: 1 of 8 filters of stem.conv (12.5 %) are inactive; the limit is 12 %.',
  ]);
  // Two layers that could be the first: no share of one of them is below a limit.
  const doubtful = join(folder, 'doubtful.safetensors');
  const layer = (filters: number) => ({ shape: [filters, 3, 3, 3], data: new Float32Array(27 * filters).fill(1) });
  writeFileSync(
    doubtful,
    writeSafetensors(
      new Map([
        ['eyes.weight', layer(8)],
        ['mouth.weight', layer(16)],
      ]),
    ),
  );
  const open = run('inspect', doubtful, '--fail-over', '100%');
  expect([open.status, open.stderr]).toEqual([2, expect.stringContaining('--layer names the one to judge')]);
  expect(run('inspect', model, '--fail-over', '30').stderr).toContain('takes a share of the filters such as 30%');
  // As `| head` does once it has its lines.
  const unread = spawn(process.execPath, ['--import', 'tsx', scriptOf('inspect'), model]);
  unread.stdout.destroy();
  let said = '';
  unread.stderr.on('data', (bytes: Buffer) => {
    said += bytes;
  });
  expect(await once(unread, 'close')).toEqual([0, null]);
  expect(said).toBe('');
});

it('writes a smaller model with the same answers, or says why not', () => {
  const model = join(folder, 'drawn.onnx');
  writeFileSync(model, drawnModel(3, 9));
  const out = join(folder, 'slim.onnx');
  const json = join(folder, 'slim.json');
  const slim = run('inspect', model, '--slim', out, '--slim-layers', 'all', '--json', json);
  expect([slim.status, slim.stderr]).toEqual([0, '']);
  const { slim: found, layer } = JSON.parse(readFileSync(json, 'utf8'));
  expect(found.after.bytes).toBe(readFileSync(out).length);
  expect(found.comparison.random.largest).toBeLessThan(1e-5);
  expect(layer.raw.states).toHaveLength(8);
  // Nothing is left to remove in the smaller one.
  const again = run('inspect', out, '--slim', join(folder, 'again.onnx'), '--slim-layers', 'all');
  expect([again.status, existsSync(join(folder, 'again.onnx'))]).toEqual([1, false]);
  expect(again.stderr).toContain('No channel could be proved removable without changing answers.');
});

it("makes an arm of a run smaller, and compares it on images of one's own", async () => {
  const config = smallConfig({ kernelSize: '5' });
  const { state } = trainedNetwork(config);
  // Filter 3 and the shift of its batch norm are zero: its response is the same to every image.
  const kernel = state.get('stem.conv.weight')?.values ?? expect.fail('no kernel');
  for (let i = 3; i < kernel.length; i += 8) kernel[i] = 0;
  for (const name of ['weight', 'bias', 'running_mean']) state.get(`stem.bn.${name}`)?.values.set([0], 3);
  const archive = join(folder, 'slim-run.zip');
  const arms = [
    { ...STANDARD, state: trainedNetwork({ ...config, seed: 8 }).state },
    { ...CRAFT, state },
  ];
  const engine = { backend: 'cpu', adapter: '' };
  writeFileSync(archive, writeRunArchive({ config, step: 7, version: '0.1.0', engine, arms }));
  const photos = join(folder, 'photos');
  mkdirSync(photos);
  for (const seed of [1, 2, 3]) writeFileSync(join(photos, `${seed}.png`), await imageBytes('png', 30, 24, seed));
  writeFileSync(join(photos, 'notes.txt'), 'no image');
  const out = join(folder, 'arm.onnx');
  const json = join(folder, 'arm.json');
  const slim = run('inspect', archive, '--arm', 'craft', '--slim', out, '--images', photos, '--json', json);
  expect([slim.status, slim.stderr]).toEqual([0, '']);
  expect(slim.stdout).toContain(`on 3 images of ${photos}`);
  const { file, slim: found } = JSON.parse(readFileSync(json, 'utf8'));
  expect([file, found.filters, found.comparison.faces.images]).toEqual(['craft/model.json', 1, 3]);
  expect(found.comparison.faces.largest).toBeLessThan(1e-5);
  expect(readOnnx(readFileSync(out)).tensors.get('stem.conv.weight')?.shape).toEqual([7, 3, 5, 5]);

  const none = run('inspect', archive, '--arm', 'craft', '--slim', out, '--images', join(photos, 'notes.txt'));
  expect([none.status, none.stderr]).toEqual([1, expect.stringContaining('There is no image in')]);
  expect(run('inspect', archive, '--arm', 'random').stderr).toContain('The run has standard and craft.');
});

it('names the fault of a file', () => {
  const path = join(folder, 'notes.txt');
  writeFileSync(path, 'no model');
  const { status, stderr } = run('inspect', path);
  expect(status).toBe(1);
  expect(stderr).toContain('Could not read "notes.txt" as a model.');
  // A sentence, not a stack.
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(run('inspect', path, '--nonsense').stderr).toContain('npm run inspect');
});

it('Ctrl-C ends a reading that does not', async () => {
  // Nothing ever comes out of it, and the thread waits for that.
  const path = join(folder, 'endless.onnx');
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  const reading = spawn(process.execPath, ['--import', 'tsx', scriptOf('inspect'), path]);
  const other = await open(path, 'w');
  reading.kill('SIGINT');
  expect(await once(reading, 'close')).toEqual([null, 'SIGINT']);
  await other.close();
});

it('a first layer that cannot be read is one sentence, status 1 and no JSON', () => {
  const path = join(folder, 'odd.onnx');
  const nodes = [
    { name: 'stem', operator: 'ConvTranspose', inputs: ['data', 'kernel'], output: 'a' },
    { name: 'later', operator: 'Conv', inputs: ['a', 'kernel'], output: 'b' },
  ];
  writeFileSync(path, sampleOnnx({ nodes }));
  const json = join(folder, 'odd.json');
  // Of an earlier model.
  writeFileSync(json, '{}');
  const { status, stderr, stdout } = run('inspect', path, '--json', json);
  expect([status, stdout, existsSync(json)]).toEqual([1, '', false]);
  expect(stderr).toContain('The first layer, "stem", is ConvTranspose and no 2-D convolution.');
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
