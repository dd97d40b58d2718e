import { create } from 'zustand';
import type { FacesState } from '../../client/faces-state.ts';
import { GalleryClient } from '../../client/gallery-client.ts';
import { type DrawingSettings, drawingSettings } from '../../config/drawing-settings.ts';
import type { RunConfig } from '../../config/run-config.ts';
import { FACE_REGIONS } from '../../faces/face-set.ts';
import type { ImportSummary } from '../../faces/import/imported-faces.ts';
import { heldOutPeople } from '../../verification/held-out-people.ts';
import type { DrawnPicture, FaceOrder } from '../../worker/gallery/protocol.ts';

/**
 * Whose face the first layer responds to: one of the drawn people, one whom no network is trained on, one of the user's photos, or
 * one of the camera's pictures.
 */
export const FACE_KINDS = ['drawn', 'held-out', 'own', 'camera'] as const;
export type FaceKind = (typeof FACE_KINDS)[number];

/** One face of a kind, counted from 0. */
export interface FaceChoice {
  readonly kind: FaceKind;
  readonly place: number;
}

/** The settings of a run that its faces depend on. */
export type FaceSettings = DrawingSettings &
  Pick<
    RunConfig,
    'facesSeed' | 'identities' | 'imagesPerIdentity' | 'imageSize' | 'region' | 'heldOutShare' | 'splitSeed'
  >;

/** Pictures of the user's, RGB [count, size, size, 3]. */
export type FaceSamples = ImportSummary['samples'];

interface RunFacesState {
  readonly choice: FaceChoice;
  /** Aligned faces of the camera's pictures, one in each. */
  readonly camera: readonly FaceSamples[];
  /** Pictures by `FaceOrder.id`. */
  readonly drawn: ReadonlyMap<string, DrawnPicture>;
  /** Why none can be drawn. */
  readonly failure: string | undefined;
}

/** Pictures kept, at most 50 kB each; the oldest go first. */
const MOST_PICTURES = 64;

export const useRunFaces = create<RunFacesState>(() => ({
  choice: { kind: 'drawn', place: 0 },
  camera: [],
  drawn: new Map(),
  failure: undefined,
}));

/** Chooses the face that walls, cards and events show responses to. */
export function chooseFace(choice: FaceChoice): void {
  useRunFaces.setState({ choice });
}

/** Takes an aligned face of the camera, RGB [112, 112, 3], and chooses it. It is kept while the page is open. */
export function addCameraFace(pixels: Uint8Array<ArrayBuffer>): void {
  const { camera } = useRunFaces.getState();
  const choice = { kind: 'camera', place: camera.length } as const;
  useRunFaces.setState({ camera: [...camera, { size: FACE_REGIONS.full.size, images: pixels }], choice });
}

/** The user's pictures among which a face is chosen, and its place there; undefined where it is drawn. */
export function samplesOf(
  { kind, place }: FaceChoice,
  { summary }: FacesState,
): readonly [samples: FaceSamples, place: number] | undefined {
  if (kind === 'own') return summary && [summary.samples, place];
  const picture = kind === 'camera' ? useRunFaces.getState().camera[place] : undefined;
  return picture && [picture, 0];
}

/** Orders that the worker has not answered, by id. */
const waiting = new Map<string, FaceOrder>();

const client = new GalleryClient((message) => {
  if (message.type === 'failed') {
    // They are asked for again when they are shown again.
    waiting.clear();
    useRunFaces.setState({ failure: message.message });
  }
  if (message.type !== 'drawn') return;
  waiting.delete(message.id);
  const [picture] = message.pictures;
  if (picture === undefined) return;
  const drawn = new Map(useRunFaces.getState().drawn).set(message.id, picture);
  for (const id of drawn.keys()) {
    if (drawn.size <= MOST_PICTURES) break;
    if (id !== message.id) drawn.delete(id);
  }
  useRunFaces.setState({ drawn, failure: undefined });
  // It holds a painter for each size, and is seldom asked.
  if (waiting.size === 0) client.close();
});

/** Has the faces drawn that are not there yet. */
export function drawFaces(orders: readonly FaceOrder[]): void {
  const { drawn } = useRunFaces.getState();
  const missing = orders.filter(({ id }) => !drawn.has(id) && !waiting.has(id));
  if (missing.length === 0) return;
  for (const order of missing) waiting.set(order.id, order);
  // New orders take the place of those that wait.
  client.post({ type: 'draw', lane: 'face', orders: [...waiting.values()] });
}

/** The picture of an order, once it is drawn. @throws Error where none can be drawn */
export function drawnFace(order: FaceOrder): Promise<DrawnPicture> {
  return new Promise((resolve, reject) => {
    const stop = useRunFaces.subscribe(look);
    function look({ drawn, failure }: RunFacesState, before?: RunFacesState): void {
      const picture = drawn.get(order.id);
      if (picture !== undefined) resolve(picture);
      else if (before !== undefined && failure !== undefined) reject(new Error(`No face could be drawn: ${failure}`));
      else return;
      stop();
    }
    drawFaces([order]);
    look(useRunFaces.getState());
  });
}

/** How many faces of a kind there are. */
export function facesOfKind(kind: FaceKind, settings: FaceSettings, { summary }: FacesState): number {
  switch (kind) {
    case 'drawn':
      return settings.identities;
    case 'held-out':
      return heldOutOf(settings).length;
    case 'camera':
      return useRunFaces.getState().camera.length;
    case 'own':
      return summary === undefined ? 0 : summary.samples.images.length / (summary.samples.size ** 2 * 3);
  }
}

/** The order for a face that is drawn; undefined for the user's own, and the camera's. */
export function orderOf({ kind, place }: FaceChoice, settings: FaceSettings): FaceOrder | undefined {
  const { facesSeed: seed, imageSize: size, region } = settings;
  if (kind === 'own' || kind === 'camera') return undefined;
  const person = kind === 'drawn' ? place : (heldOutOf(settings)[place] ?? 0);
  // Of a held-out person the first of the photos that the run's accuracy is measured on.
  const photo = kind === 'held-out' ? { photo: 0 } : {};
  const drawing = drawingSettings(settings);
  const id = `${seed}/${kind}/${person}/${size}/${region}/${Object.values(drawing)}`;
  return { id, seed, person, ...photo, drawing, values: {}, views: [{ size, region }] };
}

/** The faces as a person reads them: "Drawn person 3", "Held-out person 12", "My photo 1". */
export function faceLabel({ kind, place }: FaceChoice, settings: FaceSettings): string {
  if (kind === 'own') return `My photo ${place + 1}`;
  if (kind === 'camera') return `Camera picture ${place + 1}`;
  return kind === 'drawn' ? `Drawn person ${place}` : `Held-out person ${heldOutOf(settings)[place] ?? 0}`;
}

function heldOutOf({ identities, imagesPerIdentity, heldOutShare, splitSeed }: FaceSettings): readonly number[] {
  const counts = new Int32Array(identities).fill(imagesPerIdentity);
  return [...heldOutPeople(counts, heldOutShare, splitSeed)].sort((a, b) => a - b);
}
