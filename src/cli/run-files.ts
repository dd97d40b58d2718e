import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { type ArchivedFaces, writeRunArchive } from '../exchange/run-archive.ts';
import { eventsCsv, metricsCsv } from '../exchange/run-tables.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { MeasuredRun } from '../record/measured-run.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { runPictures } from './run-pictures.ts';
import type { RunReport } from './run-report.ts';

/** Writes what a run leaves: its report, and into `folder` also its tables and run.zip, from which it can go on. */
export async function writeRunFiles(
  run: {
    readonly report: RunReport;
    readonly measured: MeasuredRun;
    readonly checkpoint: Checkpoint;
    readonly engine: EngineInfo;
    readonly faces?: ArchivedFaces | undefined;
  },
  places: { readonly folder?: string | undefined; readonly json?: string | undefined },
): Promise<void> {
  const { report, measured, checkpoint, engine, faces } = run;
  const history = measured.history();
  const text = JSON.stringify(report);
  if (places.json !== undefined) put(places.json, text);
  if (places.folder === undefined) return;
  put(join(places.folder, 'run.json'), text);
  if (history !== undefined) {
    put(join(places.folder, 'metrics.csv'), metricsCsv(history));
    put(join(places.folder, 'events.csv'), eventsCsv(history));
  }
  const { version } = packageJson;
  const pictures = await runPictures(measured, engine);
  put(join(places.folder, 'run.zip'), writeRunArchive({ ...checkpoint, version, engine, history, faces }, pictures));
}

function put(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
