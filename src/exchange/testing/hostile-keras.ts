import { zipSync } from 'fflate';
import { File, type Group, ready } from 'h5wasm';
import { bytesOf } from '../../formats/testing/pickles.ts';
import { filled, type Make, numbered } from '../../formats/testing/repeated.ts';

const { FS } = await ready;

/** An HDF5 file; the library takes some microseconds for each group, so that there are no more than `MOST`. */
function hdf5(fill: (file: File) => void): Uint8Array<ArrayBuffer> {
  const path = '/made.h5';
  const file = new File(path, 'w');
  fill(file);
  file.close();
  const bytes: Uint8Array = FS.readFile(path);
  FS.unlink(path);
  return new Uint8Array(bytes);
}

const MOST = 20_000;
const countOf = (size: number, each: number) => Math.min(MOST, Math.ceil(size / each));

/** Numbers of which the file holds one: no other chunk was written. */
function claim(group: Group, name: string, shape: readonly number[]): void {
  const first = shape.map(() => 1);
  const maxshape = [...shape];
  const data = Float32Array.of(1);
  group.create_dataset({ name, data, shape: first, dtype: '<f', chunks: first, maxshape }).resize(maxshape);
}

const kernel = (group: Group, name: string) =>
  group.create_dataset({ name, data: Float32Array.of(1), shape: [1, 1, 1, 1], dtype: '<f' });

/** A model of Keras whose topology is this text. */
const topology = (text: Uint8Array) =>
  hdf5((file) => file.create_attribute('model_config', new TextDecoder().decode(text)));

const LAYERS = '{"class_name":"Functional","config":{"layers":[';
const layers = (size: number, one: (i: number) => string) =>
  bytesOf(
    LAYERS,
    numbered(size, (i) => bytesOf(`${i === 0 ? '' : ','}${one(i)}`)),
    ']}}',
  );
const takesAllBehind = (size: number) => {
  const count = Math.max(2, Math.floor(Math.sqrt(size / 8)));
  const from = Array.from({ length: count }, (_, i) => `["${i}",0,0,{}]`);
  const all = from.map((_, i) => {
    const inbound = from.slice(i + 1).join();
    return `{"class_name":"Add","config":{"name":"${i}"},"inbound_nodes":[[${inbound}]]}`;
  });
  return bytesOf(LAYERS, all.join(), ']}}');
};

export const HOSTILE_HDF5: readonly (readonly [string, Make])[] = [
  ['many groups', (size) => hdf5((file) => repeat(countOf(size, 800), (i) => file.create_group(`${i}`)))],
  [
    'many small kernels',
    (size) => hdf5((file) => repeat(countOf(size, 800), (i) => kernel(file.create_group(`conv${i}`), 'kernel'))),
  ],
  [
    'groups nested deep',
    (size) =>
      hdf5((file) => {
        let group: Group = file;
        // Each takes the time of all above it.
        repeat(Math.min(60, countOf(size, 800)), () => {
          group = group.create_group('a');
        });
      }),
  ],
  [
    'groups that all hold each other',
    () =>
      hdf5((file) => {
        file.create_group('0');
        repeat(30, (i) => {
          const next = file.create_group(`${i + 1}`);
          repeat(10, (link) => next.create_hard_link(`/${i}`, `l${link}`));
        });
      }),
  ],
  [
    'arrays at the end of nested groups',
    (size) =>
      hdf5((file) => {
        let group: Group = file;
        repeat(15, () => {
          group = group.create_group('a');
        });
        // Making them takes as long.
        repeat(Math.min(4000, countOf(size, 400)), (i) => kernel(group, `${i}`));
      }),
  ],
  [
    'many attributes',
    (size) => hdf5((file) => repeat(Math.min(4000, countOf(size, 200)), (i) => file.create_attribute(`${i}`, 1))),
  ],
  ['a group that holds itself', () => hdf5((file) => file.create_group('a').create_hard_link('/a', 'a'))],
  [
    'a kernel of claimed numbers',
    () => hdf5((file) => claim(file.create_group('conv1'), 'kernel', [3, 3, 1024, 1 << 20])),
  ],
  [
    'a batch norm of claimed numbers',
    () =>
      hdf5((file) => {
        kernel(file.create_group('conv1'), 'kernel');
        claim(file.create_group('norm1'), 'moving_variance', [1 << 30]);
      }),
  ],
  [
    'a kernel packed a thousand times smaller',
    (size) =>
      hdf5((file) => {
        const filters = Math.min(4e7, 250 * size);
        const shape = [1, 1, 1, filters];
        file.create_group('conv1').create_dataset({
          ...{ name: 'kernel', data: new Float32Array(filters), shape, dtype: '<f' },
          ...{ chunks: [1, 1, 1, 2 ** 16], compression: 'gzip', compression_opts: 9 },
        });
      }),
  ],
  ['a topology of brackets', (size) => topology(bytesOf(filled(size / 2, '['), filled(size / 2, ']')))],
  ['layers that take all behind them', (size) => topology(takesAllBehind(size))],
  ['models nested in models', (size) => topology(bytesOf(filled(size / 2, LAYERS), filled(size / 4, ']}}')))],
];

function repeat(count: number, one: (i: number) => void): void {
  for (let i = 0; i < count; i++) one(i);
}

const WEIGHTS = hdf5((file) => kernel(file.create_group('layers').create_group('conv2d').create_group('vars'), '0'));
const keras = (config: Uint8Array, weights = WEIGHTS) =>
  new Uint8Array(zipSync({ 'config.json': config, 'model.weights.h5': weights }));

/** More takes the generator minutes to pack. */
const unpacked = (size: number) => Math.min(5e7, size);

/** `.keras` of Keras 3. */
export const HOSTILE_KERAS_ZIPS: readonly (readonly [string, Make])[] = [
  ['brackets', (size) => keras(bytesOf(filled(unpacked(10 * size), '['), filled(unpacked(10 * size), ']')))],
  ['empty layers', (size) => keras(layers(unpacked(4 * size), () => '{"class_name":"Add","config":{}}'))],
  [
    'convolutions',
    (size) => keras(layers(unpacked(4 * size), (i) => `{"class_name":"Conv2D","config":{"name":"${i}"}}`)),
  ],
  ['layers that take all behind them', (size) => keras(takesAllBehind(unpacked(4 * size)))],
  [
    'weights packed a thousand times smaller',
    (size) => keras(bytesOf(LAYERS, ']}}'), new Uint8Array(Math.min(6e8, 500 * size))),
  ],
];
