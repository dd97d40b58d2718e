import { strToU8, zipSync } from 'fflate';
import { writeNpy } from '../npy.ts';
import { pickle } from './hostile-pickles.ts';
import { joined } from './mutations.ts';
import { bytesOf, u32 } from './pickles.ts';
import { field, varint } from './protobuf-bytes.ts';
import { filled, type Make, numbered } from './repeated.ts';

/** A header of safetensors and the data behind it. */
function safetensors(header: string | Uint8Array, data = 0): Uint8Array<ArrayBuffer> {
  const json = typeof header === 'string' ? strToU8(header) : header;
  return bytesOf(u32(json.length), u32(0), json, new Uint8Array(data));
}

const entry = (name: string, shape: string, start: number, end: number) =>
  `"${name}":{"dtype":"F32","shape":[${shape}],"data_offsets":[${start},${end}]}`;

function manyTensors(name: (i: number) => string, shape: string, bytes: number) {
  return (size: number) => {
    const count = Math.max(1, Math.floor(size / (80 + shape.length + bytes)));
    const entries = Array.from({ length: count }, (_, i) => entry(name(i), shape, bytes * i, bytes * (i + 1)));
    return safetensors(`{${entries.join(',')}}`, bytes * count);
  };
}

export const HOSTILE_SAFETENSORS: readonly (readonly [string, Make])[] = [
  ['many convolutions', manyTensors((i) => `conv${i + 1}.weight`, '1,1,1,1', 4)],
  ['many convolutions in one layer', manyTensors((i) => `a.w${i}`, '1,1,1,1', 4)],
  ['many empty tensors', manyTensors((i) => `${i}`, '0', 0)],
  ['tensors of many axes', manyTensors((i) => `${i}`, Array.from({ length: 1000 }, () => 1).join(','), 4)],
  [
    'one layer of many filters',
    (size) => {
      const filters = Math.floor(size / 4);
      return safetensors(`{${entry('conv1.weight', `${filters},1,1,1`, 0, 4 * filters)}}`, 4 * filters);
    },
  ],
  ['brackets', (size) => safetensors(bytesOf('{"a":', filled(size / 2, '['), filled(size / 2, ']'), '}'))],
  ['empty lists', (size) => safetensors(bytesOf('{"a":[', filled(size, '[],'), '0]}'))],
  [
    'empty entries',
    (size) =>
      safetensors(
        bytesOf(
          '{',
          numbered(size, (i) => bytesOf(`"${i}":{},`)),
          '"a":0}',
        ),
      ),
  ],
  [
    'metadata',
    (size) =>
      safetensors(
        bytesOf(
          '{"__metadata__":{',
          numbered(size, (i) => bytesOf(`"${i}":"",`)),
          '"a":"b"}}',
        ),
      ),
  ],
  // A search that begins anew at each letter takes hours.
  ...[
    ['letters', 'a'],
    ['digits', '1'],
    ['scales', '_scale'],
    ['units', 'scale_'],
    ['dots', 'a.'],
    ['convolutions', 'conv1.'],
    ['parts', 'parametrizations.a.0.'],
  ].map(([owner, part = '']): readonly [string, Make] => [
    `one long name of ${owner}`,
    (size) => {
      const name = part.repeat(size / part.length);
      const names = [`${name}-`, `conv${name}\\n.weight`, `conv1.${name}`];
      const entries = names.map((one, i) => entry(one, '1,1,1,1', 4 * i, 4 * i + 4));
      return safetensors(`{${entries.join(',')}}`, 4 * names.length);
    },
  ]),
];

const graph = (content: Uint8Array) =>
  bytesOf(8, 9, field(8, bytesOf(16, 17)), field(7, joined(content, field(11, field(1, bytesOf('data'))))));
const node = (...parts: readonly Uint8Array[]) => field(1, joined(...parts));
const CONVOLUTION = joined(field(1, bytesOf('data')), field(1, bytesOf('w')), field(4, bytesOf('Conv')));
/** A kernel "w" [filters, 1, 1, 1]. */
function kernel(filters: number): Uint8Array<ArrayBuffer> {
  const shape = field(1, joined(...[filters, 1, 1, 1].map(varint)));
  return field(5, joined(shape, bytesOf(16, 1), field(8, bytesOf('w')), field(9, new Uint8Array(4 * filters))));
}

export const HOSTILE_ONNX: readonly (readonly [string, Make])[] = [
  ['empty nodes', (size) => graph(filled(size, 0x0a, 0))],
  ['empty weights', (size) => graph(filled(size, 0x2a, 0))],
  ['empty inputs', (size) => graph(filled(size, 0x5a, 0))],
  ['a node of many inputs', (size) => graph(node(filled(size, 0x0a, 0)))],
  ['a node of many attributes', (size) => graph(node(filled(size, 0x2a, 0)))],
  ['an attribute of many numbers', (size) => graph(node(field(5, field(8, new Uint8Array(size).fill(1)))))],
  ['an attribute of many floats', (size) => graph(node(field(5, field(7, new Uint8Array(size - (size % 4))))))],
  ['a weight of many axes', (size) => graph(field(5, field(1, new Uint8Array(size).fill(1))))],
  ['a weight of many parts', (size) => graph(field(5, filled(size, 0x4a, 0)))],
  ['operator sets', (size) => bytesOf(8, 9, filled(size, 0x42, 0))],
  ['metadata', (size) => bytesOf(8, 9, filled(size, 0x72, 0))],
  [
    'graphs in attributes of graphs',
    (size) => {
      let inner = bytesOf(0x0a, 0);
      while (inner.length < Math.min(size, 20_000)) inner = node(field(5, field(6, inner)));
      return graph(joined(inner, filled(size, 0x0a, 0)));
    },
  ],
  [
    'one weight in many convolutions',
    (size) =>
      graph(
        joined(
          kernel(Math.floor(size / 8)),
          numbered(size / 2, (i) => node(CONVOLUTION, field(2, bytesOf(`${i}`)))),
        ),
      ),
  ],
  [
    'small convolutions on one input',
    (size) =>
      graph(
        joined(
          kernel(1),
          numbered(size, (i) => node(CONVOLUTION, field(2, bytesOf(`${i}`)))),
        ),
      ),
  ],
];

const tfjs = (json: string | Uint8Array) => bytesOf(json);
const weights = (size: number, one: (i: number) => string) =>
  bytesOf(
    '[{"paths":[],"weights":[',
    numbered(size, (i) => bytesOf(`${i === 0 ? '' : ','}${one(i)}`)),
    ']}]',
  );

export const HOSTILE_TFJS: readonly (readonly [string, Make])[] = [
  ['many empty weights', (size) => weights(size, (i) => `{"name":"${i}/kernel","shape":[0],"dtype":"float32"}`)],
  ['weights of many axes', (size) => weights(size, (i) => `{"name":"${i}","shape":[0,1,1,1,1,1,1,1],"dtype":"bool"}`)],
  [
    'layers that all take one',
    (size) =>
      tfjs(
        bytesOf(
          '{"modelTopology":{"class_name":"Model","config":{"layers":[{"class_name":"InputLayer","config":{"name":"a"}}',
          numbered(size, (i) =>
            bytesOf(`,{"class_name":"Conv2D","config":{"name":"c${i}"},"inbound_nodes":[[["a",0,0,{}]]]}`),
          ),
          ']}},"weightsManifest":[{"paths":[],"weights":[]}]}',
        ),
      ),
  ],
  ['brackets', (size) => tfjs(bytesOf(filled(size / 2, '['), filled(size / 2, ']')))],
  [
    'nodes of a graph',
    (size) =>
      tfjs(
        bytesOf(
          '{"modelTopology":{"node":[',
          numbered(size, (i) => bytesOf(`${i === 0 ? '' : ','}{"name":"${i}","op":"Conv2D","input":["a","b"]}`)),
          ']},"weightsManifest":[{"paths":[],"weights":[]}]}',
        ),
      ),
  ],
];

/** A header with a shape, before nothing. */
function npy(header: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = header.padEnd(118);
  return bytesOf(0x93, 'NUMPY', 1, 0, padded.length, 0, padded, data);
}

export const HOSTILE_NUMPY: readonly (readonly [string, Make])[] = [
  [
    'a .npy of one layer with many filters',
    (size) =>
      npy(
        `{'descr': '|b1', 'fortran_order': True, 'shape': (${Math.floor(size)}, 1, 1, 1), }`,
        new Uint8Array(Math.floor(size)),
      ),
  ],
  [
    'a .npy of many filters in half precision',
    (size) =>
      npy(
        `{'descr': '<f2', 'fortran_order': True, 'shape': (${Math.floor(size / 2)}, 1, 1, 1), }`,
        new Uint8Array(2 * Math.floor(size / 2)),
      ),
  ],
  [
    'a .npy of objects',
    (size) => npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }", pickle('(', filled(size, '}'), 't')),
  ],
  [
    'a .npz of many small arrays',
    (size) => {
      const one = writeNpy({ type: 'float32', shape: [1, 1, 1, 1], data: Float32Array.of(1) });
      return new Uint8Array(
        zipSync(Object.fromEntries(Array.from({ length: size / 300 }, (_, i) => [`${i}.npy`, one])), { level: 0 }),
      );
    },
  ],
];
