import { zipSync } from 'fflate';
import { looksLikeZip, unzip } from '../formats/zip.ts';
import type { StudyPlan } from '../study/plan.ts';
import { planText, readPlan } from '../study/plan-file.ts';
import { StudyProblem } from '../study/problem.ts';
import type { ResultRow } from '../study/results.ts';
import { readResultsCsv, resultsCsv } from '../study/results-csv.ts';

const PLAN = 'study.json';
const RESULTS = 'results.csv';
const RUN = /(?:^|\/)runs\/([^/]+)\/run\.zip$/;

/** A study as files hold it. */
export interface StudyFiles {
  /** Missing where only results.csv was given. */
  readonly plan?: StudyPlan | undefined;
  readonly rows: readonly ResultRow[];
  /** Whole runs as .zip, by the id of their cell. */
  readonly runs: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** A study as one .zip: study.json, results.csv, and the whole runs in folders named after their cells. */
export function writeStudyArchive({
  plan,
  rows,
  runs,
}: StudyFiles & { readonly plan: StudyPlan }): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder();
  return zipSync({
    [PLAN]: text.encode(planText(plan)),
    [RESULTS]: text.encode(resultsCsv(rows)),
    // They are packed already.
    ...Object.fromEntries([...runs].map(([id, bytes]) => [`runs/${id}/run.zip`, [bytes, { level: 0 }] as const])),
  });
}

/**
 * Reads the dropped files: a study's .zip, its folder with study.json and results.csv, or results.csv alone.
 * @throws StudyProblem `not-a-study`, `bad-plan`, `bad-results`, FormatProblem for an archive that cannot be unpacked
 */
export async function readStudyFiles(
  files: readonly { readonly path: string; readonly file: File }[],
): Promise<StudyFiles> {
  const found = new Map<string, Uint8Array>();
  const runs = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { path, file } of files) {
    const name = path.split('/').at(-1) ?? path;
    if (![PLAN, RESULTS].includes(name) && !/\.(zip|csv)$/i.test(name)) continue;
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (!looksLikeZip(bytes)) found.set(/\.csv$/i.test(name) ? RESULTS : name, bytes);
    // Its folder may be in the archive too: of the same name the outermost counts.
    else {
      for (const [inner, content] of innermostFirst(unzip(bytes, '.zip', isWanted))) {
        const id = RUN.exec(inner)?.[1];
        if (id === undefined) found.set(lastOf(inner), content);
        else runs.set(id, content.slice());
      }
    }
  }
  const results = found.get(RESULTS);
  if (results === undefined) {
    throw new StudyProblem(
      'not-a-study',
      `There is no ${RESULTS} in ${files.length === 1 ? `"${files[0]?.path.slice(0, 80)}"` : 'the dropped files'}.`,
      `Drop the ${RESULTS} of a study, or the .zip that the page or the command line wrote.`,
    );
  }
  const plan = found.get(PLAN);
  return { plan: plan && readPlan(plan), rows: readResultsCsv(new TextDecoder().decode(results)), runs };
}

function isWanted(name: string): boolean {
  return RUN.test(name) || ([PLAN, RESULTS].includes(lastOf(name)) && !/(^|\/)runs\//.test(name));
}

function lastOf(name: string): string {
  return name.split('/').at(-1) ?? name;
}

function innermostFirst(files: ReadonlyMap<string, Uint8Array>): readonly (readonly [string, Uint8Array])[] {
  return [...files].sort(([a], [b]) => b.length - a.length);
}
