import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { MODEL_FORMATS, type ModelTensors } from '../exchange/import/model-tensors.ts';
import { type ModelFile, readModel } from '../exchange/import/read-model.ts';
import {
  DEFAULT_INSPECTION,
  type InspectionSettings,
  inspectLayer,
  type LayerInspection,
  sharesByLayer,
} from '../exchange/inspection.ts';
import { similarFilters } from '../exchange/similar-filters.ts';
import { verdictOn } from '../exchange/verdict.ts';
import { UsageError } from './arguments.ts';

const USAGE = `npm run inspect -- FILE... [--layer NAME|NUMBER] [--epsilon 0.01] [--rho 0.05] [--reference strong|largest] [--json FILE]

FILE is a model: .onnx, .safetensors, .pt/.pth/.ckpt, .npz, a TensorFlow.js model.json (its .bin files are found beside
it) or a .zip or folder with one of these. It is told by its content. Nothing in it is run.`;

function main(argv: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      layer: { type: 'string' },
      epsilon: { type: 'string' },
      rho: { type: 'string' },
      reference: { type: 'string' },
      json: { type: 'string' },
    },
  });
  if (values.help === true || positionals.length === 0) {
    console.log(USAGE);
    return;
  }
  const settings: InspectionSettings = {
    epsilon: numberOf(values.epsilon, DEFAULT_INSPECTION.epsilon, '--epsilon'),
    rho: numberOf(values.rho, DEFAULT_INSPECTION.rho, '--rho'),
    reference: referenceNamed(values.reference),
  };
  const model = readModel(filesOf(positionals));
  const index = layerOf(model, values.layer);
  const convolution = model.convolutions[index];
  if (convolution === undefined) throw new UsageError(`There is no layer ${index}.`);
  const inspection = inspectLayer(convolution, settings);
  const report = {
    format: model.format,
    order: model.order,
    settings,
    layer: layerReport(inspection, index),
    verdict: verdictOn(inspection, settings, { layer: index === model.first ? 'first layer' : 'layer' }),
    similar: similarFilters(convolution),
    byLayer: { raw: sharesByLayer(model, settings, 'raw'), folded: sharesByLayer(model, settings, 'folded') },
  };
  if (values.json !== undefined) {
    mkdirSync(dirname(values.json), { recursive: true });
    writeFileSync(values.json, JSON.stringify(report, null, 2));
  }
  const { raw, folded, exactlyZero } = inspection;
  console.log(`${MODEL_FORMATS[model.format]}, ${model.convolutions.length} convolutions, found by ${model.order}`);
  console.log(
    `layer ${index}: ${printable(inspection.name)}, ${inspection.shape.join(' x ')} (height, width, channels, filters)`,
  );
  console.log(
    `batch norm: ${inspection.batchNorm === undefined ? 'none follows, or it is folded in already' : printable(inspection.batchNorm)}`,
  );
  console.log(`\n${report.verdict.headline}\n${report.verdict.detail}\n`);
  console.log(`exactly zero:                ${list(exactlyZero)}`);
  console.log(`near zero, raw:              ${list(raw.nearZero)}`);
  console.log(`weak next to others, raw:    ${list(raw.weak)}`);
  if (inspection.batchNorm !== undefined) {
    console.log(`near zero, folded:           ${list(folded.nearZero)}`);
    console.log(`weak next to others, folded: ${list(folded.weak)}`);
  }
  console.log(`similar pairs:               ${report.similar.length}`);
  console.log('\nfilter  norm      max|w|    folded    state (raw / folded)');
  for (const filter of raw.norms.keys()) {
    const columns = [raw.norms[filter], raw.maxAbs[filter], folded.norms[filter]].map((value) =>
      (value ?? 0).toPrecision(4).padEnd(10),
    );
    console.log(`${String(filter).padEnd(8)}${columns.join('')}${raw.states[filter]} / ${folded.states[filter]}`);
  }
}

function layerReport(inspection: LayerInspection, index: number) {
  const view = ({ norms, maxAbs, ...rest }: LayerInspection['raw']) => ({
    norms: [...norms],
    maxAbs: [...maxAbs],
    ...rest,
  });
  return { index, ...inspection, raw: view(inspection.raw), folded: view(inspection.folded) };
}

/** The files named, what lies in folders, and beside a .json the .bin files it may need. */
function filesOf(paths: readonly string[]): ModelFile[] {
  const names = paths.flatMap((path) => {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) throw new UsageError(`There is no file "${path}".`);
    if (statSync(path).isDirectory()) return readdirSync(path).map((name) => join(path, name));
    if (!path.endsWith('.json')) return [path];
    // A manifest's shards are called .bin or, without an ending, group1-shard1of2.
    const beside = readdirSync(dirname(path)).filter((name) => /(\.bin|-shard\d+of\d+)$/.test(name));
    return [path, ...beside.map((name) => join(dirname(path), name))];
  });
  return [...new Set(names)]
    .filter((name) => statSync(name).isFile())
    .map((name) => ({ name, bytes: readFileSync(name) }));
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

/** Names come from the file: nothing in them may steer the terminal. */
function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

/** What node:util's parseArgs throws for a flag that does not exist or lacks its value. */
function isFlagError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError || isFlagError(error)) console.error(`${error.message}\n${USAGE}`);
  else if (error instanceof Error && 'hint' in error) console.error(`${error.message} ${error.hint}`);
  else console.error(error);
  process.exitCode = 1;
}
