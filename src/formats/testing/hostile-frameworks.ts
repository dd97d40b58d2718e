import { bytes, type FlatPart, flatbuffer, ints, manyInts, repeated, table, tables } from './flatbuffers.ts';
import { joined } from './mutations.ts';
import { bytesOf, u32 } from './pickles.ts';
import { field, varint } from './protobuf-bytes.ts';
import { filled, type Make, numbered } from './repeated.ts';

type Shapes = readonly (readonly [string, Make])[];

/** A model of TensorFlow Lite: operator codes (1), one graph (2) of tensors, inputs and operators, buffers (4). */
function tflite(
  tensors: FlatPart,
  operators: FlatPart,
  buffers: FlatPart,
  codes: FlatPart = CONV_2D,
): Uint8Array<ArrayBuffer> {
  const graph = table({ 0: tensors, 1: ints(0), 3: operators });
  return flatbuffer(table({ 1: codes, 2: tables(graph), 4: buffers }), 'TFL3');
}

const CONV_2D = tables(table({ 0: 3, 3: 3 }));
const EMPTY = tables(table({}));
const IMAGE = table({ 0: ints(1, 8, 8, 1), 3: bytes(bytesOf('image')) });
/** A kernel of [filters, 1, 1, 1] in buffer 1. */
const kernel = (filters: number) => table({ 0: ints(filters, 1, 1, 1), 2: 1, 3: bytes(bytesOf('kernel')) });
const content = (size: number) => table({ 0: bytes(new Uint8Array(size)) });
const CONVOLUTION = table({ 0: 0, 1: ints(0, 1), 2: ints(2) });

export const HOSTILE_TFLITE: Shapes = [
  ['one tensor many times', (size) => tflite(repeated(size / 4, table({})), EMPTY, EMPTY)],
  ['one operator many times', (size) => tflite(EMPTY, repeated(size / 4, table({})), EMPTY)],
  [
    'operators that share many inputs',
    (size) => tflite(EMPTY, repeated(size / 8, table({ 1: manyInts(size / 8, 0) })), EMPTY),
  ],
  [
    'tensors that share many axes',
    (size) => tflite(repeated(size / 8, table({ 0: manyInts(size / 8, 1) })), EMPTY, EMPTY),
  ],
  [
    'operators of others that share a long name',
    (size) =>
      tflite(EMPTY, EMPTY, EMPTY, repeated(size / 4, table({ 0: 32, 1: bytes(new Uint8Array(1000).fill(97)) }))),
  ],
  ['one buffer many times', (size) => tflite(EMPTY, EMPTY, repeated(size / 4, table({})))],
  [
    'one kernel in many convolutions',
    (size) => {
      const filters = Math.floor(size / 8);
      const buffers = tables(table({}), content(4 * filters));
      return tflite(tables(IMAGE, kernel(filters), IMAGE), repeated(size / 8, CONVOLUTION), buffers);
    },
  ],
  [
    'small convolutions on one input',
    (size) => tflite(tables(IMAGE, kernel(1), IMAGE), repeated(size / 4, CONVOLUTION), tables(table({}), content(4))),
  ],
  ['a graph in its own place', (size) => bytesOf(u32(8), 'TFL3', filled(size, u32(0)))],
];

const u64 = (value: number) => bytesOf(u32(value % 2 ** 32), u32(Math.floor(value / 2 ** 32)));
const MXNET_ARRAY = bytesOf(u32(0xf993fac9), u32(0));

/** A file of MXNet's arrays, the same again and again, and their names. */
function mxnet(size: number, array: Uint8Array, name: (i: number) => string): Uint8Array<ArrayBuffer> {
  const count = Math.max(1, Math.floor(size / (array.length + 16)));
  return bytesOf(
    ...[u64(0x112), u64(0), u64(count), filled(count * array.length, array), u64(count)],
    numbered(16 * count, (i) => bytesOf(u64(8), name(i).padEnd(8, '_'))).subarray(0, 16 * count),
  );
}

const mxnetArray = (...shape: readonly number[]) =>
  bytesOf(MXNET_ARRAY, u32(shape.length), ...shape.map(u64), new Uint8Array(8), u32(0));

export const HOSTILE_MXNET: Shapes = [
  ['empty arrays', (size) => mxnet(size, bytesOf(MXNET_ARRAY, u32(0)), (i) => `${i}`)],
  ['small kernels', (size) => mxnet(size, bytesOf(mxnetArray(1, 1, 1, 1), u32(0)), (i) => `arg:${i % 1e4}`)],
  ['arrays of many axes', (size) => mxnet(size, mxnetArray(...new Array<number>(31).fill(1), 0), (i) => `${i}`)],
  ['a claim of many arrays', (size) => bytesOf(u64(0x112), u64(0), u64(Math.floor(size / 16)), new Uint8Array(size))],
  [
    'an array of all numbers',
    (size) => bytesOf(u64(0x112), u64(0), u64(1), mxnetArray(2 ** 20, 2 ** 20), new Uint8Array(size)),
  ],
  [
    'one long name',
    (size) =>
      bytesOf(u64(0x112), u64(0), u64(1), mxnetArray(1, 1, 1, 1), u32(0), u64(1), u64(size), filled(size, '1_')),
  ],
];

const caffeLayer = (...parts: readonly Uint8Array[]) => field(100, joined(field(1, bytesOf('a')), ...parts));
const NET = field(1, bytesOf('n'));
const TYPE = field(2, bytesOf('Convolution'));
const input = field(100, joined(field(1, bytesOf('data')), field(2, bytesOf('Input')), field(4, bytesOf('data'))));
const TAKES = joined(field(3, bytesOf('data')), field(4, bytesOf('data')));
const blob = (filters: number) =>
  field(
    7,
    joined(field(7, field(1, joined(...[filters, 1, 1, 1].map(varint)))), field(5, new Uint8Array(4 * filters))),
  );

export const HOSTILE_CAFFE: Shapes = [
  ['empty layers', (size) => bytesOf(NET, filled(size, field(100, new Uint8Array(0))))],
  ['empty layers of the old kind', (size) => bytesOf(NET, caffeLayer(), filled(size, field(2, new Uint8Array(0))))],
  ['a layer of many inputs', (size) => bytesOf(NET, caffeLayer(filled(size, field(3, new Uint8Array(0)))))],
  ['a layer of many blobs', (size) => bytesOf(NET, caffeLayer(filled(size, field(7, new Uint8Array(0)))))],
  [
    'a blob of many axes',
    (size) => bytesOf(NET, caffeLayer(field(7, field(7, field(1, new Uint8Array(size).fill(1)))))),
  ],
  ['a blob of numbers one by one', (size) => bytesOf(NET, caffeLayer(TYPE, field(7, filled(size, 0x2d, u32(0)))))],
  ['a blob of many parts', (size) => bytesOf(NET, caffeLayer(TYPE, field(7, filled(size, 0x2a, 0))))],
  ['small convolutions in a row', (size) => bytesOf(NET, input, filled(size, caffeLayer(TYPE, TAKES, blob(1))))],
  [
    'small convolutions on one input',
    (size) =>
      bytesOf(NET, input, filled(size, caffeLayer(TYPE, field(3, bytesOf('data')), field(4, bytesOf('b')), blob(1)))),
  ],
];

const graphNode = (name: string, op: string, ...parts: readonly Uint8Array[]) =>
  field(1, joined(field(1, bytesOf(name)), field(2, bytesOf(op)), ...parts));
const FRONT = graphNode('x', 'Placeholder');
/** The attribute "value" with a tensor. */
const value = (tensor: Uint8Array) => field(5, joined(field(1, bytesOf('value')), field(2, field(8, tensor))));
const axes = (...sizes: readonly number[]) =>
  field(2, joined(...sizes.map((size) => field(2, bytesOf(8, varint(size))))));
const WEIGHT = graphNode('w', 'Const', value(joined(bytesOf(8, 1), axes(1, 1, 1, 1), field(4, new Uint8Array(4)))));
const inputs = (...names: readonly string[]) => joined(...names.map((name) => field(3, bytesOf(name))));

export const HOSTILE_TENSORFLOW: Shapes = [
  ['empty nodes', (size) => bytesOf(FRONT, filled(size, field(1, new Uint8Array(0))))],
  [
    'a node of many inputs',
    (size) => bytesOf(FRONT, graphNode('a', 'AddN', filled(size, field(3, new Uint8Array(0))))),
  ],
  [
    'a node of many attributes',
    (size) => bytesOf(FRONT, graphNode('a', 'AddN', filled(size, field(5, new Uint8Array(0))))),
  ],
  [
    'attributes of many names',
    (size) =>
      bytesOf(
        FRONT,
        graphNode(
          'a',
          'A',
          numbered(size, (i) => field(5, joined(field(1, bytesOf(`${i}`)), field(2, bytesOf(0x25, u32(0)))))),
        ),
      ),
  ],
  [
    'a tensor of many axes',
    (size) => bytesOf(FRONT, graphNode('w', 'Const', value(field(2, filled(size, field(2, new Uint8Array(0))))))),
  ],
  [
    'a tensor of listed numbers',
    (size) => bytesOf(FRONT, graphNode('w', 'Const', value(field(5, new Uint8Array(4 * Math.floor(size / 4)))))),
  ],
  [
    'small convolutions on one input',
    (size) =>
      bytesOf(
        FRONT,
        WEIGHT,
        numbered(size, (i) => graphNode(`${i}`, 'Conv2D', inputs('x', 'w'))),
      ),
  ],
  [
    'small convolutions in a row',
    (size) =>
      bytesOf(
        FRONT,
        WEIGHT,
        numbered(size, (i) => graphNode(`${i}`, 'Conv2D', inputs(i === 0 ? 'x' : `${i - 1}`, 'w'))),
      ),
  ],
  [
    'nodes that take all behind them',
    (size) => {
      const count = Math.floor(Math.sqrt(size / 4));
      const names = Array.from({ length: count }, (_, i) => `${i}`);
      return bytesOf(FRONT, ...names.map((name, i) => graphNode(name, 'AddN', inputs(...names.slice(i + 1)))));
    },
  ],
];
