import { openIjbFolder } from '../../src/faces/import/ijb-folder.ts';
import { TEMPLATE_POINTS } from '../../src/faces/import/similarity.ts';

/*
 * Processor time and peak memory of reading the lists of an IJB folder, at a share of IJB-C's size (469,375 images, 23,124
 * templates, 15,658,489 pairs). Images are named and not read.
 *
 *   npx tsx bench/evidence/ijb-lists.ts [share, 0.1]
 */

const IJB_C = { images: 469_375, templates: 23_124, pairs: 15_658_489 };
const share = Number(process.argv[2] ?? 0.1);
const images = Math.round(IJB_C.images * share);
const templates = Math.round(IJB_C.templates * share);
const pairs = Math.round(IJB_C.pairs * share);
const points = TEMPLATE_POINTS.map((point) => point.toFixed(3)).join(' ');

/** Lines as bytes, a stretch at a time: the text of all would be longer than a string may be. */
function list(path: string, count: number, line: (at: number) => string) {
  const encoder = new TextEncoder();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let first = 0; first < count; first += 100_000) {
    const some = Math.min(100_000, count - first);
    parts.push(encoder.encode(Array.from({ length: some }, (_, at) => `${line(first + at)}\n`).join('')));
  }
  return { path, file: new Blob(parts) };
}

const lists = {
  images: list('ijbc_face_tid_mid.txt', images, (at) => `${at + 1}.jpg ${1 + (at % templates)} ${at}`),
  landmarks: list('ijbc_name_5pts_score.txt', images, (at) => `${at + 1}.jpg ${points} 0.9`),
  pairs: list(
    'ijbc_template_pair_label.txt',
    pairs,
    (at) => `${1 + (at % templates)} ${1 + ((at * 7919) % templates)} ${at % 2}`,
  ),
};
const nothing = new Blob([]);
const files = Array.from({ length: images }, (_, at) => ({ path: `IJBC/loose_crop/${at + 1}.jpg`, file: nothing }));

let peak = 0;
const look = () => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
look();
const start = peak;
const before = process.cpuUsage();
const timer = setInterval(look, 5);
const folder = await openIjbFolder('IJBC', lists, files);
look();
clearInterval(timer);
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    share,
    found: folder.found,
    seconds: Number(((user + system) / 1e6).toFixed(1)),
    startMiB: Math.round(start / 2 ** 20),
    peakMiB: Math.round(peak / 2 ** 20),
  }),
);
