import { strToU8, zipSync } from 'fflate';
import { writeNpz } from '../../formats/npz.ts';
import { type OnnxModelToWrite, type OnnxNodeToWrite, writeOnnx } from '../../formats/onnx-writer.ts';
import { writeSafetensors } from '../../formats/safetensors.ts';

/** A kernel [2, 1, 3, 3] in PyTorch's order: 0, 0.1, 0.2, ... */
export const SAMPLE_KERNEL = Float32Array.from({ length: 18 }, (_, i) => i / 10);
/** The batch norm behind it: scale 1, variance 4. */
const GAMMA = Float32Array.of(1, 1);
const VARIANCE = Float32Array.of(4, 4);

const NODES: readonly OnnxNodeToWrite[] = [
  { name: 'first', operator: 'Conv', inputs: ['data', 'kernel'], output: 'a' },
  {
    name: 'norm',
    operator: 'BatchNormalization',
    inputs: ['a', 'gamma', 'gamma', 'gamma', 'variance'],
    output: 'b',
    attributes: { epsilon: { float: 1e-5 } },
  },
];

/** A small ONNX model with some of its parts replaced. */
export function sampleOnnx(changes: Partial<OnnxModelToWrite> = {}): Uint8Array<ArrayBuffer> {
  return writeOnnx({
    opset: 17,
    producer: 'test',
    producerVersion: '1',
    graphName: 'sample',
    nodes: NODES,
    tensors: new Map([
      ['kernel', { shape: [2, 1, 3, 3], values: SAMPLE_KERNEL }],
      ['gamma', { shape: [2], values: GAMMA }],
      ['variance', { shape: [2], values: VARIANCE }],
    ]),
    input: { name: 'data', shape: ['N', 1, 8, 8] },
    output: { name: 'b', shape: ['N', 2, 6, 6] },
    metadata: {},
    ...changes,
  });
}

/** The same kernel in TensorFlow's order, quantised to a tenth. */
const QUANTISED = Uint8Array.from({ length: 18 }, (_, i) => (i % 2) * 9 + Math.floor(i / 2));
const WEIGHTS = [
  { name: 'first/kernel', shape: [3, 3, 1, 2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.1, min: 0 } },
  { name: 'norm/gamma', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: 0 } },
  { name: 'norm/moving_variance', shape: [2], dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: 0 } },
];
const SHARD = Uint8Array.of(...QUANTISED, 1, 1, 4, 4);
const MANIFEST = [{ paths: ['group1-shard1of1'], weights: WEIGHTS }];

const LAYERS = {
  class_name: 'Sequential',
  config: [
    { class_name: 'Conv2D', config: { name: 'first' } },
    { class_name: 'BatchNormalization', config: { name: 'norm', epsilon: 1e-5 } },
  ],
};
const GRAPH = {
  node: [
    { name: 'data', op: 'Placeholder' },
    { name: 'first/kernel', op: 'Const' },
    { name: 'norm/gamma', op: 'Const' },
    { name: 'norm/moving_variance', op: 'Const' },
    { name: 'first', op: 'Conv2D', input: ['data', 'first/kernel:0'] },
    {
      name: 'norm',
      op: 'FusedBatchNormV3',
      input: ['first', 'norm/gamma', 'norm/gamma', 'norm/gamma', 'norm/moving_variance'],
      attr: { epsilon: { f: 1e-5 } },
    },
  ],
};

function tfjsZip(json: unknown): Uint8Array<ArrayBuffer> {
  const files = { 'model.json': strToU8(JSON.stringify(json)), 'group1-shard1of1': SHARD };
  return new Uint8Array(zipSync(files, { level: 0 }));
}

/** The same two layers in every format that is read. All give `SAMPLE_KERNEL` and the batch norm. */
export const MODEL_SAMPLES: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  onnx: sampleOnnx(),
  safetensors: writeSafetensors(
    new Map([
      ['bn1.running_var', { shape: [2], data: VARIANCE }],
      ['bn1.weight', { shape: [2], data: GAMMA }],
      ['conv1.weight', { shape: [2, 1, 3, 3], data: SAMPLE_KERNEL }],
    ]),
  ),
  npz: writeNpz({
    'conv1.weight': { type: 'float32', shape: [2, 1, 3, 3], data: SAMPLE_KERNEL },
    'bn1.weight': { type: 'float32', shape: [2], data: GAMMA },
    'bn1.running_var': { type: 'float32', shape: [2], data: VARIANCE },
  }),
  'TensorFlow.js layers': tfjsZip({ modelTopology: LAYERS, weightsManifest: MANIFEST }),
  'TensorFlow.js graph': tfjsZip({ modelTopology: GRAPH, weightsManifest: MANIFEST }),
  'TensorFlow.js weights': tfjsZip(MANIFEST),
  // torch.save({'state_dict': ..., 'epoch': 1}) of PyTorch 1.13, without and with the zip archive (deflated afterwards).
  'PyTorch, old': fromBase64(
    'gAKKCmz8nEb5IGqoUBkugAJN6QMugAJ9cQAoWBAAAABwcm90b2NvbF92ZXJzaW9ucQFN6QNYDQAAAGxpdHRsZV9lbmRpYW5xAohYCgAAAHR5' +
      'cGVfc2l6ZXNxA31xBChYBQAAAHNob3J0cQVLAlgDAAAAaW50cQZLBFgEAAAAbG9uZ3EHSwR1dS6AAn1xAChYCgAAAHN0YXRlX2RpY3RxAWNj' +
      'b2xsZWN0aW9ucwpPcmRlcmVkRGljdApxAilScQMoWAwAAABjb252MS53ZWlnaHRxBGN0b3JjaC5fdXRpbHMKX3JlYnVpbGRfdGVuc29yX3Yy' +
      'CnEFKChYBwAAAHN0b3JhZ2VxBmN0b3JjaApGbG9hdFN0b3JhZ2UKcQdYCgAAADEwMTU3NjA4MTZxCFgDAAAAY3B1cQlLEk50cQpRSwAoSwJL' +
      'AUsDSwN0cQsoSwlLCUsDSwF0cQyJaAIpUnENdHEOUnEPWAoAAABibjEud2VpZ2h0cRBoBSgoaAZoB1gKAAAAMTAxNjI0MDcwNHERaAlLAk50' +
      'cRJRSwBLAoVxE0sBhXEUiWgCKVJxFXRxFlJxF1gPAAAAYm4xLnJ1bm5pbmdfdmFycRhoBSgoaAZoB1gJAAAAOTU0MTQzNDg4cRloCUsCTnRx' +
      'GlFLAEsChXEbSwGFcRyJaAIpUnEddHEeUnEfdX1xIFgJAAAAX21ldGFkYXRhcSFoAilScSJYAAAAAHEjfXEkWAcAAAB2ZXJzaW9ucSVLAXNz' +
      'c2JYBQAAAGVwb2NocSZLAXUugAJdcQAoWAoAAAAxMDE1NzYwODE2cQFYCgAAADEwMTYyNDA3MDRxAlgJAAAAOTU0MTQzNDg4cQNlLhIAAAAA' +
      'AAAAAAAAAM3MzD3NzEw+mpmZPs3MzD4AAAA/mpkZPzMzMz/NzEw/ZmZmPwAAgD/NzIw/mpmZP2Zmpj8zM7M/AADAP83MzD+amdk/AgAAAAAA' +
      'AAAAAIA/AACAPwIAAAAAAAAAAACAQAAAgEA=',
  ),
  'PyTorch, zip': fromBase64(
    'UEsDBBQAAAAIAAAAIQCidfm7MgEAAKMBAAAQAAAAYXJjaGl2ZS9kYXRhLnBrbFWQSU/DMBCFs1BKTKFQ9n1H4VLR/gbExQdEuPhmpY5VRwpx' +
      'x56EUyUuPfCvcZMKCc3tzcz33sx3MAcvZsTzPIspSp7lAsEXQheFFJjr0pI3k0kjsxfXIRA8JRDGrOcWhC7r0fBL5lOFsCZQG6GGvMK8sIQb' +
      'OanyIuMoS6sNr8cEOnHMuo2RNulUwnq7Ql4LneJHKxLoMt/NPMMGC5ceswoiOkAg79SLaUB9GtIQYTOmkauQ+gi9H7VMtYWwnUC/uWVS/gXb' +
      'Uc5XrauWO4JdFdEAYeB4NFjAHvUXsN8SDhAOEzhi/RXBVGWZl1NepwaO/2HGcNJiTleYsyXmvMVcIFwmcFXN4ZpFbph/SkyzFFO4afq3zIke' +
      '3M3hvvlHLY11j4YH6ltrJ6zjNDnTQsEj9avhL1BLAwQUAAAACAAAACEAuF9M2kAAAABIAAAADgAAAGFyY2hpdmUvZGF0YS8wY2BgYDh75ozt' +
      '2TM+drNmzrQDsu2AQvazZkraGxsb2wPF7dPS0uwZGBqA7B6g+EwgfxlQbjNQ7ABQ7AxQ7KY9AFBLAwQUAAAACAAAACEAkFEG1QgAAAAIAAAA' +
      'DgAAAGFyY2hpdmUvZGF0YS8xY2BosGcAYgBQSwMEFAAAAAgAAAAhACNKPm4IAAAACAAAAA4AAABhcmNoaXZlL2RhdGEvMmNgaHBgAGIAUEsD' +
      'BBQAAAAIAAAAIQDRnmdVBAAAAAIAAAAPAAAAYXJjaGl2ZS92ZXJzaW9uM+YCAFBLAQIUAxQAAAAIAAAAIQCidfm7MgEAAKMBAAAQAAAAAAAA' +
      'AAAAAACAAQAAAABhcmNoaXZlL2RhdGEucGtsUEsBAhQDFAAAAAgAAAAhALhfTNpAAAAASAAAAA4AAAAAAAAAAAAAAIABYAEAAGFyY2hpdmUv' +
      'ZGF0YS8wUEsBAhQDFAAAAAgAAAAhAJBRBtUIAAAACAAAAA4AAAAAAAAAAAAAAIABzAEAAGFyY2hpdmUvZGF0YS8xUEsBAhQDFAAAAAgAAAAh' +
      'ACNKPm4IAAAACAAAAA4AAAAAAAAAAAAAAIABAAIAAGFyY2hpdmUvZGF0YS8yUEsBAhQDFAAAAAgAAAAhANGeZ1UEAAAAAgAAAA8AAAAAAAAA' +
      'AAAAAIABNAIAAGFyY2hpdmUvdmVyc2lvblBLBQYAAAAABQAFAC8BAABlAgAAAAA=',
  ),
};

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
