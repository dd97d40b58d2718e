import { useEffect, useMemo } from 'react';
import type { FacesState } from '../../client/faces-state.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { type SeenFace, seenFace } from '../../craft/response.ts';
import { FACE_REGIONS, type RegionName } from '../../faces/face-set.ts';
import type { DrawnPicture } from '../../worker/gallery/protocol.ts';
import {
  drawFaces,
  drawnFace,
  type FaceChoice,
  type FaceSamples,
  type FaceSettings,
  facesOfKind,
  orderOf,
  samplesOf,
  useRunFaces,
} from './run-faces.ts';
import type { RunState } from './run-state.ts';
import { useRunState } from './store-context.tsx';

/** The settings of the run, else of the next one, that its faces depend on. */
export function useFaceSettings(): FaceSettings {
  return useRunState(({ run, config }) => run?.config ?? config);
}

/** The picture of a face at the size that the run trains at; undefined while it is drawn, or where there is none. */
export function useFacePicture(choice: FaceChoice, wanted = true): DrawnPicture | undefined {
  const settings = useFaceSettings();
  const faces = useRunState((state) => state.faces);
  const camera = useRunFaces((state) => state.camera);
  const order = orderOf(choice, settings);
  const id = order?.id;
  const drawn = useRunFaces((state) => (id === undefined ? undefined : state.drawn.get(id)));
  const { imageSize: size, region } = settings;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the id names all of the order.
  useEffect(() => {
    if (wanted && order !== undefined) drawFaces([order]);
  }, [id, wanted]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the camera's pictures are among the samples.
  const own = useMemo(() => ownFace(choice, faces, size, region), [choice, faces, camera, size, region]);
  return order === undefined ? own : drawn;
}

/** A picture, and the same as the network's input. */
interface RunFace {
  readonly face: SeenFace;
  readonly picture: DrawnPicture;
}

/** The face chosen, and its picture as a network sees it; undefined while it is drawn. `wanted` false asks for nothing. */
export function useRunFace(wanted = true): RunFace | undefined {
  const settings = useFaceSettings();
  const faces = useRunState((state) => state.faces);
  const chosen = useRunFaces(({ choice }) => choice);
  // The faces may be fewer since, or gone.
  const there = chosen.place < facesOfKind(chosen.kind, settings, faces);
  const choice = useMemo<FaceChoice>(() => (there ? chosen : { kind: 'drawn', place: 0 }), [chosen, there]);
  const picture = useFacePicture(choice, wanted);
  return picture && seenPicture(picture);
}

/**
 * The face chosen, for a file. `ownToo`: also where it is a photo of the user's; else a drawn one is taken.
 * @throws Error where none can be drawn
 */
export async function chosenFace({ run, config, faces }: RunState, ownToo: boolean): Promise<SeenFace> {
  const settings = run?.config ?? config;
  const { choice } = useRunFaces.getState();
  const there = choice.place < facesOfKind(choice.kind, settings, faces);
  const own = ownToo && there ? ownFace(choice, faces, settings.imageSize, settings.region) : undefined;
  if (own !== undefined) return seenPicture(own).face;
  const order = (there ? orderOf(choice, settings) : undefined) ?? orderOf({ kind: 'drawn', place: 0 }, settings);
  if (order === undefined) throw new Error('There is no face that the filters could respond to.');
  return seenPicture(await drawnFace(order)).face;
}

/** A drawn person as a face network gets it, 112 pixels wide under all settings; undefined while it is drawn. */
export function useModelFace(person: number, wanted: boolean): RunFace | undefined {
  const id = `model/${person}`;
  const picture = useRunFaces(({ drawn }) => drawn.get(id));
  useEffect(() => {
    const views = [{ size: 112, region: 'full' }] as const;
    if (wanted) drawFaces([{ id, seed: DEFAULT_CONFIG.facesSeed, person, values: {}, views }]);
  }, [id, person, wanted]);
  return picture && seenPicture(picture);
}

/** Many rows and cards look at the same face. */
const seen = new WeakMap<DrawnPicture, RunFace>();

function seenPicture(picture: DrawnPicture): RunFace {
  const known = seen.get(picture);
  if (known !== undefined) return known;
  const made = { face: seenFace(rgbOf(picture.pixels), picture.size), picture };
  seen.set(picture, made);
  return made;
}

function rgbOf(pixels: Uint8ClampedArray): Uint8Array {
  return Uint8Array.from(
    { length: (pixels.length / 4) * 3 },
    (_, at) => pixels[Math.floor(at / 3) * 4 + (at % 3)] ?? 0,
  );
}

/** The user's pictures at the sizes that were asked for, by `place/size/region`. */
const scaledFaces = new WeakMap<FaceSamples, Map<string, DrawnPicture>>();

/** One of the user's small pictures at another size, scaled by the browser; of the camera's the region that the run trains on. */
function ownFace(choice: FaceChoice, faces: FacesState, size: number, region: RegionName): DrawnPicture | undefined {
  const [samples, place] = samplesOf(choice, faces) ?? [];
  if (samples === undefined || place === undefined) return undefined;
  const known = scaledFaces.get(samples) ?? new Map<string, DrawnPicture>();
  scaledFaces.set(samples, known);
  const key = `${place}/${size}/${region}`;
  const cut = choice.kind === 'camera' ? FACE_REGIONS[region] : { left: 0, top: 0, size: samples.size };
  const picture = known.get(key) ?? scaledFace(samples, place, size, cut);
  if (picture !== undefined) known.set(key, picture);
  return picture;
}

function scaledFace(
  { size, images }: FaceSamples,
  place: number,
  wanted: number,
  cut: { readonly left: number; readonly top: number; readonly size: number },
): DrawnPicture | undefined {
  const small = document.createElement('canvas');
  const scaled = document.createElement('canvas');
  [small.width, small.height] = [size, size];
  [scaled.width, scaled.height] = [wanted, wanted];
  const pixels = new ImageData(size, size);
  const first = place * size * size * 3;
  for (let pixel = 0; pixel < size * size; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      pixels.data[pixel * 4 + channel] = images[first + pixel * 3 + channel] ?? 0;
    }
    pixels.data[pixel * 4 + 3] = 255;
  }
  small.getContext('2d')?.putImageData(pixels, 0, 0);
  const context = scaled.getContext('2d', { willReadFrequently: true });
  if (context === null) return undefined;
  context.imageSmoothingQuality = 'high';
  context.drawImage(small, cut.left, cut.top, cut.size, cut.size, 0, 0, wanted, wanted);
  return { size: wanted, pixels: context.getImageData(0, 0, wanted, wanted).data };
}
