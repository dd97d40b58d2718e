import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { armsOf, CRAFT, STANDARD } from '../config/arm.ts';
import { readOnnx } from '../formats/onnx.ts';
import { editOnnx } from '../formats/onnx-edit.ts';
import { writeOnnx } from '../formats/onnx-writer.ts';
import { momentumName } from '../network/network-state.ts';
import { CENTRES_NAME, KERNEL_NAME } from '../network/parameters.ts';
import { type ExportFormat, exportNetwork } from './export/export-network.ts';
import { onnxGraph } from './export/onnx.ts';
import { armsFrom, readFirstWeights, settingsToTrainOn } from './first-weights.ts';
import { readModel } from './import/read-model.ts';
import { writeRunArchive } from './run-archive.ts';
import { SlimmableModel } from './slim/slim-onnx.ts';
import { sampleOnnx } from './testing/model-samples.ts';
import { smallConfig, trainedNetwork } from './testing/trained.ts';

const PEOPLE = 10;
// The standard arm of a run, whose settings say so.
const config = smallConfig({ body: 'iresnet10', craft: false, arms: 'standard', identities: 12 });
const network = { ...trainedNetwork(config, PEOPLE), arm: 'standard' };
const bundle = { 'model.py': '', 'craft.py': '', 'faces.py': '', 'train.py': '' };
const exported = (format: ExportFormat, batchNorm: 'kept' | 'folded' = 'kept') =>
  exportNetwork(network, { format, batchNorm, version: '0', bundle }).bytes;
const run = (arms = [{ ...STANDARD, state: network.state }]) =>
  writeRunArchive({ config, step: 120, version: '0', engine: { backend: 'cpu', adapter: '' }, arms });

const read = (bytes: Uint8Array, arm?: string) => readFirstWeights([{ name: 'folder/net', bytes }], { arm });
const begin = async (bytes: Uint8Array, people = PEOPLE) => {
  const weights = await read(bytes);
  const settings = settingsToTrainOn(weights);
  return { settings, ...armsFrom(weights, { config: settings, arms: armsOf(settings), people }) };
};

const sameBytes = (one: Float32Array, other: Float32Array) =>
  Buffer.from(new Uint8Array(one.buffer)).equals(new Uint8Array(other.buffer));
let fromRun: number | undefined;

describe('a run begins with the weights of a network that was trained here', () => {
  it.each([
    ['its run', () => run(), 'file'],
    ['safetensors', () => exported('safetensors'), 'file'],
    ['a PyTorch bundle', () => exported('pytorch'), 'file'],
    ['ONNX', () => exported('onnx'), 'seed'],
    ['TensorFlow.js', () => exported('tfjs'), 'seed'],
  ] as const)('from %s', async (_, bytes, centres) => {
    const { settings, arms, origin } = await begin(bytes());
    // Two arms, of which one has CRAFT.
    expect([settings.craft, settings.arms, arms.map(({ name }) => name)]).toEqual([
      true,
      'both',
      ['standard', 'craft'],
    ]);
    expect(origin).toMatchObject({ file: 'net', arm: 'standard', step: 120, centres });
    fromRun ??= (await begin(run())).origin.crc32;
    expect(origin.crc32).toBe(fromRun);
    for (const { state } of arms) {
      expect([...state.keys()].sort()).toEqual([...network.state.keys()].sort());
      for (const [name, { shape, values }] of state) {
        const trained = network.state.get(name) ?? expect.fail(name);
        expect(shape).toEqual(trained.shape);
        if (name.endsWith('.momentum_buffer')) expect(values.every((value) => value === 0)).toBe(true);
        else if (name !== CENTRES_NAME || centres === 'file')
          expect(sameBytes(values, trained.values), name).toBe(true);
      }
    }
    const [one, other] = arms.map(({ state }) => state.get(KERNEL_NAME)?.values);
    expect(one?.buffer).not.toBe(other?.buffer);
  });

  it('with class centres of its own seed for other people', async () => {
    const { arms, origin } = await begin(exported('safetensors'), 7);
    expect(origin.centres).toBe('seed');
    expect(arms[0]?.state.get(CENTRES_NAME)?.shape).toEqual([7, config.embeddingSize]);
    expect(arms[0]?.state.get(momentumName(CENTRES_NAME))?.shape).toEqual([7, config.embeddingSize]);
    const weights = await read(exported('safetensors'));
    const other = { ...settingsToTrainOn(weights), facesSeed: 9 };
    expect(armsFrom(weights, { config: other, arms: [CRAFT], people: PEOPLE }).origin.centres).toBe('seed');
  });

  it('of the arm that is named', async () => {
    const other = trainedNetwork({ ...config, seed: 9 }, PEOPLE).state;
    const both = run([
      { ...STANDARD, state: network.state },
      { ...CRAFT, state: other },
    ]);
    const { arm, weights } = await read(both, 'craft');
    expect([arm, weights.get(KERNEL_NAME)?.values]).toEqual(['craft', other.get(KERNEL_NAME)?.values]);
    await expect(read(both)).rejects.toMatchObject({
      message: 'The run has several arms.',
      hint: 'Name one of standard, craft.',
    });
    await expect(read(both, 'random')).rejects.toThrow('The run has no arm "random".');
    await expect(read(exported('onnx'), 'craft')).rejects.toThrow('"net" holds the arm "standard" alone.');
    // A model that lies beside the run.
    const files = [
      { name: 'run.zip', bytes: both },
      { name: 'net.onnx', bytes: exported('onnx') },
    ];
    expect(await readFirstWeights(files, { file: 'net.onnx', arm: 'standard' })).toMatchObject({ file: 'net.onnx' });
    const ofRun = await readFirstWeights(files, { file: 'craft/model.json', arm: 'craft' });
    expect([ofRun.file, ofRun.arm]).toEqual(['run.zip', 'craft']);
  });

  it('of a model.json alone, whose weights lie beside it on disk', async () => {
    const files = unzipSync(exported('tfjs'));
    const [name = '', bytes = new Uint8Array(0)] = Object.entries(files).find(([path]) => path.endsWith('.json')) ?? [];
    const beside = (from: string, path: string) => {
      const inside = from.slice('net/'.length, from.lastIndexOf('/') + 1) + path;
      return files[inside];
    };
    const { weights } = await readFirstWeights([{ name: `net/${name}`, bytes }], { beside });
    const kernel = weights.get(KERNEL_NAME)?.values ?? expect.fail('no kernel');
    expect(sameBytes(kernel, network.state.get(KERNEL_NAME)?.values ?? kernel.subarray(1))).toBe(true);
    await expect(readFirstWeights([{ name, bytes }])).rejects.toThrow('weights.bin", which is not there');
  });
});

/** The ONNX file with one node's stride changed. */
function otherStride(): Uint8Array {
  const { nodes, tensors } = onnxGraph(network, 'kept');
  const changed = nodes.map((node, at) =>
    at === 0 ? { ...node, attributes: { ...node.attributes, strides: [2, 2] } } : node,
  );
  const value = { name: 'data', shape: ['N', 3, 20, 20] };
  return writeOnnx({
    opset: 17,
    producer: '',
    producerVersion: '',
    graphName: '',
    nodes: changed,
    tensors,
    input: value,
    output: { name: 'embedding', shape: ['N', 16] },
    metadata: { batch_norm: 'kept', arm: 'standard', step: '1', config: JSON.stringify(config) },
  });
}

/** The ONNX file without one filter of its first layer. */
function narrower(): Uint8Array {
  const bytes = exported('onnx');
  const { tensors } = readOnnx(bytes);
  const kernel = tensors.get(KERNEL_NAME) ?? expect.fail('no kernel');
  const values = Float32Array.from(kernel.values()).subarray(0, 7 * 27);
  return editOnnx(bytes, {
    inputs: new Map(),
    groups: new Map(),
    tensors: new Map([[KERNEL_NAME, { shape: [7, 3, 3, 3], values }]]),
    withoutTensors: new Set(),
    withoutNodes: new Set(),
  });
}

describe('is refused by a sentence', () => {
  it.each([
    ['batch norm that is folded in', () => exported('onnx', 'folded'), /Batch norm is folded into the layers/],
    ['a graph that was changed', otherStride, /was changed since/],
    ['layers of another width', narrower, /not those of the settings saved with them/],
    ['a network of others', () => sampleOnnx({}), /"net" was not trained here/],
    ['no model', () => strToU8('text'), /"net" was not trained here/],
    ['a damaged zip', () => run().subarray(0, 900), /archive cannot be unpacked/],
  ])('%s', async (_, bytes, sentence) => {
    await expect(read(bytes())).rejects.toThrow(sentence);
    await expect(read(bytes())).rejects.toMatchObject({ name: 'ModelProblem' });
  });

  it('another shape than the run asks for', async () => {
    const weights = await read(exported('safetensors'));
    const start = (changes: Partial<typeof config>) => () =>
      armsFrom(weights, { config: { ...config, ...changes }, arms: [CRAFT], people: PEOPLE });
    expect(start({ filters: 16 })).toThrow(
      '"stem.conv.weight" is [3,3,3,8] in net, but the settings of the run ask for [3,3,3,16].',
    );
    expect(start({ body: 'iresnet18' })).toThrow(/There is no "body\.\d+\..*" in net|but the settings/);
    expect(start({ body: 'plain' })).toThrow(/settings of the run ask/);
    expect(start({})).not.toThrow();
  });
});

describe('a file of our own', () => {
  it('can be slimmed and run in every format, and names its arm', async () => {
    for (const format of ['safetensors', 'tfjs', 'onnx'] as const) {
      const { own, source, order, convolutions, uses } = await readModel([{ name: 'net', bytes: exported(format) }]);
      expect(own).toMatchObject({ arm: 'standard', step: 120 });
      expect([order, convolutions[0]?.name, uses?.[0]?.unused.length]).toEqual(['graph', 'stem.conv', 8]);
      const { nodes } = readOnnx(source?.bytes ?? new Uint8Array(0));
      expect(nodes).toEqual(readOnnx(exported('onnx', format === 'onnx' ? 'kept' : 'folded')).nodes);
      expect(() => new SlimmableModel(source?.bytes ?? new Uint8Array(0))).not.toThrow();
    }
    const folded = await readModel([{ name: 'net', bytes: exported('onnx', 'folded') }]);
    expect(folded.own).toMatchObject({ name: 'ModelProblem' });
  });

  it("is an arm of a run's .zip by its name", async () => {
    const other = trainedNetwork({ ...config, seed: 9 }, PEOPLE).state;
    const bytes = run([
      { ...STANDARD, state: network.state },
      { ...CRAFT, state: other },
    ]);
    const model = await readModel([{ name: 'run.zip', bytes }], { arm: 'craft' });
    expect([model.file, model.others]).toEqual(['craft/model.json', ['standard/model.json']]);
    expect(model.own).toMatchObject({ arm: 'craft' });
    const kernel = model.convolutions[0]?.kernel ?? new Float32Array(0);
    expect(kernel).toEqual(other.get(KERNEL_NAME)?.values);
    await expect(readModel([{ name: 'run.zip', bytes }], { arm: 'random' })).rejects.toMatchObject({
      message: 'There is no arm "random" in these files.',
      hint: 'The run has standard and craft.',
    });
    const unpacked = Object.entries(unzipSync(bytes)).map(([name, content]) => ({
      name: `runs/${name}`,
      bytes: content,
    }));
    expect((await readModel(unpacked, { arm: 'craft' })).file).toBe('runs/craft/model.json');
    await expect(readModel(unpacked, { arm: 'random' })).rejects.toMatchObject({
      hint: 'The run has standard and craft.',
    });
    // The archive unpacked and packed anew, as by hand.
    const packed = zipSync(unzipSync(bytes));
    expect((await readModel([{ name: 'run.zip', bytes: packed }], { arm: 'standard' })).own).toMatchObject({
      arm: 'standard',
    });
  });
});
