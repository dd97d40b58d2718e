import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { formatNumber } from '../config/quantity.ts';
import { MODEL_FORMATS, type ModelTensors } from '../exchange/import/model-tensors.ts';
import { runFilesOf } from '../exchange/import/onnx-files.ts';
import { ModelProblem } from '../exchange/model-problem.ts';
import { change, nothingProved } from '../exchange/slim/decision.ts';
import { sameAnswers } from '../exchange/slim/same-answers.ts';
import {
  keptSentence,
  type SlimLayers,
  type SlimModel,
  SlimmableModel,
  type SlimReport,
} from '../exchange/slim/slim-onnx.ts';
import type { DroppedFile } from '../faces/import/byte-source.ts';
import { terminalText } from '../formats/outside-text.ts';
import { openPhotos } from '../worker/inspection/open-photos.ts';
import type { AnswerComparison, AnswerDifference } from '../worker/inspection/protocol.ts';
import { UsageError } from './arguments.ts';
import { writeWhole } from './files.ts';
import { decodeWithSharp } from './node-faces.ts';
import { print } from './terminal.ts';

/** The part of the JSON that `inspect --slim` writes. */
export interface SlimResult extends SlimReport {
  readonly file: string;
  /** Undefined where the model cannot be run as a face network; `unmeasured` says why. */
  readonly comparison?: AnswerComparison;
  readonly unmeasured?: string;
}

/** Images of the user's that two versions of a model are compared on. */
export interface OwnImages {
  readonly path: string;
  readonly files: readonly DroppedFile[];
}

/** A folder may hold a hundred thousand. */
const MOST_IMAGES = 256;

/**
 * Writes a smaller model with the same answers, and prints the saving.
 * @throws ModelProblem where nothing can be cut, or the answers are not the same
 */
export async function slimTo(
  file: string,
  model: ModelTensors,
  layers: SlimLayers,
  images?: OwnImages,
): Promise<SlimResult> {
  const { source } = model;
  if (source === undefined) {
    throw new ModelProblem(
      'unsupported',
      `A model can be slimmed where its graph is known and can be run; ${MODEL_FORMATS[model.format]} is not.`,
      'Export the model as ONNX.',
    );
  }
  const slimmable = new SlimmableModel(source.bytes, source.fileOf);
  const slim = slimmable.slim(layers);
  for (const kept of slim.report.kept) print(keptSentence(kept));
  if (slim.report.channels === 0) {
    throw new ModelProblem('unsupported', `${nothingProved(layers)}.`, `"${file}" was not written.`);
  }
  const measured = await measure(source, slim, images);
  printSaving(slim.report, measured, images);
  const { random, faces } = 'comparison' in measured ? measured.comparison : {};
  const different = [random, faces].find((one) => one !== undefined && !sameAnswers(one));
  if (different !== undefined) {
    throw new ModelProblem(
      'inconsistent',
      `The smaller model's embeddings differ by ${different.largest.toPrecision(2)}, more than rounding explains.`,
      `"${file}" was not written. This is a defect of the playground: please report it.`,
    );
  }
  writeWhole(file, slim.bytes);
  print(`${file}: written.`);
  if (layers === 'first') {
    const { channels } = slimmable.slim('all').report;
    if (channels > slim.report.channels) {
      print(`In the whole network ${formatNumber(channels)} channels can go: --slim-layers all.`);
    }
  }
  return { file, ...slim.report, ...measured };
}

async function measure(
  source: NonNullable<ModelTensors['source']>,
  { bytes }: SlimModel,
  images: OwnImages | undefined,
): Promise<{ readonly comparison: AnswerComparison } | { readonly unmeasured: string }> {
  const { compareAnswers } = await import('../worker/inspection/compare-answers.ts');
  const runtime = createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm');
  try {
    const before = runFilesOf(source.bytes, source.fileOf);
    const after = runFilesOf(bytes, () => undefined);
    const facesOf = async (size: number) => images && facesIn(images, size);
    return { comparison: await compareAnswers(before, after, new Uint8Array(readFileSync(runtime)).buffer, facesOf) };
  } catch (error) {
    if (error instanceof Error && error.name === 'OnnxProblem') return { unmeasured: error.message };
    throw error;
  }
}

/** @throws UsageError where none of the files is an image */
async function facesIn({ path, files }: OwnImages, size: number) {
  const faces = await openPhotos(files, { size, decode: decodeWithSharp, most: MOST_IMAGES });
  if (faces === undefined) throw new UsageError(`There is no image in ${path}.`);
  return faces;
}

function printSaving(
  { before, after, ...report }: SlimReport,
  measured: Awaited<ReturnType<typeof measure>>,
  images: OwnImages | undefined,
): void {
  const row = (name: string, from: string, to: string, change: string) =>
    print(`${name.padEnd(18)}${from.padStart(14)}${to.padStart(14)}${change.padStart(10)}`);
  print(
    `\nslim: ${report.filters} filters and ${report.depthwise} depthwise channels removed (${report.channels} channels)`,
  );
  if (report.belowFloat32 > 0)
    print(`${report.belowFloat32} of the channels pass on less than a float32 sum can notice.`);
  row('', 'before', 'after', 'change');
  const numbers = (from: number, to: number, name: string) => row(name, String(from), String(to), change(from, to));
  numbers(before.parameters, after.parameters, 'parameters');
  if (before.multiplyAdds === undefined || after.multiplyAdds === undefined) row('multiply-adds', '?', '?', '');
  else numbers(before.multiplyAdds, after.multiplyAdds, 'multiply-adds');
  numbers(before.bytes, after.bytes, 'bytes of the file');
  if ('unmeasured' in measured) {
    print(`Not measured: ${measured.unmeasured}`);
    return;
  }
  const { random, faces, milliseconds } = measured.comparison;
  const [slow, fast] = milliseconds;
  row('ms for one face', slow.toFixed(1), fast.toFixed(1), change(slow, fast));
  print(`largest difference of an embedding value: ${differenceInWords(random, 'random images')}`);
  if (faces !== undefined) {
    const what = `images of ${terminalText(images?.path ?? '')}`;
    print(`largest difference of an embedding value: ${differenceInWords(faces, what)}`);
  }
}

function differenceInWords({ largest, images, scale }: AnswerDifference, what: string): string {
  return `${largest.toPrecision(2)} on ${images} ${what} (largest value ${scale.toPrecision(2)})`;
}
