import { expect, it } from 'vitest';
import type { AlignmentCommand, AlignmentMessage, ReadPhoto } from '../../worker/alignment/protocol.ts';
import { AlignmentStore } from './alignment-store.ts';

const view = { size: 1, images: new Uint8Array(3) };
const face = (value: number) =>
  ({
    points: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    pixels: new Uint8Array(112 * 112 * 3).fill(value),
    turned: 3,
    scaled: 0.5,
  }) satisfies ReadPhoto['faces'][number];
const photo = (path: string, values: readonly number[]): ReadPhoto => ({
  path,
  faces: values.map(face),
  problem: undefined,
  view,
});

function opened() {
  const posted: AlignmentCommand[] = [];
  let receive: (message: AlignmentMessage) => void = () => {};
  let closed = 0;
  const store = new AlignmentStore((listener) => {
    receive = listener;
    return { post: (command) => posted.push(command), close: () => closed++ };
  });
  return { store, posted, closed: () => closed, receive: (message: AlignmentMessage) => receive(message) };
}

it('makes files of the chosen faces in their folders, with the lists, and without photos that have none', async () => {
  const { store, posted, receive } = opened();
  store.align('photos', []);
  const { requestId = 0 } = posted[0] ?? {};
  for (const one of [photo('Ann/1.jpg', [1]), photo('Ann/2.jpg', []), photo('Bo/two.png', [2, 3])]) {
    receive({ type: 'photo', requestId, photo: one, done: 1, total: 3 });
  }
  store.choose('Bo/two.png', 1);
  receive({ type: 'done', requestId, texts: [{ path: 'pairs.txt', bytes: new Uint8Array([65]) }] });
  expect(store.state.getState()).toMatchObject({ finished: true, total: 3, photos: { length: 3 } });
  const files = store.files();
  expect(files.map(({ path }) => path)).toEqual(['Ann/1.ppm', 'Bo/two.ppm', 'pairs.txt']);
  const bytes = new Uint8Array((await files[1]?.file.arrayBuffer()) ?? new ArrayBuffer(0));
  expect([bytes.length, bytes.at(-1)]).toEqual([15 + 112 * 112 * 3, 3]);
});

it('forgets everything when it is closed, and hears no answer to an older request', () => {
  const { store, posted, closed, receive } = opened();
  store.align('photos', []);
  const { requestId = 0 } = posted[0] ?? {};
  store.close();
  receive({ type: 'photo', requestId, photo: photo('a/1.jpg', [1]), done: 1, total: 1 });
  receive({ type: 'stopped', problem: { code: 'internal', message: '', hint: '' } });
  expect([store.state.getState().name, store.state.getState().photos, closed()]).toEqual([undefined, [], 1]);
});
