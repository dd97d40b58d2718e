import type { RunConfig } from './run-config.ts';

/** The settings that say how the faces of a run are drawn: how much photos vary, and by which version of the drawing. */
export const DRAWING_SETTINGS = [
  'photoYaw',
  'photoLight',
  'photoYears',
  'photoCovered',
  'photoBlur',
  'faceVersion',
] as const;
export type DrawingSettings = Pick<RunConfig, (typeof DRAWING_SETTINGS)[number]>;

/** Those among the settings of a run. */
export function drawingSettings(config: DrawingSettings): DrawingSettings {
  const { photoYaw, photoLight, photoYears, photoCovered, photoBlur, faceVersion } = config;
  return { photoYaw, photoLight, photoYears, photoCovered, photoBlur, faceVersion };
}
