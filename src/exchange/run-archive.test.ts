import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { CRAFT, STANDARD } from '../config/arm.ts';
import { Budget } from '../formats/budget.ts';
import { FormatProblem } from '../formats/problem.ts';
import { mutated, seeded } from '../formats/testing/mutations.ts';
import { pythonWith, textFrom } from '../formats/testing/python.ts';
import { architectureOf } from '../network/architecture.ts';
import { openEngine } from '../network/backend.ts';
import { FaceNetwork } from '../network/face-network.ts';
import { recipeOf } from '../network/recipe.ts';
import { MeasuredRun } from '../record/measured-run.ts';
import { EMPTY_TABLE } from '../record/run-history.ts';
import { readHistory, writeHistory } from './history-file.ts';
import { readModel } from './import/read-model.ts';
import { ModelProblem } from './model-problem.ts';
import { type RunArchive, readRunArchive, writeRunArchive } from './run-archive.ts';
import { sampleHistory } from './testing/histories.ts';
import { smallConfig, testImages, trainedNetwork } from './testing/trained.ts';

const config = smallConfig({ seed: 5, learningRate: 0.07 });
const run: RunArchive = {
  config,
  step: 120,
  version: '0.1.0',
  engine: { backend: 'wasm', adapter: 'SIMD' },
  history: sampleHistory(config, 120),
  name: 'Strong decay',
  faces: { name: 'people.zip', identities: 12, images: 80 },
  weights: { file: 'earlier.zip', arm: 'standard', step: 2400, crc32: 0xfedcba98, centres: 'seed' },
  arms: [
    { ...STANDARD, state: trainedNetwork({ ...config, seed: 6 }).state },
    { ...CRAFT, state: trainedNetwork(config).state },
  ],
};
const archive = writeRunArchive(run);

/** The archive with some of its files replaced. */
function changed(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync({ ...unzipSync(archive), ...files }, { level: 0 });
}

/** The archive with some of run.json replaced. */
function changedAbout(values: Readonly<Record<string, unknown>>): Uint8Array {
  const about = JSON.parse(new TextDecoder().decode(unzipSync(archive)['run.json']));
  return changed({ 'run.json': strToU8(JSON.stringify({ ...about, ...values })) });
}

/** A file of the archive with its last number changed. */
function flipped(name: string): Uint8Array {
  const bytes = unzipSync(archive)[name]?.slice() ?? expect.fail(`no ${name}`);
  bytes[bytes.length - 2] = (bytes.at(-2) ?? 0) ^ 1;
  return bytes;
}

/** Reads a .safetensors file as its specification says it, with nothing but numpy. */
const OPEN_WITH_PYTHON = `
import io, json, struct, sys, zipfile
import numpy
def tensors(data):
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    return {name: numpy.frombuffer(data[8 + length + entry["data_offsets"][0]:8 + length + entry["data_offsets"][1]], "<f4")
            .reshape(entry["shape"]) for name, entry in header.items()}
files = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert files.testzip() is None
model = tensors(files.read("craft/model.safetensors"))
history = tensors(files.read("history.safetensors"))
kernel = model["stem.conv.weight"]
print(json.dumps({"names": list(model), "shape": kernel.shape, "kernel": kernel.ravel().tolist(),
                  "norms": history["craft.norms"].shape, "steps": history["craft.norms.step"].tolist()}))
`;

const python = pythonWith('numpy');

describe('the archive of a run', () => {
  it('gives back config, step and every number of both arms, momentum included', () => {
    const { notices, ...back } = readRunArchive(archive);
    expect(notices).toEqual([]);
    expect(back).toEqual(run);
    expect(back.arms[1]?.state.get('stem.conv.weight.momentum_buffer')?.values.some((value) => value !== 0)).toBe(true);
  });

  it('holds tables that a spreadsheet opens', () => {
    const text = (name: string) => new TextDecoder().decode(unzipSync(archive)[name]);
    const [header, ...rows] = text('metrics.csv').trim().split('\n');
    expect(header).toBe('arm,step,loss,inactive_share,relative_inactive_share,unused_share,accuracy');
    expect(rows.filter((row) => row.startsWith('craft,')).length).toBe(13);
    expect(rows.find((row) => row.startsWith('standard,120,'))).toMatch(
      /^standard,120,[\d.]+,0\.25,0\.5,0\.625,0\.75$/,
    );
    expect(text('events.csv').trim().split('\n')).toEqual([
      'step,arm,event,strategy,filter,value',
      '20,craft,reactivation,blend,1,0.5',
      '20,craft,reactivation,blend,6,0.25',
      '60,craft,craft-off,,,',
    ]);
  });

  it('holds any arms, each with its differences from the run', () => {
    const wide = { name: 'wide-1', settings: { filters: 16, weightDecay: 0.02 } } as const;
    const arms = [run.arms[0], { ...wide, state: trainedNetwork({ ...config, ...wide.settings }).state }];
    const history = sampleHistory({ ...config, filters: 16 }, 120);
    const craft = history.arms.craft ?? expect.fail('no arm');
    const measured = {
      ...sampleHistory(config, 120),
      kernelShapes: { 'wide-1': history.kernelShape },
      arms: { standard: sampleHistory(config, 120).arms.standard ?? expect.fail('no arm'), 'wide-1': craft },
      events: history.events.map((event) => ({ ...event, arm: 'wide-1' })),
    };
    const many = { ...run, arms: arms.filter((arm) => arm !== undefined), history: measured };
    const { notices, ...back } = readRunArchive(writeRunArchive(many));
    expect(notices).toEqual([]);
    expect(back).toEqual({ ...many, config: { ...config, arms: 'standard' } });
  });

  it('reports its changes to the settings of an arm', () => {
    const arms = [
      { name: 'standard', settings: { craft: false } },
      { name: 'craft', settings: { nothing: 1 } },
    ];
    expect(readRunArchive(changedAbout({ arms })).notices).toEqual([
      { key: 'arms', message: 'Arm "craft": There is no setting "nothing"; it was ignored.' },
    ]);
  });

  it('of a version that kept no responses is read, and says that there are none', () => {
    const history = sampleHistory(config, 120);
    const older = (name: keyof typeof history.arms) => {
      const { channels: _, ...tables } = history.arms[name] ?? expect.fail('no arm');
      return { ...tables, channels: EMPTY_TABLE };
    };
    const events = history.events.map((event) =>
      event.type === 'reactivation' ? { ...event, channelsBefore: undefined, channelsAfter: undefined } : event,
    );
    const old = { ...history, arms: { standard: older('standard'), craft: older('craft') }, events };
    const back = readRunArchive(writeRunArchive({ ...run, history: old }));
    const [event] = back.history?.events ?? [];
    expect(event?.type === 'reactivation' && event.channelsBefore).toBeUndefined();
    const record = MeasuredRun.of(back.config, back.step, back.history ?? expect.fail('no history'));
    expect(record.arms.craft?.layerAt()?.kernel).toBeDefined();
    expect(record.arms.craft?.layerAt()?.channels).toBeUndefined();
  });

  it('of version 1, without history and checksums, is still read', () => {
    const { history: _, name: __, faces: ___, ...bare } = run;
    const files = unzipSync(writeRunArchive(bare));
    const about = JSON.parse(new TextDecoder().decode(files['run.json']));
    const { crc32: ____, ...old } = { ...about, arms: ['standard', 'craft'], formatVersion: 1 };
    const { notices, ...back } = readRunArchive(zipSync({ ...files, 'run.json': strToU8(JSON.stringify(old)) }));
    expect(notices).toEqual([]);
    expect(back).toEqual(bare);
  });

  it('resumes with its own arms', () => {
    const { arms, ...rest } = run;
    expect(readRunArchive(writeRunArchive({ ...rest, arms: arms.slice(1) })).config.arms).toBe('craft');
  });

  it.skipIf(python.command === undefined)(
    `is opened by Python: weights as PyTorch has them, history${python.skipped}`,
    () => {
      const state = run.arms[1]?.state ?? expect.fail('no arm');
      const kernel = state.get('stem.conv.weight') ?? expect.fail('no kernel');
      const opened = JSON.parse(textFrom(python.run(['-c', OPEN_WITH_PYTHON], { input: archive })));
      expect(opened.names).toEqual(
        expect.arrayContaining(['stem.conv.weight', 'stem.bn.running_var', 'embedding.weight']),
      );
      expect(opened.names.some((name: string) => name.includes('momentum'))).toBe(false);
      // [out, in, k, k] there, [k, k, in, out] here.
      expect(opened.shape).toEqual([8, 3, 3, 3]);
      const [height, width, channels, filters] = [3, 3, 3, 8];
      const expected = Array.from({ length: kernel.values.length }, (_, place) => {
        const [x, y] = [place % width, Math.floor(place / width) % height];
        const channel = Math.floor(place / (width * height)) % channels;
        const filter = Math.floor(place / (width * height * channels));
        return kernel.values[((y * width + x) * channels + channel) * filters + filter];
      });
      expect(opened.kernel).toEqual(expected);
      expect(opened.norms).toEqual([13, 8]);
      expect(opened.steps).toEqual(Array.from({ length: 13 }, (_, row) => 10 * row));
    },
  );

  it('lets training resume bit for bit', async () => {
    await openEngine({ preference: 'cpu' });
    const make = () => FaceNetwork.create(architectureOf(config, 10), recipeOf(config), config.seed);
    const size = config.imageSize;
    const batch = {
      images: tensor4d(testImages(4, size), [4, size, size, 3]),
      labels: tensor1d([0, 1, 2, 3], 'int32'),
    };
    const network = make();
    network.trainStep(batch, 0.1);
    const state = await network.exportState();
    const saved = readRunArchive(writeRunArchive({ ...run, arms: [{ ...CRAFT, state }] }));
    const resumed = make();
    resumed.importState(saved.arms[0]?.state ?? expect.fail('no arm'));
    for (const one of [network, resumed]) one.trainStep(batch, 0.1);
    expect(await resumed.exportState()).toEqual(await network.exportState());
    for (const one of [network, resumed, batch.images, batch.labels]) one.dispose();
  });

  it('holds models that others open', async () => {
    const names = Object.keys(unzipSync(archive));
    for (const arm of ['standard', 'craft']) {
      for (const file of ['model.json', 'weights.bin', 'model.safetensors']) expect(names).toContain(`${arm}/${file}`);
    }
    expect((await readModel([{ name: 'run.zip', bytes: archive }])).format).toBe('tfjs-layers');
  });

  it('clamps settings from a file and says so', () => {
    const text = new TextDecoder().decode(unzipSync(archive)['run.json']);
    const edited = changed({ 'run.json': strToU8(text.replace('"learningRate": 0.07', '"learningRate": 1e9')) });
    const { config: clamped, notices } = readRunArchive(edited);
    expect(clamped.learningRate).toBe(2);
    expect(notices).toHaveLength(1);
  });

  it.each([
    ['no zip', new Uint8Array([1, 2, 3]), 'wrong-format'],
    ['another zip', zipSync({ 'a.txt': strToU8('a') }), 'not-a-model'],
    ['cut off', archive.subarray(0, archive.length / 2), 'wrong-format'],
    ['a newer version', changedAbout({ formatVersion: 99 }), 'unsupported'],
    ['a changed weight', changed({ 'craft/state.safetensors': flipped('craft/state.safetensors') }), 'inconsistent'],
    ['a changed history', changed({ 'history.safetensors': flipped('history.safetensors') }), 'inconsistent'],
    ['a history that runs ahead of the run', changedAbout({ step: 100 }), 'inconsistent'],
    ['a history of other filters', changedAbout({ config: { ...config, kernelSize: '7' } }), 'inconsistent'],
    ['arms of one name', changedAbout({ arms: [{ ...CRAFT }, { ...CRAFT }] }), 'inconsistent'],
    ['a name that is a path', changedAbout({ arms: [{ name: '../x', settings: {} }] }), 'inconsistent'],
    ['an arm of other faces', changedAbout({ arms: [{ name: 'x', settings: { faces: 'own' } }] }), 'inconsistent'],
    ['an arm without weights', changed({ 'craft/state.safetensors': new Uint8Array(0) }), 'inconsistent'],
    [
      'another network than its settings',
      changed({
        'run.json': strToU8(
          new TextDecoder().decode(unzipSync(archive)['run.json']).replace('"filters": 8', '"filters": 16'),
        ),
      }),
      'inconsistent',
    ],
  ] as const)('refuses: %s', (_, bytes, code) => {
    expect(() => readRunArchive(bytes)).toThrow(ModelProblem);
    expect(() => readRunArchive(bytes)).toThrow(expect.objectContaining({ code }));
  });

  it('is read or refused with a sentence after any change of its bytes', () => {
    const below = seeded(11);
    const small = smallConfig({ imageSize: 16 });
    const history = sampleHistory(small, 60);
    const bytes = writeRunArchive({
      ...run,
      config: small,
      step: 60,
      history,
      arms: [{ ...CRAFT, state: trainedNetwork(small, 2).state }],
    });
    const about = JSON.parse(new TextDecoder().decode(unzipSync(bytes)['run.json']));
    const refusedBy = (read: () => unknown) => {
      try {
        read();
        return false;
      } catch (error) {
        // A fault of the history's own file becomes a ModelProblem in the archive's reader.
        if (!(error instanceof ModelProblem || error instanceof FormatProblem)) throw error;
        expect(error.message).toMatch(/\.( \(.*\))?$/);
        return true;
      }
    };
    const file = writeHistory(history);
    let refused = 0;
    for (let round = 0; round < 50; round++) {
      if (refusedBy(() => readRunArchive(mutated(bytes, below)))) refused++;
      if (refusedBy(() => readHistory(mutated(file, below), history, 60, new Budget(file.length)))) refused++;
      // Without the checksums, only the contents can reveal the change.
      const text = mutated(strToU8(JSON.stringify({ ...about, crc32: {} })), below);
      if (refusedBy(() => readRunArchive(zipSync({ ...unzipSync(bytes), 'run.json': text }, { level: 0 })))) refused++;
    }
    expect(refused).toBeGreaterThan(30);
  });
});
