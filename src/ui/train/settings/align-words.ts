import { formatNumber } from '../../../config/quantity.ts';
import { noticeText } from '../../../formats/outside-text.ts';
import type { ReadPhoto } from '../../../worker/alignment/protocol.ts';

/** Names of a sentence. */
const MOST_NAMED = 5;

/** Letters of a name: the folders before it may be long. */
const MOST_OF_NAME = 120;

/** How many photos have a face, none or several. */
export function summaryOf(found: number, missing: number, several: number): string {
  const none = missing > 0 ? `, none in ${formatNumber(missing)}` : '';
  const more =
    several > 0
      ? ` ${several === 1 ? '1 photo holds' : `${formatNumber(several)} photos hold`} several: the largest is taken unless you choose another.`
      : '';
  return `Faces found in ${formatNumber(found)}${none}.${more}`;
}

/** Why a photo is left out. */
export function whyMissing({ problem }: Pick<ReadPhoto, 'problem'>): string {
  return problem === undefined ? 'no face found' : 'cannot be read';
}

/** The photos that are left out by their names, those without a face apart from those that cannot be read. */
export function missingText(missing: readonly Pick<ReadPhoto, 'path' | 'problem'>[]): string {
  const reasons = [...new Set(missing.map(whyMissing))];
  const groups = reasons.map((reason) => {
    const names = missing.filter((photo) => whyMissing(photo) === reason).map(({ path }) => path);
    const rest = names.length - MOST_NAMED;
    const first = names.slice(0, MOST_NAMED).map((name) => noticeText(name, MOST_OF_NAME));
    return `${first.join(', ')}${rest > 0 ? ` and ${formatNumber(rest)} more` : ''}: ${reason}.`;
  });
  return [...groups, missing.length === 1 ? 'It is left out.' : 'They are left out.'].join(' ');
}

/** The photos that are not shown; `alike` where all that need a look are. */
export function restText(count: number, alike: boolean): string {
  return `and ${formatNumber(count)} more${alike ? ', each with one face' : ''}`;
}
