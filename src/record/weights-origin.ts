import { formatNumber } from '../config/quantity.ts';
import { noticeText } from '../formats/outside-text.ts';
import { armLabel } from './arm.ts';

/** Where the first weights of a run are from that were not drawn from its seed. */
export interface WeightsOrigin {
  /** Name of the file: text from outside. */
  readonly file: string;
  readonly arm: string;
  /** Steps that they had been trained. */
  readonly step: number;
  /** CRC-32 of all numbers but the class centres, in the order of the layers. */
  readonly crc32: number;
  /** Whether the class centres are the file's too, or drawn from the run's seed. */
  readonly centres: 'file' | 'seed';
}

/** In words: "the Standard arm at step 2 400 of run.zip (CRC-32 0a1b2c3d)". */
export function originInWords({ file, arm, step, crc32, centres }: WeightsOrigin): string {
  const which = `the ${armLabel(arm)} arm at step ${formatNumber(step)} of ${noticeText(file, 80)}`;
  const fresh = centres === 'seed' ? '; class centres are drawn from the seed' : '';
  return `${which} (CRC-32 ${crc32.toString(16).padStart(8, '0')})${fresh}`;
}

/** That settings alone do not repeat a run that began with such weights. */
export function notInSettings({ file }: WeightsOrigin): string {
  return `The first weights of the run are from ${noticeText(file, 80)} and no setting: a new run with these settings begins with weights drawn from its seed.`;
}
