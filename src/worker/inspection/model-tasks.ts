import type { ModelTensors, OnnxSource } from '../../exchange/import/model-tensors.ts';
import { runFilesOf } from '../../exchange/import/onnx-files.ts';
import { ModelProblem } from '../../exchange/model-problem.ts';
import { reviveBundle, reviveScript } from '../../exchange/pytorch/revive.ts';
import { decisionOf } from '../../exchange/slim/decision.ts';
import { sameAnswers } from '../../exchange/slim/same-answers.ts';
import { keptSentence, type SlimLayers, SlimmableModel, type SlimReport } from '../../exchange/slim/slim-onnx.ts';
import type { DecodeImage } from '../../faces/import/read-image.ts';
import type { ImportFile } from '../protocol.ts';
import type { Ablation } from './ablation.ts';
import type { AblationPairs } from './ablation-pairs.ts';
import { openPhotos } from './open-photos.ts';
import type { Removable, SlimmedModel, SlimPlan } from './protocol.ts';

/** The tasks on an open model whose graph can be run: to slim it, and to switch its filters off. */
export class ModelTasks {
  readonly #model: ModelTensors;
  readonly #source: OnnxSource | undefined;
  readonly #format: string;
  readonly #runtime: () => Promise<string | ArrayBuffer>;
  #slimmable: SlimmableModel | undefined;
  #ablation: Ablation | undefined;

  /** `runtime` gives the argument of OnnxNetwork.open; it is asked for with the first network that runs. */
  constructor(model: ModelTensors, format: string, runtime: () => Promise<string | ArrayBuffer>) {
    this.#model = model;
    this.#source = model.source;
    this.#format = format;
    this.#runtime = runtime;
  }

  /**
   * The removable channels, and the way to re-activate them with `craft`, the text of craft.py; without plans where the
   * model is not ONNX, or cannot be slimmed.
   */
  removable(craft: string): Removable {
    const revive = this.#revive(craft);
    try {
      const slimmable = this.#slim();
      const [first, all] = [slimmable.slim('first').report, slimmable.slim('all').report];
      return { decision: decisionOf(first, all), plans: { first: planOf(first), all: planOf(all) }, revive };
    } catch (error) {
      if (!(error instanceof ModelProblem)) throw error;
      return { decision: [`${error.message} ${error.hint}`], plans: undefined, revive };
    }
  }

  #revive(craft: string): Removable['revive'] {
    const { convolutions, first } = this.#model;
    const { name = '', weight, shape = [1, 1, 1, 1], batchNorm } = convolutions[first] ?? {};
    const layer = { name, weight, shape, batchNorm: batchNorm?.name } as const;
    return { script: reviveScript(layer), bundle: reviveBundle(layer, craft) };
  }

  /** A smaller model, compared with the one that is open. @throws ModelProblem where its answers are not the same */
  async slim(layers: SlimLayers, photos: readonly ImportFile[], decode: DecodeImage): Promise<SlimmedModel> {
    const source = this.#known();
    const { bytes } = this.#slim().slim(layers);
    const [before, after] = [runFilesOf(source.bytes, source.fileOf), runFilesOf(bytes, () => undefined)];
    try {
      const facesOf = (size: number) => openPhotos(photos, { size, decode });
      // Loaded with the first model that is run: ONNX Runtime is large.
      const { compareAnswers } = await import('./compare-answers.ts');
      const comparison = await compareAnswers(before, after, await this.#runtime(), facesOf);
      const { random, faces } = comparison;
      if (!sameAnswers(random) || (faces !== undefined && !sameAnswers(faces))) {
        const largest = Math.max(random.largest, faces?.largest ?? 0).toPrecision(2);
        throw new ModelProblem(
          'inconsistent',
          `The smaller model's embeddings differ by ${largest}, more than rounding explains.`,
          'It is not given out. This is a defect of the playground: please report it.',
        );
      }
      return { layers, bytes, comparison };
    } catch (error) {
      if (!(error instanceof Error && error.name === 'OnnxProblem')) throw error;
      return { layers, bytes, unmeasured: error.message };
    }
  }

  /** Measures on these pairs. @throws ModelProblem */
  async ablation(pairs: AblationPairs): Promise<Ablation> {
    const source = this.#known();
    const runs = await import('./ablation.ts');
    const runtime = await this.#runtime();
    this.#ablation ??= new runs.Ablation(source, runtime, pairs);
    this.#ablation.on(pairs);
    return this.#ablation;
  }

  #slim(): SlimmableModel {
    const { bytes, fileOf } = this.#known();
    this.#slimmable ??= new SlimmableModel(bytes, fileOf);
    return this.#slimmable;
  }

  #known(): OnnxSource {
    if (this.#source !== undefined) return this.#source;
    throw new ModelProblem(
      'unsupported',
      `${this.#format} files do not say enough to run the model.`,
      'Export it as ONNX to see the removable channels.',
    );
  }
}

function planOf({ kept, ...report }: SlimReport): SlimPlan {
  return { ...report, kept: kept.map(keptSentence) };
}
