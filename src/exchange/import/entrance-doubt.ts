import { shown } from '../model-problem.ts';
import type { NamedKernel } from './entrance-by-name.ts';

/** As many names as a sentence holds. */
const MOST_NAMES = 3;
/** Copies and branches that are looked for: a damaged file may have any number. */
const MOST_TWINS = 8;
/** Words for a network beside its copy. */
const COPY =
  /(^|[._])(ema|swa|avg|averaged?|shadow|teacher|student|online|target|momentum|copy|clone|best|last|old|prev|init|initial|backup|original|q|k)\w*\./i;
const WAY_OUT = 'Exported as ONNX, its graph shows the order.';

/**
 * A sentence on other kernels that look as if they took the image first: `equal` are as likely as the `first` one.
 * `transformers` are kernels that lead to a spatial transformer, with the layers that show it. Undefined without doubt: copies of
 * the network, such as averaged weights, and parallel branches have such kernels as well.
 */
export function entranceDoubt(
  kernels: readonly NamedKernel[],
  first: number,
  equal: readonly number[],
  transformers: ReadonlyMap<string, string>,
): string | undefined {
  const name = kernels[first]?.name ?? '';
  const [aside] = transformers;
  if (aside !== undefined) {
    return (
      `"${shown(name)}" was taken for the first layer: "${shown(aside[0])}" seems to belong to a spatial transformer, ` +
      `by the six numbers of "${shown(aside[1])}". ${WAY_OUT}`
    );
  }
  const others = equal.filter((other, place) => place >= MOST_TWINS || !isTwin(kernels, first, other));
  if (others.length === 0) return undefined;
  const names = others.slice(0, MOST_NAMES).map((other) => `"${shown(kernels[other]?.name ?? '')}"`);
  const more = others.length > names.length ? ` and ${others.length - names.length} more` : '';
  return (
    `The first layer may be another one: ${names.join(', ')}${more} could take the image as well as "${shown(name)}", ` +
    `and the file does not show the order of its layers. ${WAY_OUT}`
  );
}

/** Whether two kernels have the same place in two copies of a network, or in two branches of a block. */
function isTwin(kernels: readonly NamedKernel[], one: number, other: number): boolean {
  const [a, b] = [kernels[one], kernels[other]];
  if (a === undefined || b === undefined || a.shape.join() !== b.shape.join()) return false;
  const [left, right] = [a.name.split(/[./]/), b.name.split(/[./]/)];
  let same = 0;
  while (same < Math.min(left.length, right.length) && left.at(-1 - same) === right.at(-1 - same)) same++;
  const [path, otherPath] = [left.slice(0, left.length - same), right.slice(0, right.length - same)];
  const [last, otherLast] = [path.pop(), otherPath.pop()];
  // Branches, which differ by their number alone.
  const numbered = [last, otherLast].map((part) => /^(.*?)\d+$/.exec(part ?? '')?.[1]);
  const areBranches =
    numbered[0] !== undefined && numbered[0] === numbered[1] && path.join('.') === otherPath.join('.');
  if (areBranches && numbered[0] === '') return true;
  const prefixOf = (segments: readonly string[], end: string | undefined) =>
    end === undefined ? '' : `${[...segments, end].join('.')}.`;
  const [prefix, otherPrefix] = [prefixOf(path, last), prefixOf(otherPath, otherLast)];
  // Two networks of one design, as a generator's judge and a face network, are no copies.
  if (!areBranches && ![prefix, otherPrefix].some((name) => name === '' || COPY.test(name))) return false;
  const inside = layersIn(kernels, prefix, otherPrefix);
  return inside.length > 1 && inside.join('\n') === layersIn(kernels, otherPrefix, prefix).join('\n');
}

/** The kernels below a prefix, but for those of a copy below that again, without it. */
function layersIn(kernels: readonly NamedKernel[], prefix: string, copy: string): readonly string[] {
  return kernels
    .map(({ name, shape }) => ({ name: name.replaceAll('/', '.'), shape }))
    .filter(({ name }) => name.startsWith(prefix) && !(copy.length > prefix.length && name.startsWith(copy)))
    .map(({ name, shape }) => `${name.slice(prefix.length)} ${shape.join()}`)
    .sort();
}
