import { armConfig } from '../../config/arm.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { RespondingLayer } from '../../craft/response.ts';
import { type ModelFile, nameOf } from '../../exchange/import/model-files.ts';
import { type RunnableModel, readRunnable } from '../../exchange/import/runnable-model.ts';
import { checkModelSize } from '../../exchange/model-problem.ts';
import type { ArchivedArm } from '../../exchange/run-archive.ts';
import { architectureOf } from '../../network/architecture.ts';
import { FaceNetwork } from '../../network/face-network.ts';
import { savedFirstLayer } from '../../network/first-layer.ts';
import { firstLayerUse } from '../../network/first-layer-use.ts';
import { CENTRES_NAME } from '../../network/parameters.ts';
import { recipeOf } from '../../network/recipe.ts';
import { armLabel } from '../../record/arm.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import { embedderOf } from '../../training/embed-faces.ts';
import type { FaceEmbedder } from '../../training/score-benchmark.ts';
import type { InputCoding, NetworkSummary, VerificationCommand } from './protocol.ts';

type GivenFiles = Pick<Extract<VerificationCommand, { type: 'take-files' }>, 'requestId' | 'name' | 'files'>;

/** A network made ready to embed; to be disposed after. */
export interface ReadyNetwork {
  readonly network: FaceEmbedder;
  dispose(): void;
}

interface OpenNetwork {
  readonly summary: NetworkSummary;
  /** Of arms of runs: the first layer whose responses can be shown. */
  readonly layer?: RespondingLayer | undefined;
  /** The engine has to be open. */
  ready(coding: InputCoding): ReadyNetwork;
  close?(): void;
}

/** The networks that are open, by their ids. */
export class NetworkShelf {
  readonly #open = new Map<string, OpenNetwork>();

  /** Takes over the arms of the page's run, in place of those it had before. Their ids are of the request, as of files. */
  addRun(requestId: number, { config, step, arms }: Checkpoint): readonly NetworkSummary[] {
    for (const id of this.#open.keys()) if (id.startsWith('run/')) this.close(id);
    return this.#addArms(`run/${requestId}`, arms, config, step, 'Your run');
  }

  /**
   * Reads networks from files; those that are open stay. The page counts its requests over all workers, so that an id
   * never means another network, and the same request gives the same ids to a fresh worker.
   * @throws ModelProblem, or the signal's reason
   */
  async addFiles({ requestId, name, files }: GivenFiles, signal: AbortSignal): Promise<readonly NetworkSummary[]> {
    // Before anything is read: a file may be larger than the memory.
    checkModelSize(files.reduce((sum, { file }) => sum + file.size, 0));
    const contents: ModelFile[] = [];
    for (const { path, file } of files) {
      contents.push({ name: path, bytes: new Uint8Array(await file.arrayBuffer()) });
      signal.throwIfAborted();
    }
    const model = readRunnable(contents);
    const id = `file/${requestId}`;
    if (model.kind === 'onnx') return [await this.#addOnnx(id, name, model)];
    return this.#addArms(id, model.arms, model.config, model.step, name);
  }

  find(id: string): NetworkSummary | undefined {
    return this.#open.get(id)?.summary;
  }

  /** Makes a network ready to embed; undefined where it is not open. */
  ready(id: string, coding: InputCoding): ReadyNetwork | undefined {
    return this.#open.get(id)?.ready(coding);
  }

  /** The first layer of a network whose responses can be shown: of an arm of a run. */
  layerOf(id: string): RespondingLayer | undefined {
    return this.#open.get(id)?.layer;
  }

  close(id: string): void {
    this.#open.get(id)?.close?.();
    this.#open.delete(id);
  }

  #addArms(
    id: string,
    arms: readonly ArchivedArm[],
    config: RunConfig,
    step: number,
    from: string,
  ): readonly NetworkSummary[] {
    return arms.map((arm) => {
      const { name, state } = arm;
      const own = armConfig(config, arm);
      const architecture = architectureOf(own, state.get(CENTRES_NAME)?.shape[0] ?? 0);
      const firstLayer = firstLayerUse(state, architecture, own);
      const summary: NetworkSummary = {
        id: `${id}/${name}`,
        name: armLabel(name),
        detail: from,
        arm: name,
        step,
        seed: config.seed,
        testSeed: config.testSeed,
        ...(firstLayer === undefined ? {} : { firstLayer }),
        size: config.imageSize,
        region: config.region,
        coded: false,
      };
      const ready = () => {
        const network = FaceNetwork.create(architecture, recipeOf(own), own.seed);
        network.importState(state);
        return { network: embedderOf(network), dispose: () => network.dispose() };
      };
      this.#open.set(summary.id, { summary, ready, layer: savedFirstLayer(state, architecture) });
      return summary;
    });
  }

  async #addOnnx(id: string, name: string, model: Extract<RunnableModel, { kind: 'onnx' }>): Promise<NetworkSummary> {
    // Loaded with the first such model: its WebAssembly is larger than the rest of the page.
    const { OnnxNetwork } = await import('./onnx-network.ts');
    const { default: runtime } = await import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url');
    const { region, config, file, others, doubt } = model;
    const network = await OnnxNetwork.open(model, runtime);
    const { scaling } = network;
    const from = others.length === 0 ? 'ONNX' : `${nameOf(file)}, 1 of ${others.length + 1} models`;
    const unknown = doubt === undefined ? '' : `. ${doubt} Choose them as the model's input`;
    const takes = scaling === undefined ? unknown : `, takes values of ${scaling === '0-255' ? '0 to 255' : '0 to 1'}`;
    const summary: NetworkSummary = {
      id,
      name,
      detail: `${from}, ${network.imageSize}, ${network.dimension} numbers${takes}`,
      ...(config === undefined ? {} : { seed: config.seed, testSeed: config.testSeed }),
      size: network.size,
      region,
      // Files of our own exporter take the images of our own networks.
      coded: config === undefined,
      ...(scaling === undefined ? {} : { scaling }),
    };
    const ready = (coding: InputCoding) => ({ network: network.coded(coding), dispose: () => {} });
    this.#open.set(id, { summary, ready, close: () => void network.close() });
    return summary;
  }
}
