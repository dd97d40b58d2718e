import { createStore, type StoreApi } from 'zustand/vanilla';
import { assertNever } from '../../config/assert-never.ts';
import { DRAWING_SETTINGS, type DrawingSettings, drawingSettings } from '../../config/drawing-settings.ts';
import { readConfig } from '../../config/read-config.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { VariationExamples } from '../../faces/synthetic/examples.ts';
import type { SliderDescription } from '../../faces/synthetic/parameters.ts';
import type { DrawnPicture, FaceOrder, GalleryCommand, GalleryMessage } from '../../worker/gallery/protocol.ts';

/** The faces the gallery shows; the settings of the next run until they are changed here. */
export type GalleryFaces = DrawingSettings &
  Pick<RunConfig, 'facesSeed' | 'identities' | 'imagesPerIdentity' | 'imageSize' | 'region'>;

/** Slider values by key. */
export type SliderValues = Readonly<Record<string, number>>;

export interface GalleryState {
  readonly faces: GalleryFaces;
  readonly sliders: readonly SliderDescription[];
  readonly examples: readonly VariationExamples[];
  /** The person on show, counted from 0. */
  readonly person: number;
  /** The person's own slider positions; undefined until the worker has sent them. */
  readonly own: SliderValues | undefined;
  /** The sliders that were moved, and where to. */
  readonly moved: SliderValues;
  /** Small pictures of people by number. The map changes in place, its entries do not. */
  readonly thumbnails: ReadonlyMap<number, DrawnPicture>;
  readonly photo: DrawnPicture | undefined;
  readonly networkView: DrawnPicture | undefined;
  /** Pictures of the examples, by `exampleKey`. */
  readonly examplePictures: ReadonlyMap<string, DrawnPicture>;
  /** The first photos of the person that a run draws, by their number. */
  readonly runPhotos: ReadonlyMap<number, DrawnPicture>;
  readonly failure: string | undefined;
}

export interface GalleryActions {
  /** Asks for the small pictures of people `first` up to and without `end` that are not there yet. */
  showPeople(first: number, end: number): void;
  choosePerson(person: number): void;
  moveSlider(key: string, value: number): void;
  /** A plain photo again, with these values. */
  setPhoto(values: SliderValues): void;
  /** All sliders back to where the person has them. */
  resetSliders(): void;
  /** Values are read as settings are: clamped, and left as they were where they cannot be read. */
  changeFaces(change: Readonly<Partial<Record<keyof GalleryFaces, string | number>>>): void;
}

export interface GalleryStore extends StoreApi<GalleryState> {
  readonly actions: GalleryActions;
  receive(message: GalleryMessage): void;
}

export const PHOTO_SIZE = 156;
/** Of a thumbnail and of an example: sharp also where a screen has more pixels than CSS says. */
export const SMALL_SIZE = 96;
/** Photos of the person that are shown as a run draws them. */
export const RUN_PHOTOS = 8;
/** Small pictures kept, 37 kB each; the oldest go first. */
const MOST_THUMBNAILS = 600;

export function exampleKey(column: number, row: number): string {
  return `${column}/${row}`;
}

/** The gallery's state, and the only sender to its worker, through `post`. */
export function createGalleryStore(post: (command: GalleryCommand) => void, config: RunConfig): GalleryStore {
  let thumbnails = new Map<number, DrawnPicture>();
  let shown = { first: 0, end: 0 };
  const store = createStore<GalleryState>(() => ({
    faces: galleryFaces(config),
    sliders: [],
    examples: [],
    person: 0,
    own: undefined,
    moved: {},
    thumbnails,
    photo: undefined,
    networkView: undefined,
    examplePictures: new Map(),
    runPhotos: new Map(),
    failure: undefined,
  }));

  const order = (id: string, values: SliderValues, views: FaceOrder['views'], person: number): FaceOrder => {
    return {
      id: `${drawerOf(store.getState().faces)}/${id}`,
      seed: store.getState().faces.facesSeed,
      person,
      drawing: drawingSettings(store.getState().faces),
      values,
      views,
    };
  };

  function drawFace(): void {
    const { person, moved, faces } = store.getState();
    const views = [
      { size: PHOTO_SIZE, region: 'full' },
      { size: faces.imageSize, region: faces.region },
    ] as const;
    post({ type: 'draw', lane: 'face', orders: [order(String(person), moved, views, person)] });
  }

  function drawExamples(): void {
    const { person, moved, sliders, examples } = store.getState();
    const own = sliders.filter(({ group, key }) => group === 'identity' && moved[key] !== undefined);
    const identity = Object.fromEntries(own.map(({ key }) => [key, moved[key] ?? 0]));
    const orders = examples.flatMap((column, x) =>
      column.examples.map(({ values }, y) =>
        order(`${person}/${exampleKey(x, y)}`, { ...identity, ...values }, SMALL_VIEWS, person),
      ),
    );
    post({ type: 'draw', lane: 'examples', orders });
  }

  /** As a run with these settings draws them, which no slider of the face changes. */
  function drawRunPhotos(): void {
    const { person, faces } = store.getState();
    const orders = Array.from({ length: Math.min(RUN_PHOTOS, faces.imagesPerIdentity) }, (_, photo) => ({
      ...order(`${person}/${photo}/${Object.values(drawingSettings(faces))}`, {}, SMALL_VIEWS, person),
      photo,
    }));
    post({ type: 'draw', lane: 'photos', orders });
  }

  function meet(person: number): void {
    const { facesSeed: seed } = store.getState().faces;
    store.setState({ person, own: undefined, moved: {}, examplePictures: new Map(), runPhotos: new Map() });
    post({ type: 'introduce', seed, person });
    drawFace();
    drawRunPhotos();
    drawExamples();
  }

  function drawPeople(): void {
    const { faces } = store.getState();
    const orders: FaceOrder[] = [];
    for (let person = shown.first; person < Math.min(shown.end, faces.identities); person++) {
      if (!thumbnails.has(person)) orders.push(order(`${person}`, {}, SMALL_VIEWS, person));
    }
    post({ type: 'draw', lane: 'people', orders });
  }

  function keepThumbnail(person: number, picture: DrawnPicture): void {
    thumbnails.set(person, picture);
    const [oldest] = thumbnails.keys();
    if (thumbnails.size > MOST_THUMBNAILS && oldest !== undefined) thumbnails.delete(oldest);
    store.setState({});
  }

  const actions: GalleryActions = {
    showPeople(first, end) {
      shown = { first, end };
      drawPeople();
    },
    choosePerson(person) {
      const { person: before, faces } = store.getState();
      const next = Math.min(Math.max(0, person), faces.identities - 1);
      if (next !== before) meet(next);
    },
    moveSlider(key, value) {
      const { moved, sliders } = store.getState();
      store.setState({ moved: { ...moved, [key]: value } });
      drawFace();
      if (sliders.find((slider) => slider.key === key)?.group === 'identity') drawExamples();
    },
    setPhoto(values) {
      const { moved, sliders } = store.getState();
      const photo = new Set(sliders.filter(({ group }) => group === 'photo').map(({ key }) => key));
      const identity = Object.entries(moved).filter(([key]) => !photo.has(key));
      store.setState({ moved: { ...Object.fromEntries(identity), ...values } });
      drawFace();
    },
    resetSliders() {
      store.setState({ moved: {} });
      drawFace();
      drawExamples();
    },
    changeFaces(change) {
      const { faces: before, person } = store.getState();
      const { config: next } = readConfig(change, { ...config, ...before });
      const { facesSeed, identities, imagesPerIdentity, imageSize, region } = next;
      store.setState({ faces: galleryFaces(next) });
      const others = facesSeed !== before.facesSeed || next.faceVersion !== before.faceVersion;
      const varies = DRAWING_SETTINGS.some((key) => next[key] !== before[key]);
      if (others) {
        thumbnails = new Map();
        store.setState({ thumbnails });
      }
      if (others || person >= identities) meet(Math.min(person, identities - 1));
      else if (imageSize !== before.imageSize || region !== before.region) drawFace();
      else if (varies || imagesPerIdentity !== before.imagesPerIdentity) drawRunPhotos();
      drawPeople();
    },
  };

  function receive(message: GalleryMessage): void {
    const { faces, person } = store.getState();
    switch (message.type) {
      case 'described':
        store.setState({ sliders: message.sliders, examples: message.examples });
        drawExamples();
        return;
      case 'introduced':
        if (message.seed === faces.facesSeed && message.person === person) store.setState({ own: message.values });
        return;
      case 'failed':
        store.setState({ failure: message.message });
        return;
      case 'drawn': {
        const [first, second] = message.pictures;
        const [drawer, whose, ...example] = message.id.split('/');
        // Answers to requests from before the seed, the drawing or the person changed may still arrive.
        if (first === undefined || drawer !== drawerOf(faces)) return;
        if (message.lane === 'people') keepThumbnail(Number(whose), first);
        if (whose !== String(person)) return;
        if (message.lane === 'face') store.setState({ photo: first, networkView: second });
        if (message.lane === 'photos') {
          const [photo, drawing] = example;
          // Of sliders as they were before.
          if (drawing !== String(Object.values(drawingSettings(faces)))) return;
          store.setState({ runPhotos: new Map(store.getState().runPhotos).set(Number(photo), first) });
        }
        if (message.lane === 'examples') {
          const pictures = new Map(store.getState().examplePictures).set(example.join('/'), first);
          store.setState({ examplePictures: pictures });
        }
        return;
      }
      default:
        assertNever(message);
    }
  }

  post({ type: 'describe' });
  meet(0);
  return { ...store, actions, receive };
}

/** The settings that a person's looks depend on. */
function drawerOf({ facesSeed, faceVersion }: GalleryFaces): string {
  return `${facesSeed}, version ${faceVersion}`;
}

function galleryFaces(config: GalleryFaces): GalleryFaces {
  const { facesSeed, identities, imagesPerIdentity, imageSize, region } = config;
  return { facesSeed, identities, imagesPerIdentity, imageSize, region, ...drawingSettings(config) };
}

const SMALL_VIEWS: FaceOrder['views'] = [{ size: SMALL_SIZE, region: 'full' }];
