import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { nameOf } from '../exchange/import/model-files.ts';
import { readRunnable } from '../exchange/import/runnable-model.ts';
import type { RegionName } from '../faces/face-set.ts';
import { embedderOf } from '../training/embed-faces.ts';
import type { FaceEmbedder } from '../training/score-benchmark.ts';
import type { InputCoding } from '../worker/verification/protocol.ts';
import { UsageError } from './arguments.ts';
import { besideOnDisk, modelFilesAt } from './model-files.ts';
import { networksOf } from './run-networks.ts';

/** The networks of `--model`, ready to embed. */
export interface VerifiedNetworks {
  readonly networks: ReadonlyMap<string, FaceEmbedder>;
  /** Images that they take. */
  readonly size: number;
  readonly region: RegionName;
  /** Of a model that others trained: how it is run. */
  readonly about: OnnxAbout | undefined;
  dispose(): Promise<void>;
}

/** How a foreign ONNX network was run. */
export interface OnnxAbout {
  readonly file: string;
  readonly image: string;
  readonly output: string;
  readonly dimension: number;
  readonly batch: number;
  /** The coding that was used, and whether the graph asks for its scaling. */
  readonly coding: InputCoding;
  readonly asked: boolean;
  /** Why the scaling that was used may be a wrong one, in a sentence. */
  readonly doubt?: string;
}

/**
 * Opens the arms of a run, a network saved from the page, or any ONNX model. The engine has to be open.
 * @throws UsageError, ModelProblem, OnnxProblem
 */
export async function verifiedNetworks(
  path: string,
  options: { readonly arm?: string | undefined; readonly output?: string | undefined; readonly coding: InputCoding },
): Promise<VerifiedNetworks> {
  const model = readRunnable(modelFilesAt([path]), besideOnDisk);
  if (model.kind === 'own') {
    if (options.output !== undefined) {
      throw new UsageError('--output chooses an output of an ONNX model of others; a run has one embedding.');
    }
    const networks = networksOf(model, options.arm);
    const { imageSize: size, region } = model.config;
    const dispose = async () => {
      for (const network of networks.values()) network.dispose();
    };
    const embedders = new Map([...networks].map(([name, network]) => [name, embedderOf(network)]));
    return { networks: embedders, size, region, about: undefined, dispose };
  }
  if (options.arm !== undefined) throw new UsageError('--arm chooses an arm of a run; an ONNX model has none.');
  const { OnnxNetwork } = await import('../worker/verification/onnx-network.ts');
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  const network = await OnnxNetwork.open(model, new Uint8Array(readFileSync(runtime)).buffer, options.output);
  const coding = network.knownCoding(options.coding);
  const about = {
    file: model.file,
    image: network.imageSize,
    output: network.output,
    dimension: network.dimension,
    batch: network.batch,
    coding,
    asked: coding.scaling === network.scaling,
    ...(options.coding.scaling === 'auto' && network.scaling === undefined && model.doubt !== undefined
      ? { doubt: model.doubt }
      : {}),
  };
  return {
    networks: new Map([[nameOf(basename(model.file)), network.coded(coding)]]),
    size: network.size,
    region: model.region,
    about,
    dispose: () => network.close(),
  };
}
