import { fieldOf, type RunConfig } from './run-config.ts';

/** The setting to lower where memory is short, and its new value. */
export interface SmallerRun {
  readonly key: 'batchSize' | 'imageSize';
  readonly value: number;
}

/** A quarter of the batch while that helps, then smaller images: both shrink the memory of a step. */
export function smallerRun({ batchSize, imageSize }: Pick<RunConfig, 'batchSize' | 'imageSize'>): SmallerRun {
  if (batchSize >= 8) return { key: 'batchSize', value: Math.max(least('batchSize'), Math.floor(batchSize / 4)) };
  return { key: 'imageSize', value: Math.max(least('imageSize'), Math.floor(imageSize / 16) * 8) };
}

function least(key: SmallerRun['key']): number {
  const field = fieldOf(key);
  return field.kind === 'number' ? field.min : 1;
}
