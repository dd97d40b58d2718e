import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { auditLayer, auditTotals } from '../craft/audit.ts';
import {
  DEFAULT_INSPECTION,
  type InspectionSettings,
  inspectLayer,
  type LayerInspection,
  shareOf,
} from '../craft/inspection.ts';
import { similarFilters } from '../craft/similar-filters.ts';
import { verdictOn } from '../craft/verdict.ts';
import { nameOf } from '../exchange/import/model-files.ts';
import { MODEL_FORMATS, type ModelTensors, remarksOn } from '../exchange/import/model-tensors.ts';
import { readModel } from '../exchange/import/read-model.ts';
import { ModelProblem } from '../exchange/model-problem.ts';
import { decisionOf } from '../exchange/slim/decision.ts';
import { type SlimLayers, SlimmableModel } from '../exchange/slim/slim-onnx.ts';
import { READ_MODELS } from '../formats/model-kinds.ts';
import { UsageError } from './arguments.ts';
import { runCommand } from './command.ts';
import { tryResult, writeWhole } from './files.ts';
import { pictureFormat, writeReport } from './inspect-picture.ts';
import { auditTable, layerReport, printable } from './inspect-report.ts';
import { besideOnDisk, modelFilesAt } from './model-files.ts';
import { filesOf } from './node-faces.ts';
import { type OwnImages, slimTo } from './slim.ts';
import { log, print } from './terminal.ts';

const USAGE = `npm run inspect -- FILE... [--file NAME] [--arm NAME] [--layer NAME|NUMBER] [--epsilon 0.01] [--rho 0.05]
               [--reference strong|largest] [--json FILE] [--report FILE.svg|FILE.png]
               [--fail-over 30%] [--slim OUT.onnx] [--slim-layers first|all] [--images FOLDER|FILE.bin]

FILE is a model: ${READ_MODELS};
or a .zip or folder with models, of which the one that looks like a face network is read, or the one of --file. Its kind
follows from its content, and files of weights are found beside it. Nothing in it is run. --report draws one page. With --fail-over the exit
status is 2 where a larger share of the layer's filters is near zero. --slim writes an ONNX model without the channels that
contribute nothing, of the first layer or of all layers; its answers are the same but for rounding, which is measured
where the model can be run as a face network, on random images and on those of --images. --arm chooses an arm of a run's .zip.`;

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      file: { type: 'string' },
      arm: { type: 'string' },
      layer: { type: 'string' },
      epsilon: { type: 'string' },
      rho: { type: 'string' },
      reference: { type: 'string' },
      json: { type: 'string' },
      report: { type: 'string' },
      'fail-over': { type: 'string' },
      slim: { type: 'string' },
      'slim-layers': { type: 'string' },
      images: { type: 'string' },
    },
  });
  if (values.help === true || positionals.length === 0) {
    print(USAGE);
    return;
  }
  const settings: InspectionSettings = {
    epsilon: numberOf(values.epsilon, DEFAULT_INSPECTION.epsilon, '--epsilon'),
    rho: numberOf(values.rho, DEFAULT_INSPECTION.rho, '--rho'),
    reference: referenceNamed(values.reference),
  };
  const limit = limitOf(values['fail-over']);
  if (values.report !== undefined) pictureFormat(values.report);
  const slimLayers = slimLayersNamed(values['slim-layers']);
  for (const file of [values.json, values.report, values.slim]) {
    if (file !== undefined) tryResult(file, [...positionals, values.images]);
  }
  const images = await imagesNamed(values);
  const files = modelFilesAt(positionals);
  // A script must not take an earlier model's result for that of one that is refused.
  if (values.json !== undefined) rmSync(values.json, { force: true });
  const model = await readModel(files, {
    beside: besideOnDisk,
    arm: values.arm,
    ...(values.file === undefined ? {} : { file: values.file }),
  });
  const index = layerOf(model, values.layer);
  const convolution = model.convolutions[index];
  if (convolution === undefined) throw new UsageError(`There is no layer ${index}.`);
  const inspection = inspectLayer(convolution, settings);
  const use = model.uses?.[index];
  const layers = model.convolutions.map((one) => inspectLayer(one, settings));
  const audit = model.convolutions.map((one, place) => auditLayer(one, model.uses?.[place], settings));
  const totals = auditTotals(audit);
  const decision = index === model.first ? decisionOn(model) : [];
  const report = {
    file: model.file,
    ...(model.others.length === 0 ? {} : { others: model.others }),
    format: model.format,
    order: model.order,
    ...(model.unread === undefined || model.unread.length === 0 ? {} : { unread: model.unread }),
    ...(model.alsoFirst === undefined || model.alsoFirst.length === 0 ? {} : { alsoFirst: model.alsoFirst }),
    ...(model.passed === undefined ? {} : { passed: model.passed }),
    ...(model.doubt === undefined ? {} : { doubt: model.doubt }),
    settings,
    layer: layerReport(inspection, index, use),
    // JSON has no NaN and no infinity: numbers of these filters are null.
    notFinite: inspection.raw.notFinite.length,
    verdict: verdictOn(inspection, settings, remarksOn(model, index)),
    ...(decision.length === 0 ? {} : { decision }),
    similar: similarFilters(convolution),
    byLayer: {
      raw: layers.map((layer) => shareOf(layer, 'raw')),
      folded: layers.map((layer) => shareOf(layer, 'folded')),
    },
    audit: { ...(model.image === undefined ? {} : { image: model.image }), totals, layers: audit },
  };
  const save = (parts: object) => {
    if (values.json !== undefined) writeWhole(values.json, JSON.stringify({ ...report, ...parts }, null, 2));
  };
  save({});
  const { raw, folded, exactlyZero } = inspection;
  print(`file: ${printable(model.file)}`);
  if (model.others.length > 0) {
    print(
      `other models beside it (choose one with --file, an arm of a run with --arm): ${model.others.map(printable).join(', ')}`,
    );
  }
  print(`${MODEL_FORMATS[model.format]}, ${model.convolutions.length} convolutions, found by ${model.order}`);
  const { unread = [], alsoFirst = [] } = model;
  if (unread.length > 0) print(`later convolutions that were not read: ${unread.map(printable).join(', ')}`);
  if (alsoFirst.length > 0) {
    print(`taking an image as well, and not taken for the first layer: ${alsoFirst.map(printable).join(', ')}`);
  }
  print(
    `layer ${index}: ${printable(inspection.name)}, ${inspection.shape.join(' x ')} (height, width, channels, filters)`,
  );
  const { batchNorm, unreadNorm } = inspection;
  const unfolded = unreadNorm === undefined ? undefined : `${printable(unreadNorm)} (not folded in)`;
  const found = [
    ...(batchNorm === undefined ? [] : [printable(batchNorm)]),
    ...(unfolded === undefined ? [] : [unfolded]),
  ];
  print(`batch norm: ${found.length === 0 ? 'none found, or it is folded in already' : found.join(', ')}`);
  print(`\n${report.verdict.headline}\n${report.verdict.detail}`);
  for (const sentence of decision) print(sentence);
  print('');
  print(`exactly zero:                ${list(exactlyZero)}`);
  if (raw.notFinite.length > 0) print(`NaN or infinite:             ${list(raw.notFinite)}`);
  print(`near zero, raw:              ${list(raw.nearZero)}`);
  print(`weak next to others, raw:    ${list(raw.weak)}`);
  if (inspection.batchNorm !== undefined) {
    print(`near zero, folded:           ${list(folded.nearZero)}`);
    print(`weak next to others, folded: ${list(folded.weak)}`);
  }
  if (use !== undefined) {
    const unused = [...use.unused.keys()].filter((filter) => use.unused[filter] === 1);
    print(`unused by layers behind:     ${list(unused)}`);
  }
  print(`similar pairs:               ${report.similar.length}`);
  print('\nfilter  norm      max|w|    folded    state (raw / folded)');
  for (const filter of raw.norms.keys()) {
    const columns = [raw.norms[filter], raw.maxAbs[filter], folded.norms[filter]].map((value) =>
      (value ?? 0).toPrecision(4).padEnd(10),
    );
    print(`${String(filter).padEnd(8)}${columns.join('')}${raw.states[filter]} / ${folded.states[filter]}`);
  }
  print('');
  for (const line of auditTable(audit, totals)) print(line);
  const { image } = model;
  if (image?.assumed) {
    print(`The model leaves the size of its image open; multiply-adds are those of ${image.height} × ${image.width}.`);
  }
  if (values.report !== undefined) {
    const { name } = inspection;
    const rule = `largest |w| below ${settings.epsilon}`;
    const page = { file: nameOf(model.file), rule, verdict: report.verdict, decision, audit, totals };
    await writeReport(values.report, convolution, { ...page, layer: { name, states: raw.states } });
  }
  if (values.slim !== undefined) save({ slim: await slimTo(values.slim, model, slimLayers, images) });
  if (limit !== undefined) failOver(inspection, limit, index === model.first ? model.doubt : undefined);
}

/** The files of `--images`, for a comparison of answers. @throws UsageError */
async function imagesNamed(values: {
  readonly images?: string | undefined;
  readonly slim?: string | undefined;
}): Promise<OwnImages | undefined> {
  const { images: path, slim } = values;
  if (path === undefined) return undefined;
  if (slim === undefined) throw new UsageError('--images are compared on with --slim OUT.onnx.');
  return { path, files: await filesOf(path) };
}

function layerOf({ convolutions, first }: ModelTensors, asked: string | undefined): number {
  if (asked === undefined) return first;
  const index = /^\d+$/.test(asked) ? Number(asked) : convolutions.findIndex(({ name }) => name === asked);
  if (convolutions[index] !== undefined) return index;
  throw new UsageError(`There is no layer "${asked}"; there are ${convolutions.length}, numbered from 0.`);
}

function numberOf(text: string | undefined, fallback: number, flag: string): number {
  const value = text === undefined ? fallback : Number(text);
  if (!(value > 0)) throw new UsageError(`${flag} takes a number above 0.`);
  return value;
}

function referenceNamed(name: string = DEFAULT_INSPECTION.reference): InspectionSettings['reference'] {
  if (name === 'strong' || name === 'largest') return name;
  throw new UsageError('--reference is strong or largest.');
}

function list(filters: readonly number[]): string {
  return filters.length === 0 ? 'none' : `${filters.length} (${filters.join(' ')})`;
}

/** The removable channels of a model, in sentences; none where its format holds no graph that can be run. */
function decisionOn({ source }: ModelTensors): readonly string[] {
  if (source === undefined) return [];
  try {
    const slimmable = new SlimmableModel(source.bytes, source.fileOf);
    return decisionOf(slimmable.slim('first').report, slimmable.slim('all').report);
  } catch (error) {
    if (error instanceof ModelProblem) return [`The removable channels are not known: ${error.message}`];
    throw error;
  }
}

function slimLayersNamed(name: string = 'first'): SlimLayers {
  if (name === 'first' || name === 'all') return name;
  throw new UsageError('--slim-layers is first or all.');
}

/** The share of a limit: "30%". */
function limitOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const share = /^\d+(\.\d+)?\s*%$/.test(text.trim()) ? Number.parseFloat(text) / 100 : Number.NaN;
  if (share <= 1) return share;
  throw new UsageError(`--fail-over takes a share of the filters such as 30%, not "${text}".`);
}

/** Ends with status 2 where more of a layer is inactive than the limit allows, or nobody can say how much. */
function failOver({ name, shape, raw }: LayerInspection, limit: number, doubt: string | undefined): void {
  const filters = shape[3];
  const broken = raw.notFinite.length;
  const count = raw.nearZero.length;
  const allowed = `the limit is ${percent(limit)}`;
  if (broken > 0) {
    log(`Failed: ${broken} of ${filters} filters of ${printable(name)} are not finite numbers; ${allowed}.`);
  } else if (doubt !== undefined) {
    log(`Failed: ${printable(doubt)} --layer names the one to judge; ${allowed}.`);
  } else if (count / filters > limit) {
    log(
      `Failed: ${count} of ${filters} filters of ${printable(name)} (${percent(count / filters)}) are inactive; ${allowed}.`,
    );
  } else return;
  process.exitCode = 2;
}

/** As exact as the comparison with a limit needs: 30 %, 48.4 %. */
function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

runCommand(main, USAGE);
