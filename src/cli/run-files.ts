import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { writeRunArchive } from '../exchange/run-archive.ts';
import type { EngineInfo } from '../network/backend.ts';
import type { Checkpoint } from '../training/checkpoint.ts';
import { eventsCsv, metricsCsv, type RunReport } from './run-report.ts';

/** Writes what a run leaves: its report, and into `folder` also its tables and run.zip, from which it can go on. */
export function writeRunFiles(
  run: { readonly report: RunReport; readonly checkpoint: Checkpoint; readonly engine: EngineInfo },
  places: { readonly folder?: string | undefined; readonly json?: string | undefined },
): void {
  const { report, checkpoint, engine } = run;
  const text = JSON.stringify(report);
  if (places.json !== undefined) put(places.json, text);
  if (places.folder === undefined) return;
  const metrics = metricsCsv(report);
  const events = eventsCsv(report);
  put(join(places.folder, 'run.json'), text);
  put(join(places.folder, 'metrics.csv'), metrics);
  put(join(places.folder, 'events.csv'), events);
  const { version } = packageJson;
  put(join(places.folder, 'run.zip'), writeRunArchive({ ...checkpoint, version, engine, metrics, events }));
}

function put(file: string, content: string | Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
