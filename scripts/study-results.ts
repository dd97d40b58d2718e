import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../src/cli/files.ts';
import { HELD_OUT } from '../src/study/plan.ts';
import { studySection } from '../src/study/report.ts';
import { readSummary, type StudySummary, summaryText } from '../src/study/summary.ts';

/*
 * The results of studies that the project shows. `npm run results -- DIR...` takes the summary.json of each study's
 * folder into docs/data/studies/NAME/ and writes their part of docs/results.md anew; the Method page reads the same
 * files. Without folders docs/results.md alone is written.
 */

const DATA = 'docs/data/studies';
const RESULTS = 'docs/results.md';
const PART = /(<!-- studies: [^\n]* -->\n)[\s\S]*?(<!-- \/studies -->)/;

/** The summaries that the repository holds, by the names of their studies. */
function publishedStudies(): readonly StudySummary[] {
  const names = existsSync(DATA) ? readdirSync(DATA).sort() : [];
  return names.map((name) => summaryIn(join(DATA, name)));
}

function summaryIn(folder: string): StudySummary {
  return readSummary(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')));
}

/** docs/results.md with its part of the studies as these summaries have it. */
export function withStudies(results: string, summaries: readonly StudySummary[]): string {
  if (!PART.test(results)) throw new Error(`${RESULTS} has no part for studies between its two comments.`);
  const text = summaries.length === 0 ? '' : `\n## Studies\n\n${summaries.map(oneStudy).join('\n\n')}\n\n`;
  return results.replace(PART, (_, begin: string, end: string) => `${begin}${text}${end}`);
}

function oneStudy(summary: StudySummary): string {
  const [title = '', ...rest] = studySection(summary).split('\n\n');
  return [title, ...commandOf(summary), ...rest].join('\n\n');
}

/** The command that trains it again, where its plan is in the repository. */
function commandOf({ study, faces, evaluations }: StudySummary): readonly string[] {
  const plan = `studies/${study}.json`;
  if (!existsSync(plan)) return [];
  const own = faces !== undefined && faces.name !== 'synthetic' ? ' --faces PATH' : '';
  const files = evaluations.flatMap(({ name, data }) =>
    name === HELD_OUT || data === undefined || data.startsWith('synthetic:') ? [] : [` --data ${data}`],
  );
  return [`\`npm run study -- ${plan}${own}${files.join('')} --out DIR\``];
}

function main(folders: readonly string[]): void {
  for (const folder of folders) {
    const summary = summaryIn(folder);
    const target = join(DATA, summary.study);
    mkdirSync(target, { recursive: true });
    writeWhole(join(target, 'summary.json'), summaryText(summary));
    const seeds = `${summary.complete} of ${summary.planned} seeds`;
    console.log(`${target}: ${seeds}${summary.interim ? ', interim: it is shown as such' : ''}`);
  }
  writeWhole(RESULTS, withStudies(readFileSync(RESULTS, 'utf8'), publishedStudies()));
}

if (process.argv[1]?.endsWith('study-results.ts')) main(process.argv.slice(2));
