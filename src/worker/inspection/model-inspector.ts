import { auditLayer, type LayerAudit } from '../../craft/audit.ts';
import { type InspectionSettings, inspectLayer, type LayerShare, shareOf } from '../../craft/inspection.ts';
import type { SeenFace } from '../../craft/response.ts';
import { similarFilters } from '../../craft/similar-filters.ts';
import { verdictOn } from '../../craft/verdict.ts';
import type { ModelFile } from '../../exchange/import/model-files.ts';
import { MODEL_FORMATS, type ModelTensors, remarksOn } from '../../exchange/import/model-tensors.ts';
import { readModel } from '../../exchange/import/read-model.ts';
import { checkModelSize, ModelProblem } from '../../exchange/model-problem.ts';
import type { ImportFile } from '../protocol.ts';
import { drawnKernel } from './drawn-kernel.ts';
import { layerResponses } from './layer-responses.ts';
import { ModelTasks } from './model-tasks.ts';
import type { InspectionView, LayerReport, LayerResponses, ModelFailure, ModelSummary } from './protocol.ts';

/** The open model, and its answers to questions. */
export class ModelInspector {
  #model: ModelTensors | undefined;

  /** Reads a model, of several the one `wanted`; where that fails, the one before stays open. @throws ModelProblem */
  async open(files: readonly ImportFile[], wanted?: string): Promise<ModelSummary> {
    const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    // Before anything is read: a file may be larger than the memory.
    checkModelSize(bytes);
    const start = performance.now();
    const contents: ModelFile[] = [];
    for (const { path, file } of files) {
      contents.push({ name: path, bytes: new Uint8Array(await file.arrayBuffer()) });
    }
    const model = await readModel(contents, wanted === undefined ? {} : { file: wanted });
    this.#model = model;
    return {
      file: model.file,
      others: model.others,
      unread: model.unread ?? [],
      alsoFirst: model.alsoFirst ?? [],
      passes: model.passed !== undefined,
      format: MODEL_FORMATS[model.format],
      order: model.order,
      first: model.first,
      layers: model.convolutions.map(({ name, shape, batchNorm, unreadNorm }) => ({
        name,
        shape,
        ...(batchNorm === undefined ? {} : { batchNorm: batchNorm.name }),
        ...(unreadNorm === undefined ? {} : { unreadNorm }),
      })),
      ...ownOf(model),
      bytes,
      readMs: performance.now() - start,
    };
  }

  /** Judges a layer; undefined where there is none of that number. */
  inspect(layer: number, settings: InspectionSettings, drawn: boolean): LayerReport | undefined {
    const model = this.#model;
    const convolution = model?.convolutions[layer];
    if (model === undefined || convolution === undefined) return undefined;
    const inspection = inspectLayer(convolution, settings);
    const words = remarksOn(model, layer);
    const use = model.uses?.[layer];
    const verdicts = (view: InspectionView) => ({
      nearZero: verdictOn(inspection, settings, { ...words, state: 'nearZero', view }),
      weak: verdictOn(inspection, settings, { ...words, state: 'weak', view }),
    });
    return {
      layer,
      settings,
      inspection,
      ...(use === undefined ? {} : { unused: [...use.unused.keys()].filter((filter) => use.unused[filter] === 1) }),
      verdicts: { raw: verdicts('raw'), folded: verdicts('folded') },
      ...(drawn ? { drawn: { ...drawnKernel(convolution), similar: similarFilters(convolution) } } : {}),
    };
  }

  /** The responses of a layer to a face; undefined where there is none of that number, or it reads no picture. */
  respond(layer: number, face: SeenFace): LayerResponses | undefined {
    const convolution = this.#model?.convolutions[layer];
    const responses = convolution && layerResponses(convolution, face);
    return responses && { layer, ...responses };
  }

  /** The share of inactive filters of one layer after the other, so that the caller can stop between two. */
  *shares(
    settings: InspectionSettings,
  ): Generator<Readonly<Record<InspectionView, LayerShare>> & { readonly audit: LayerAudit }> {
    for (const [index, convolution] of (this.#model?.convolutions ?? []).entries()) {
      const layer = inspectLayer(convolution, settings);
      const audit = auditLayer(convolution, this.#model?.uses?.[index], settings);
      yield { raw: shareOf(layer, 'raw'), folded: shareOf(layer, 'folded'), audit };
    }
  }

  /** The image that multiply-adds are counted for. */
  get image(): ModelTensors['image'] {
    return this.#model?.image;
  }

  /** The further tasks on the open model; undefined where none is open. */
  tasks(runtime: () => Promise<string | ArrayBuffer>): ModelTasks | undefined {
    return this.#model && new ModelTasks(this.#model, MODEL_FORMATS[this.#model.format], runtime);
  }
}

function ownOf({ own }: ModelTensors): Pick<ModelSummary, 'own'> {
  if (own === undefined) return {};
  if (own instanceof ModelProblem) return { own: { why: `${own.message} ${own.hint}` } };
  return { own: { arm: own.arm, step: own.step } };
}

/** Any error as a sentence about the files. */
export function modelFailure(error: unknown): ModelFailure {
  if (error instanceof ModelProblem) return { code: error.code, message: error.message, hint: error.hint };
  // Of a network that cannot be run on faces, or of its embeddings.
  if (error instanceof Error && 'hint' in error)
    return { code: 'unsupported', message: error.message, hint: String(error.hint) };
  const technical = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `The model could not be read: ${technical}`,
    hint: 'Export it again, as ONNX or safetensors.',
  };
}
