import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import type { VariationExamples } from '../../faces/synthetic/examples.ts';
import type { SliderDescription } from '../../faces/synthetic/parameters.ts';
import type { DrawnPicture, FaceOrder, GalleryCommand, GalleryLane } from '../../worker/gallery/protocol.ts';
import { createGalleryStore } from './gallery-store.ts';

const SLIDERS: readonly SliderDescription[] = (['identity', 'photo'] as const).map((group) => ({
  ...{ key: group === 'identity' ? 'jaw' : 'pose', label: group, group, min: -1, max: 1, step: 0.1, rest: 0 },
  wording: { kind: 'scale', words: ['low', 'high'] },
}));
const example = (label: string, pose: number) => ({ label, values: { pose } });
const EXAMPLES: readonly VariationExamples[] = [
  { title: 'Pose', examples: [example('left', -1), example('right', 1), example('half', 0.5)] },
];
const picture = (): DrawnPicture => ({ size: 1, pixels: new Uint8ClampedArray(4) });

/** A store whose worker is a list of its requests. */
function openedGallery(identities = 20) {
  const posted: GalleryCommand[] = [];
  const store = createGalleryStore((command) => posted.push(command), { ...DEFAULT_CONFIG, facesSeed: 7, identities });
  store.receive({ type: 'described', sliders: SLIDERS, examples: EXAMPLES });
  const lastOrders = (lane: GalleryLane): readonly FaceOrder[] =>
    posted.flatMap((command) => (command.type === 'draw' && command.lane === lane ? [command.orders] : [])).at(-1) ??
    [];
  const drawn = (lane: GalleryLane, id: string, ...pictures: DrawnPicture[]) =>
    store.receive({ type: 'drawn', lane, id, pictures });
  return { store, posted, lastOrders, drawn };
}

describe('the gallery', () => {
  it('asks only for the small pictures it has not got', () => {
    const { store, lastOrders, drawn } = openedGallery(5);
    store.actions.showPeople(0, 12);
    expect(lastOrders('people').map(({ person }) => person)).toEqual([0, 1, 2, 3, 4]);
    drawn('people', '7, version 2/2', picture());
    store.actions.showPeople(0, 12);
    expect(lastOrders('people').map(({ person }) => person)).toEqual([0, 1, 3, 4]);
  });

  it('redraws the face for every slider, and the examples only for those of identity', () => {
    const { store, posted, lastOrders } = openedGallery();
    posted.length = 0;
    store.actions.moveSlider('pose', 0.4);
    expect(lastOrders('face')[0]?.values).toEqual({ pose: 0.4 });
    expect(lastOrders('examples')).toEqual([]);
    store.actions.moveSlider('jaw', 0.2);
    expect(lastOrders('face')[0]?.values).toEqual({ pose: 0.4, jaw: 0.2 });
    expect(lastOrders('examples').map(({ values }) => values)).toEqual([
      { jaw: 0.2, pose: -1 },
      { jaw: 0.2, pose: 1 },
      { jaw: 0.2, pose: 0.5 },
    ]);
  });

  it('an example sets the photo and leaves the identity as it was moved', () => {
    const { store } = openedGallery();
    store.actions.moveSlider('jaw', 0.2);
    store.actions.moveSlider('pose', 0.4);
    store.actions.setPhoto({});
    expect(store.getState().moved).toEqual({ jaw: 0.2 });
  });

  it('ignores pictures drawn for another seed or person', () => {
    const { store, drawn } = openedGallery();
    store.actions.choosePerson(3);
    drawn('face', '7, version 2/0', picture(), picture());
    expect(store.getState().photo).toBeUndefined();
    store.actions.changeFaces({ facesSeed: 8 });
    drawn('people', '7, version 2/1', picture());
    store.receive({ type: 'introduced', seed: 7, person: 3, values: { jaw: 1, pose: 0 } });
    expect(store.getState().thumbnails.size).toBe(0);
    expect(store.getState().own).toBeUndefined();
    drawn('face', '8, version 2/3', picture(), picture());
    expect(store.getState().photo).toBeDefined();
  });

  it('new people are drawn from the other seed, and nobody stays on show who is not among them', () => {
    const { store, lastOrders } = openedGallery(20);
    store.actions.showPeople(0, 20);
    store.actions.choosePerson(19);
    store.actions.changeFaces({ facesSeed: 8, identities: 10 });
    expect(store.getState().person).toBe(9);
    expect(lastOrders('people')).toHaveLength(10);
    expect(lastOrders('people').every(({ seed }) => seed === 8)).toBe(true);
  });

  it('shows photos as a run draws them, anew where they vary otherwise, and none of before', () => {
    const { store, lastOrders, drawn } = openedGallery();
    const before = lastOrders('photos')[2];
    expect(before).toMatchObject({ photo: 2, drawing: { photoYaw: '-24 24' }, values: {} });
    store.actions.changeFaces({ photoYaw: '40 60' });
    expect(lastOrders('photos').map(({ photo }) => photo)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const now = lastOrders('photos')[2];
    expect(now?.drawing?.photoYaw).toBe('40 60');
    drawn('photos', before?.id ?? '', picture());
    expect(store.getState().runPhotos.size).toBe(0);
    drawn('photos', now?.id ?? '', picture());
    expect([...store.getState().runPhotos.keys()]).toEqual([2]);
  });

  it('numbers out of range are clamped as in the settings', () => {
    const { store } = openedGallery();
    store.actions.changeFaces({ identities: 1, imageSize: 500 });
    expect(store.getState().faces).toMatchObject({ identities: 8, imageSize: 112 });
  });
});
