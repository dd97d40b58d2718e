import { useEffect, useMemo, useState } from 'react';
import type { ResponseMaps } from '../../craft/response.ts';
import { largestResponse } from '../../record/response-image.ts';
import type { DrawnPicture } from '../../worker/gallery/protocol.ts';
import type { LayerResponses } from '../../worker/inspection/protocol.ts';
import { useModelFace } from '../state/use-run-face.ts';
import { inspection, useInspect } from './page-inspect.ts';

/** Drawn people to choose from, one after the other. */
const PEOPLE = 12;

const OPERATIONS: Readonly<Record<LayerResponses['batchNorm'], string>> = {
  whole:
    'convolution and batch norm of a drawn face from −1 to 1, without stride, bias and activation; white is the largest, of either sign',
  scale:
    'convolution and scale of the batch norm (not its shift) of a drawn face from −1 to 1, without stride, bias and activation; white is the largest, of either sign',
  none: 'convolution of a drawn face from −1 to 1, without stride, bias and activation; white is the largest, of either sign',
};

interface AnsweringLayer {
  /** Whether the layer on show is one that reads a picture. */
  readonly able: boolean;
  /** Whether responses are shown, or on their way. */
  readonly shown: boolean;
  readonly picture: DrawnPicture | undefined;
  readonly maps: ResponseMaps | undefined;
  /** Response shown as white: the largest of the layer. */
  readonly full: number | undefined;
  /** The operations that are applied. */
  readonly text: string | undefined;
  another(): void;
}

/** The operations behind the responses of a model's first layer; those that are missing come first, as a caption is cut. */
function operationsOf(batchNorm: LayerResponses['batchNorm'], passes: boolean): string {
  return `${passes ? 'without the fixed filters ahead: ' : ''}${OPERATIONS[batchNorm]}`;
}

/** The responses of the open model's first layer to a drawn face, asked for where they are `wanted`. */
export function useLayerResponses(wanted: boolean): AnsweringLayer {
  const model = useInspect((state) => state.model);
  const layer = useInspect(({ report }) => report?.layer);
  const responses = useInspect((state) => state.responses);
  const [person, setPerson] = useState(0);
  const channels = model?.layers[model.first]?.shape[2];
  const able = model !== undefined && layer === model.first && (channels === 3 || channels === 1);
  const shown = able && wanted;
  const chosen = useModelFace(person, shown);
  const face = chosen?.face;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another model is another question.
  useEffect(() => {
    if (shown && face !== undefined) inspection.respondTo(face);
  }, [shown, face, model]);
  const maps = shown && responses?.layer === layer ? responses?.maps : undefined;
  const full = useMemo(() => maps && largestResponse(maps), [maps]);
  return {
    able,
    shown,
    picture: chosen?.picture,
    maps,
    full,
    text: shown ? (responses === undefined ? 'computing' : operationsOf(responses.batchNorm, model.passes)) : undefined,
    another: () => setPerson((person + 1) % PEOPLE),
  };
}
