import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Words that read as translated and sizes in ASCII, each with the plainer one. */
const WORDING: readonly { readonly pattern: RegExp; readonly plain: string }[] = [
  { pattern: /\b(go|goes|going|gone|went) on\b/gi, plain: 'resume, continue, or name the event' },
  // Not a question, nor a name in code: `what:`, `{ what }`, `one.what`, `$what`, `what-dies`.
  {
    pattern: /(?<![$.{]\s?)\bwhat\b(?![-:)])(?!.*\?)/gi,
    plain: 'name the subject: the contents, the result, the reason',
  },
  { pattern: /\b(tell|tells|telling|told)\b(?! (people )?apart)/gi, plain: 'report, name, say, show, distinguish' },
  { pattern: /\b(stands?|stood)\b/gi, plain: 'is, lies, appears; or the verb of the thing itself' },
  { pattern: /\b(by itself|by themselves)\b/gi, plain: 'alone, automatically' },
  { pattern: /\bso much\b/gi, plain: 'this much, or a number' },
  { pattern: /\bat once\b/gi, plain: 'immediately, at the same time, together' },
  { pattern: /\b(whoever|whichever|whatever)\b/gi, plain: 'name the subject: the caller, any, regardless of' },
  { pattern: /\b(under way|begun)\b/gi, plain: 'running, unfinished, started' },
  // Not in Python's comments, nor in the metadata of exported models.
  { pattern: /(?<!# .*|'ArcFace )(?:\b\d+|\}) x (?=[\d$])|[\d}]×[\d$]/g, plain: 'a size: 112 × 112' },
];

const CHECKED = /\.(ts|tsx|css|md|py|yml|html)$/;
const ITSELF = /^scripts\/wording(\.test)?\.ts$/;

/** The findings in a text, one "line: word: suggestion" each. */
export function wordingOf(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, at) =>
      WORDING.flatMap(({ pattern, plain }) =>
        [...line.matchAll(pattern)].map(([word]) => `${at + 1}: "${word}": ${plain}`),
      ),
    );
}

if (process.argv[1]?.endsWith('wording.ts')) {
  const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n');
  const checked = files.filter((path) => CHECKED.test(path) && !ITSELF.test(path));
  const found = checked.flatMap((path) => wordingOf(readFileSync(path, 'utf8')).map((finding) => `${path}:${finding}`));
  for (const finding of found) console.error(finding);
  if (found.length > 0) process.exit(1);
  console.log(`Wording: ${checked.length} files, no findings`);
}
