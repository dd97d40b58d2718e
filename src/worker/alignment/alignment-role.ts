import detectorWeights from '../../../node_modules/@vladmandic/human/models/blazeface.bin?url';
import detector from '../../../node_modules/@vladmandic/human/models/blazeface.json?url';
import meshWeights from '../../../node_modules/@vladmandic/human/models/facemesh.bin?url';
import mesh from '../../../node_modules/@vladmandic/human/models/facemesh.json?url';
import { alignPhoto } from '../../alignment/align-photo.ts';
import { FaceFinder } from '../../alignment/face-finder.ts';
import { viewAround } from '../../alignment/face-view.ts';
import { ProblemError } from '../../config/problem.ts';
import { browserDecoder } from '../../faces/import/browser-decoder.ts';
import { sortFiles } from '../../faces/import/file-groups.ts';
import { findImages, type ImageFile } from '../../faces/import/image-files.ts';
import { noImages } from '../../faces/import/import-faces.ts';
import { DEFAULT_IMPORT_LIMITS } from '../../faces/import/limits.ts';
import { ImageReader } from '../../faces/import/read-image.ts';
import { centreSquare, resampleSquare } from '../../faces/import/resample.ts';
import { UnreadableImageError } from '../../faces/import/unreadable-image.ts';
import { openEngine } from '../../network/backend.ts';
import { WASM_FILES } from '../wasm-files.ts';
import type { AlignmentCommand, AlignmentFailure, AlignmentMessage, ReadPhoto } from './protocol.ts';

const VIEW = 96;
/** Of a face in its photo. */
const AROUND = 336;
/** A crowd has more faces than anyone chooses from. */
const MOST_FACES = 9;

const running = new Map<number, AbortController>();
let finder: Promise<FaceFinder> | undefined;

/** Carries out the page's commands to the worker that aligns. */
export function receive(command: AlignmentCommand): void {
  if (command.type === 'cancel') {
    running.get(command.requestId)?.abort();
    return;
  }
  const controller = new AbortController();
  const { requestId } = command;
  running.set(requestId, controller);
  void align(command, controller.signal)
    .catch((error: unknown) => {
      if (!controller.signal.aborted) post({ type: 'failed', requestId, problem: failureOf(error) });
    })
    .finally(() => running.delete(requestId));
}

function post(message: AlignmentMessage): void {
  self.postMessage(message);
}

async function align(
  { requestId, name, files, around }: Extract<AlignmentCommand, { type: 'align' }>,
  signal: AbortSignal,
): Promise<void> {
  const groups = await sortFiles(name, files, DEFAULT_IMPORT_LIMITS, signal);
  const found = await findImages(name, groups.rest, DEFAULT_IMPORT_LIMITS);
  if (found.images.length === 0) throw noImages(name, found);
  finder ??= openFinder();
  finder.catch(() => {
    finder = undefined;
  });
  const ready = await finder;
  const reader = new ImageReader(browserDecoder(), 'auto', DEFAULT_IMPORT_LIMITS);
  for (const [done, image] of found.images.entries()) {
    const photo = await readPhoto(ready, reader, image, around);
    signal.throwIfAborted();
    post({ type: 'photo', requestId, photo, done: done + 1, total: found.images.length });
  }
  const texts: { readonly path: string; readonly bytes: Uint8Array<ArrayBuffer> }[] = [];
  for (const text of found.texts) texts.push({ path: text.path, bytes: await text.read() });
  post({ type: 'done', requestId, texts });
}

async function readPhoto(
  ready: FaceFinder,
  reader: ImageReader,
  image: ImageFile,
  around: boolean,
): Promise<ReadPhoto> {
  const { path } = image;
  try {
    const picture = await reader.picture(image);
    const faces = (await ready.find(picture)).slice(0, MOST_FACES).flatMap(({ points }) => {
      const aligned = alignPhoto(picture, points);
      if (aligned === undefined) return [];
      const face = { points, ...aligned };
      return around ? [{ ...face, around: viewAround(picture, points, aligned.scaled, AROUND) }] : [face];
    });
    const view = { size: VIEW, images: resampleSquare(picture, centreSquare(picture), VIEW) };
    return { path, faces, problem: undefined, view };
  } catch (error) {
    if (!(error instanceof UnreadableImageError)) throw error;
    const view = { size: VIEW, images: new Uint8Array(VIEW * VIEW * 3).fill(0x80) };
    return { path, faces: [], problem: error.message, view };
  }
}

async function openFinder(): Promise<FaceFinder> {
  await openEngine({ preference: 'wasm', wasmFiles: WASM_FILES });
  const files = async (json: string, weights: string) => ({
    json: new Uint8Array(await load(json)),
    weights: await load(weights),
  });
  return FaceFinder.open({ detector: await files(detector, detectorWeights), mesh: await files(mesh, meshWeights) });
}

async function load(url: string): Promise<ArrayBuffer> {
  const answer = await fetch(url);
  if (answer.ok) return answer.arrayBuffer();
  throw new Error(`The face detector could not be loaded: the page answered ${answer.status}.`);
}

function failureOf(error: unknown): AlignmentFailure {
  if (error instanceof ProblemError) return { code: String(error.code), message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: 'Try again; if it happens again, reload the page.' };
}
