import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Budget } from '../budget.ts';
import { readCaffeModel } from '../caffe-model.ts';
import { floatsOf } from '../element-types.ts';
import { readIjbImages, readIjbLandmarks, readIjbPairs } from '../ijb-meta.ts';
import { readMxnetParams } from '../mxnet-params.ts';
import { NetpbmError, readNetpbm } from '../netpbm.ts';
import { readNpy, writeNpy } from '../npy.ts';
import { readNpz, writeNpz } from '../npz.ts';
import { readOnnx } from '../onnx.ts';
import { writeOnnx } from '../onnx-writer.ts';
import { readPairsBin } from '../pairs-bin.ts';
import { FormatProblem } from '../problem.ts';
import { readProperty } from '../property.ts';
import { readPyTorchCheckpoint } from '../pytorch-checkpoint.ts';
import { readRecordIndex } from '../record-index.ts';
import { readRecordList } from '../record-list.ts';
import { openRecords } from '../recordio.ts';
import { readSafetensors, writeSafetensors } from '../safetensors.ts';
import { readTensorflowGraph } from '../tensorflow-graph.ts';
import { readTflite } from '../tflite.ts';
import { pickle, sharedArrays, text } from './hostile-pickles.ts';
import { joined } from './mutations.ts';
import { bytesOf, python2PairsBin, u32 } from './pickles.ts';
import { imagePayload, recordFile } from './records.ts';

/** A format to throw damaged files at. */
export interface FuzzTarget {
  readonly name: string;
  /** Sound files that the damaged ones are made from. */
  readonly files: readonly Uint8Array<ArrayBuffer>[];
  /** Reads a file to its end; throws only errors that `expected` accepts. */
  read(bytes: Uint8Array<ArrayBuffer>): void | Promise<void>;
  expected(error: unknown): boolean;
}

const isFormatProblem = (error: unknown) => error instanceof FormatProblem;
const image = (value: number) => Uint8Array.from({ length: 30 }, () => value);
const rec = recordFile([
  { key: 0, payload: imagePayload([3, 4], new Uint8Array(0)) },
  { key: 1, payload: imagePayload([0, 1], bytesOf(image(1), 0, 0, u32(0xced7230a), image(2))) },
  { key: 2, payload: imagePayload([0], image(3)) },
  { key: 3, payload: imagePayload([1, 3], new Uint8Array(0)) },
]);
/** A .rec file behind its index, with the index's length in front: both are damaged together. */
const recWithIndex = joined(u32(rec.idx.length), rec.idx, rec.rec);
const numbers = { type: 'float32', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) } as const;

/** Small models of other programs; scripts/foreign writes them. */
function foreign(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(import.meta.dirname, '../../exchange/testing/foreign', name)));
}

const SMALL_ONNX = {
  opset: 17,
  producer: 'test',
  producerVersion: '1',
  graphName: 'g',
  nodes: [{ name: 'c', operator: 'Conv', inputs: ['x', 'w'], output: 'y', attributes: { pads: [1, 1, 1, 1] } }],
  tensors: new Map([['w', { shape: [2, 1, 1, 2], values: Float32Array.of(1, 2, 3, 4) }]]),
  input: { name: 'x', shape: ['N', 1, 4, 4] },
  output: { name: 'y', shape: ['N', 2, 4, 4] },
  metadata: { key: 'value' },
} as const;

export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'pickle (.bin)',
    files: [
      python2PairsBin([image(1), image(2)], [true]),
      // Python 3 at protocol 4, numpy arrays at protocol 3 and bytes at protocol 2, as pickle.dumps writes them.
      fromBase64('gASVHwAAAAAAAABdlChDAv/YlEMBAZRDAv/ZlEMBApRlXZQoiIllhpQu'),
      fromBase64(
        'gANdcQAoY251bXB5LmNvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQFjbnVtcHkKbmRhcnJheQpxAksAhXEDQwFicQSH' +
          'cQVScQYoSwFLA0sBhnEHY251bXB5CmR0eXBlCnEIWAIAAAB1MXEJiYiHcQpScQsoSwNYAQAAAHxxDE5OTkr/////Sv////9L' +
          'AHRxDWKJQwMBAgNxDnRxD2JoAWgCSwCFcRBoBIdxEVJxEihLAUsChXETaAuJQwIEBXEUdHEVYmVdcRZjbnVtcHkuY29yZS5t' +
          'dWx0aWFycmF5CnNjYWxhcgpxF2gIWAIAAABiMXEYiYiHcRlScRooSwNoDE5OTkr/////Sv////9LAHRxG2JDAQFxHIZxHVJx' +
          'HmGGcR8u',
      ),
      bytesOf(
        0x80,
        2,
        ']q',
        0,
        '(c_codecs\nencode\nq',
        1,
        'X',
        u32(2),
        'ab',
        'X',
        u32(6),
        'latin1',
        0x86,
        'Rh',
        1,
        'X',
        u32(1),
        'c',
        'X',
        u32(6),
        'latin1',
        0x86,
        'Re](',
        0x88,
        'e',
        0x86,
        '.',
      ),
    ],
    read: (bytes) => {
      const { images } = readPairsBin(bytes);
      for (const one of images) one.at(-1);
    },
    expected: isFormatProblem,
  },
  {
    name: 'checkpoint',
    files: [
      // A module, numpy arrays of protocol 4, and dicts of protocol 0, none with storages.
      pickle(
        ...['cmodels\nNet\n)', 0x81, '}(', text('_parameters'), 'ccollections\nOrderedDict\n)R', text('_modules')],
        ...['}', text('conv1'), '}ss', text('_buffers'), '}u', text('log'), '](K', 1, 'K', 2, 'e', 's', 'b'],
      ),
      sharedArrays(400),
      bytesOf("(dp0\nS'a'\np1\n(lp2\nI1\naF0.5\nasVb\np3\n(I01\nI00\ntp4\ns."),
    ],
    read: (bytes) => {
      for (const tensor of readPyTorchCheckpoint(bytes).values()) tensor.floats();
    },
    expected: isFormatProblem,
  },
  {
    name: 'recordio (.rec, .idx)',
    files: [recWithIndex],
    read: async (bytes) => {
      const length = bytes.length < 4 ? 0 : new DataView(bytes.buffer).getUint32(0, true);
      const idx = bytes.subarray(4, 4 + length);
      const file = bytes.subarray(4 + length);
      const index = readRecordIndex(idx);
      const records = await openRecords(async (offset, size) => file.slice(offset, offset + size), file.length, index);
      for (const key of records.imageKeys) {
        await records.labels(key);
        await records.read(key);
      }
    },
    expected: isFormatProblem,
  },
  {
    name: 'property',
    files: [bytesOf('10575,112,112\n140\n')],
    read: (bytes) => {
      readProperty(new TextDecoder().decode(bytes));
    },
    expected: isFormatProblem,
  },
  {
    name: 'record list (.lst)',
    files: [bytesOf('0\t0.000000\tman/1.jpg\n4\t1\t1\twoman/2.jpg\n')],
    read: (bytes) => {
      readRecordList(bytes);
    },
    expected: isFormatProblem,
  },
  {
    name: 'ijb lists',
    files: [
      bytesOf('1.jpg 1 69544\n2.jpg 12 0\n'),
      bytesOf('1 11065 1\n2 11066 0\n'),
      bytesOf('1.jpg 1 2 3 4 5 6 7 8 9 10.5 0.25\n'),
    ],
    read: (bytes) => {
      const front = new TextDecoder().decode(bytes.subarray(0, 60)).trim().split(/\s+/).length;
      if (front > 10) readIjbLandmarks(bytes);
      else if (bytes.includes(0x6a)) readIjbImages(bytes);
      else readIjbPairs(bytes);
    },
    expected: isFormatProblem,
  },
  {
    name: 'npy',
    files: [writeNpy(numbers), writeNpy({ type: 'int64', shape: [], data: BigInt64Array.of(1n) })],
    read: (bytes) => {
      readNpy(bytes);
    },
    expected: isFormatProblem,
  },
  {
    name: 'npz',
    files: [
      writeNpz({ original: numbers, issame: { type: 'bool', shape: [3], data: Uint8Array.of(1, 0, 1) } }),
      // Deflated, as numpy.savez_compressed writes it.
      fromBase64(
        'UEsDBBQAAAAIAAAAIQBSMxP7TgAAAJAAAAAFABQAYS5ucHkBABAAkAAAAAAAAABOAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxc' +
          'pG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GiY6mjoKtQoUAC4GMGiwBxIOQOQAAFBLAQIUAxQAAAAI' +
          'AAAAIQBSMxP7TgAAAJAAAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLBQYAAAAAAQABADMAAACFAAAAAAA=',
      ),
    ],
    read: (bytes) => {
      readNpz(bytes);
    },
    expected: isFormatProblem,
  },
  {
    name: 'safetensors',
    files: [
      writeSafetensors(
        new Map([
          ['conv.weight', { shape: [2, 1], data: Float32Array.of(1, 2) }],
          ['norm.bias', { shape: [3], data: Float32Array.of(1, 2, 3) }],
        ]),
        { seed: '1' },
      ),
    ],
    read: (bytes) => {
      for (const tensor of readSafetensors(bytes).tensors.values()) floatsOf(tensor);
    },
    expected: isFormatProblem,
  },
  {
    name: 'netpbm',
    files: [
      bytesOf('P5\n# a\n3 2\n255\n', 1, 2, 3, 4, 5, 6),
      bytesOf('P3\n2 1\n15\n1 2 3 4 5 6\n'),
      bytesOf('P2 1 2 9 1 2'),
      bytesOf('P6 1 1 65535\n123456'),
    ],
    read: (bytes) => {
      readNetpbm(bytes);
    },
    expected: (error) => error instanceof NetpbmError,
  },
  {
    name: 'onnx',
    files: [writeOnnx(SMALL_ONNX)],
    read: (bytes) => {
      const { tensors, nodes } = readOnnx(bytes);
      for (const tensor of tensors.values()) tensor.values();
      for (const { attributes } of nodes) for (const { tensor } of attributes.values()) tensor?.values();
    },
    expected: isFormatProblem,
  },
  {
    name: 'TensorFlow Lite',
    files: [foreign('float.tflite'), foreign('int8.tflite')],
    read: (bytes) => {
      for (const tensor of readTflite(bytes).tensors) tensor.values();
    },
    expected: isFormatProblem,
  },
  {
    name: 'TensorFlow graph',
    files: [foreign('frozen.pb')],
    read: (bytes) => {
      for (const { value } of readTensorflowGraph(bytes, new Budget(bytes.length))) value?.floats();
    },
    expected: isFormatProblem,
  },
  {
    name: 'MXNet .params',
    files: [foreign('mxnet-0000.params'), foreign('alone-0001.params')],
    read: (bytes) => {
      for (const array of readMxnetParams(bytes)) array.floats();
    },
    expected: isFormatProblem,
  },
  {
    name: 'Caffe',
    files: [foreign('face.caffemodel'), foreign('old.caffemodel')],
    read: (bytes) => {
      for (const { blobs } of readCaffeModel(bytes, new Budget(bytes.length))) for (const blob of blobs) blob.floats();
    },
    expected: isFormatProblem,
  },
];

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
