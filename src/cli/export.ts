import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { EXPORT_FORMATS, type ExportFormat, exportNetwork } from '../exchange/export/export-network.ts';
import { readRunArchive } from '../exchange/run-archive.ts';
import { UsageError } from './arguments.ts';

const FORMATS = Object.keys(EXPORT_FORMATS).join('|');
const USAGE = `npm run export -- RUN.zip --format ${FORMATS} --out PATH [--arm standard|craft] [--batch-norm folded|kept]

RUN.zip is a run saved from the page. onnx and safetensors are one file; tfjs and pytorch are a .zip.
--arm may be left out where the run has one; --batch-norm is for onnx (default folded).`;

function main(argv: readonly string[]): void {
  const { values, positionals } = parseArgs({
    args: argv.filter((arg) => arg !== '--'),
    allowPositionals: true,
    options: {
      help: { type: 'boolean' },
      arm: { type: 'string' },
      format: { type: 'string' },
      out: { type: 'string' },
      'batch-norm': { type: 'string' },
    },
  });
  const [path] = positionals;
  if (values.help === true || path === undefined) {
    console.log(USAGE);
    return;
  }
  const format = formatNamed(values.format);
  if (values.out === undefined) throw new UsageError('Say where to write with --out.');
  const run = readRunArchive(readFileSync(path));
  for (const { message } of run.notices) console.error(message);
  const wanted = values.arm ?? (run.arms.length === 1 ? run.arms[0]?.name : undefined);
  const arm = run.arms.find(({ name }) => name === wanted);
  if (arm === undefined)
    throw new UsageError(`Choose an arm with --arm: ${run.arms.map(({ name }) => name).join(', ')}.`);
  const network = { config: run.config, state: arm.state, step: run.step, arm: arm.name };
  const batchNorm = values['batch-norm'] ?? 'folded';
  if (batchNorm !== 'folded' && batchNorm !== 'kept') throw new UsageError('--batch-norm is folded or kept.');
  const { bytes } = exportNetwork(network, { format, batchNorm, version: run.version });
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, bytes);
  console.log(
    `${values.out}: ${arm.name} at step ${run.step} as ${EXPORT_FORMATS[format].label}, ${bytes.length} bytes`,
  );
}

function formatNamed(name: string | undefined): ExportFormat {
  const format = Object.keys(EXPORT_FORMATS).find((known) => known === name);
  if (format === 'onnx' || format === 'pytorch' || format === 'safetensors' || format === 'tfjs') return format;
  throw new UsageError(`Choose a format with --format: ${FORMATS}.`);
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
