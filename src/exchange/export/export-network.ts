import { strToU8, zipSync } from 'fflate';
import { exportOnnx } from './onnx.ts';
import { type BundleSources, exportPyTorch } from './pytorch.ts';
import { exportSafetensors } from './safetensors.ts';
import { exportTfjs, TFJS_WEIGHTS_FILE } from './tfjs.ts';
import type { TrainedNetwork } from './trained-network.ts';

/** The formats a network can be written in. */
export const EXPORT_FORMATS = {
  onnx: { label: 'ONNX', extension: '.onnx', mediaType: 'application/octet-stream' },
  pytorch: { label: 'PyTorch bundle', extension: '-pytorch.zip', mediaType: 'application/zip' },
  safetensors: { label: 'safetensors', extension: '.safetensors', mediaType: 'application/octet-stream' },
  tfjs: { label: 'TensorFlow.js layers model', extension: '-tfjs.zip', mediaType: 'application/zip' },
} as const;
export type ExportFormat = keyof typeof EXPORT_FORMATS;

export interface ExportOptions {
  readonly format: ExportFormat;
  /** For ONNX alone. */
  readonly batchNorm: 'folded' | 'kept';
  /** Of the software that writes the file. */
  readonly version: string;
  /** For PyTorch alone. */
  readonly bundle: BundleSources;
}

/** A file to save. */
export interface ExportedFile {
  /** "craft-step-1200.onnx" */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

/** Writes a network in the format asked for. @throws ExportError */
export function exportNetwork(network: TrainedNetwork, options: ExportOptions): ExportedFile {
  const { extension, mediaType } = EXPORT_FORMATS[options.format];
  return { name: `${network.arm}-step-${network.step}${extension}`, bytes: bytesOf(network, options), mediaType };
}

function bytesOf(network: TrainedNetwork, options: ExportOptions): Uint8Array<ArrayBuffer> {
  switch (options.format) {
    case 'onnx':
      return exportOnnx(network, options);
    case 'safetensors':
      return exportSafetensors(network);
    case 'pytorch':
      return exportPyTorch(network, options.version, options.bundle);
    case 'tfjs': {
      const { model, weights } = exportTfjs(network, options.version);
      return new Uint8Array(zipSync({ 'model.json': strToU8(model), [TFJS_WEIGHTS_FILE]: weights }, { level: 0 }));
    }
  }
}
