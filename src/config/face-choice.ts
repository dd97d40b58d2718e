import { DRAWING_SETTINGS } from './drawing-settings.ts';
import type { ConfigKey, RunConfig } from './run-config.ts';

const FACE_SETTINGS: readonly ConfigKey[] = [
  'faces',
  'identities',
  'imagesPerIdentity',
  'maxIdentities',
  'maxImagesPerIdentity',
  'imageSize',
  'region',
  'facesSeed',
  ...DRAWING_SETTINGS,
];

/** The settings of a config that choose its faces as one text: runs with the same text train on the same faces. */
export function faceChoice(config: RunConfig): string {
  return FACE_SETTINGS.map((setting) => config[setting]).join();
}
