import { parseArgs } from 'node:util';
import { armConfig } from '../config/arm.ts';
import type { RunConfig } from '../config/run-config.ts';
import { EXPORT_FORMATS, type ExportFormat, exportNetwork } from '../exchange/export/export-network.ts';
import { exportFaces } from '../exchange/export/face-arrays.ts';
import { bundleOnDisk } from '../exchange/pytorch/node/bundle-on-disk.ts';
import { readRunArchive } from '../exchange/run-archive.ts';
import { splitIdentities } from '../faces/held-out.ts';
import { population, populationOf } from '../faces/synthetic/population.ts';
import { UsageError } from './arguments.ts';
import { runCommand } from './command.ts';
import { readWhole, tryResult, writeWhole } from './files.ts';
import { log, print } from './terminal.ts';

const FORMATS = Object.keys(EXPORT_FORMATS).join('|');
const USAGE = `npm run export -- RUN.zip --format ${FORMATS} --out PATH [--arm NAME] [--batch-norm folded|kept]
               [--faces FILE.npz]

npm run train writes RUN.zip into its --out folder. onnx and safetensors are one file; tfjs and pytorch are a .zip.
--arm may be left out where the run has one; --batch-norm is for onnx (default folded).
--faces also writes the synthetic faces the run trained on, as train.py of the pytorch bundle takes them.`;

async function main(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      arm: { type: 'string' },
      format: { type: 'string' },
      out: { type: 'string' },
      'batch-norm': { type: 'string' },
      faces: { type: 'string' },
    },
  });
  const [path] = positionals;
  if (values.help === true || path === undefined) {
    print(USAGE);
    return;
  }
  const format = formatNamed(values.format);
  if (values.out === undefined) throw new UsageError('Say where to write with --out.');
  tryResult(values.out, [path]);
  if (values.faces !== undefined) tryResult(values.faces, [path, values.out]);
  const run = readRunArchive(readWhole(path));
  for (const { message } of run.notices) log(message);
  const wanted = values.arm ?? (run.arms.length === 1 ? run.arms[0]?.name : undefined);
  const arm = run.arms.find(({ name }) => name === wanted);
  if (arm === undefined)
    throw new UsageError(`Choose an arm with --arm: ${run.arms.map(({ name }) => name).join(', ')}.`);
  const network = { config: armConfig(run.config, arm), state: arm.state, step: run.step, arm: arm.name };
  const batchNorm = values['batch-norm'] ?? 'folded';
  if (batchNorm !== 'folded' && batchNorm !== 'kept') throw new UsageError('--batch-norm is folded or kept.');
  const { bytes } = exportNetwork(network, { format, batchNorm, version: run.version, bundle: bundleOnDisk() });
  writeWhole(values.out, bytes);
  print(`${values.out}: ${arm.name} at step ${run.step} as ${EXPORT_FORMATS[format].label}, ${bytes.length} bytes`);
  if (values.faces !== undefined) await writeFaces(values.faces, run.config);
}

/** The faces of a run, drawn anew from its config: those it trained on, numbered as its class centres are. */
async function writeFaces(file: string, config: RunConfig): Promise<void> {
  if (config.faces !== 'synthetic')
    throw new UsageError('The run was trained on own faces; give train.py their folder.');
  const faces = await population(populationOf(config));
  const { indices, labels } = splitIdentities(faces, config.heldOutShare, config.splitSeed).training;
  writeWhole(file, exportFaces(faces, indices, labels));
  print(`${file}: ${indices.length} faces`);
}

function formatNamed(name: string | undefined): ExportFormat {
  const format = Object.keys(EXPORT_FORMATS).find((known) => known === name);
  if (format === 'onnx' || format === 'pytorch' || format === 'safetensors' || format === 'tfjs') return format;
  throw new UsageError(`Choose a format with --format: ${FORMATS}.`);
}

runCommand(main, USAGE);
