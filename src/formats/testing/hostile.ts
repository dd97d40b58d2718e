import { strToU8 } from 'fflate';
import { joinBytes } from '../join-bytes.ts';
import { HOSTILE_CAFFE, HOSTILE_MXNET, HOSTILE_TENSORFLOW, HOSTILE_TFLITE } from './hostile-frameworks.ts';
import { HOSTILE_IMAGES } from './hostile-images.ts';
import { HOSTILE_NUMPY, HOSTILE_ONNX, HOSTILE_SAFETENSORS, HOSTILE_TFJS } from './hostile-models.ts';
import { HOSTILE_PICKLES } from './hostile-pickles.ts';
import { HOSTILE_PACKED } from './hostile-tars.ts';
import { HOSTILE_LISTS } from './hostile-texts.ts';
import { HOSTILE_ZIPS } from './hostile-zips.ts';
import { bytesOf, u32 } from './pickles.ts';
import { imagePayload, record } from './records.ts';
import { filled, type Make, numbered } from './repeated.ts';

/** A shape of input that asks for far more memory or time than its size, and the reader that it is meant for. */
export interface HostileShape {
  readonly name: string;
  readonly reader:
    | 'model'
    | 'run'
    | 'network'
    | 'pairs'
    | 'records'
    | 'index'
    | 'list'
    | 'ijb'
    | 'netpbm'
    | 'faces'
    | 'packed'
    | 'image'
    | 'plan'
    | 'results';
  /** For `records` it makes the index behind its length, then the .rec file. */
  readonly make: Make;
}

/** InsightFace's layout: every identity's range is all images. */
function overlappingRanges(size: number): Uint8Array<ArrayBuffer> {
  const count = Math.floor(size / 2 / 50);
  const image = record(imagePayload([0], new Uint8Array(0)));
  const range = record(imagePayload([1, count + 1], new Uint8Array(0)));
  const head = record(imagePayload([count + 1, 2 * count + 1], new Uint8Array(0)));
  const lines: string[] = ['0\t0\n'];
  for (let key = 1; key <= 2 * count; key++) {
    const images = Math.min(key - 1, count) * image.length;
    lines.push(`${key}\t${head.length + images + Math.max(0, key - 1 - count) * range.length}\n`);
  }
  const idx = strToU8(lines.join(''));
  const records = Array.from({ length: 2 * count }, (_, i) => (i < count ? image : range));
  return joinBytes([u32(idx.length), idx, head, ...records]);
}

/** Every shape; with sizes from a megabyte to a hundred they make the inputs of bench/evidence/hostile.ts. */
export const HOSTILE_SHAPES: readonly HostileShape[] = [
  ...HOSTILE_PICKLES.map(([name, make]): HostileShape => ({ name: `pickle: ${name}`, reader: 'model', make })),
  ...HOSTILE_PICKLES.slice(12, 24).map(
    ([name, make]): HostileShape => ({ name: `.bin: ${name}`, reader: 'pairs', make }),
  ),
  ...HOSTILE_SAFETENSORS.map(([name, make]): HostileShape => ({ name: `safetensors: ${name}`, reader: 'model', make })),
  ...HOSTILE_SAFETENSORS.map(([name, make]): HostileShape => ({ name: `network: ${name}`, reader: 'network', make })),
  ...HOSTILE_ONNX.map(([name, make]): HostileShape => ({ name: `onnx: ${name}`, reader: 'model', make })),
  ...HOSTILE_ONNX.map(([name, make]): HostileShape => ({ name: `onnx network: ${name}`, reader: 'network', make })),
  ...HOSTILE_ZIPS.map(([name, make]): HostileShape => ({ name: `zip: ${name}`, reader: 'model', make })),
  ...HOSTILE_ZIPS.map(([name, make]): HostileShape => ({ name: `run: ${name}`, reader: 'run', make })),
  ...HOSTILE_ZIPS.map(([name, make]): HostileShape => ({ name: `zip network: ${name}`, reader: 'network', make })),
  ...HOSTILE_TFJS.map(([name, make]): HostileShape => ({ name: `tfjs: ${name}`, reader: 'model', make })),
  ...HOSTILE_NUMPY.map(([name, make]): HostileShape => ({ name: `numpy: ${name}`, reader: 'model', make })),
  ...HOSTILE_TFLITE.map(([name, make]): HostileShape => ({ name: `tflite: ${name}`, reader: 'model', make })),
  ...HOSTILE_MXNET.map(([name, make]): HostileShape => ({ name: `mxnet: ${name}`, reader: 'model', make })),
  ...HOSTILE_CAFFE.map(([name, make]): HostileShape => ({ name: `caffe: ${name}`, reader: 'model', make })),
  ...HOSTILE_TENSORFLOW.map(([name, make]): HostileShape => ({ name: `tensorflow: ${name}`, reader: 'model', make })),
  ...HOSTILE_LISTS.map(([name, make]): HostileShape => ({ name: `list: ${name}`, reader: 'faces', make })),
  ...HOSTILE_PACKED.map(([name, make]): HostileShape => ({ name: `packed: ${name}`, reader: 'packed', make })),
  ...HOSTILE_IMAGES.map(([name, make]): HostileShape => ({ name: `tiff: ${name}`, reader: 'image', make })),
  {
    name: 'tar: a file of zeros',
    reader: 'model',
    make: (size) => {
      const tar = new Uint8Array(size);
      tar.set(bytesOf('a.onnx'));
      tar.set(bytesOf('ustar'), 257);
      return tar;
    },
  },
  { name: 'rec: ranges of all images', reader: 'records', make: overlappingRanges },
  { name: 'idx: empty lines', reader: 'index', make: (size) => filled(size, '\n') },
  { name: 'idx: short lines', reader: 'index', make: (size) => filled(size, '1\t0\n') },
  {
    name: 'idx: keys in disorder',
    reader: 'index',
    make: (size) => numbered(size, (i) => bytesOf(`${(i * 7919) % 1e9}\t${i}\n`)),
  },
  { name: 'lst: a label a line', reader: 'list', make: (size) => numbered(size, (i) => bytesOf(`${i}\t${i}\ta\n`)) },
  { name: 'ijb: short lines of images', reader: 'ijb', make: (size) => filled(size, 'a.jpg 1 1\n') },
  { name: 'ijb: short lines of pairs', reader: 'ijb', make: (size) => filled(size, '1 1 1\n') },
  {
    name: 'netpbm: a bit a pixel',
    reader: 'netpbm',
    make: (size) => {
      const side = Math.floor(Math.sqrt(8 * size) / 8) * 8;
      return bytesOf(`P4 ${side} ${side}\n`, new Uint8Array((side * side) / 8));
    },
  },
  {
    name: 'netpbm: digits',
    reader: 'netpbm',
    make: (size) => bytesOf(`P1 ${Math.floor(size)} 1\n`, filled(size, '1')),
  },
];
