import type { KernelShape } from '../../craft/filter-bank.ts';
import { imageScore } from './model-tensors.ts';
import type { Module } from './named-module.ts';

/** The affine map that moves no pixel: a spatial transformer begins there, and stays near it for aligned faces. */
const NO_CHANGE = [1, 0, 0, 0, 1, 0];
/** How far each of its numbers may have been trained away. */
const NEAR = 0.5;
/** Kernels that take an image, in a network or a few: a damaged file may have any number. */
const MOST_IMAGES = 64;
/** Three colours. */
const COLOURS_SCORE = 4;

/** A kernel by its place in the file. */
export interface PlacedKernel {
  readonly name: string;
  readonly shape: KernelShape;
  /** The module that holds it, by number. */
  readonly module: number;
}

/**
 * The kernels that take the image for a spatial transformer, under any name, each with the dense layer that shows it: its
 * six numbers begin as the map that moves nothing. `inOrder` where modules come in the network's order: such a kernel then
 * comes ahead of the dense layer.
 */
export function transformerKernels(
  modules: readonly Module[],
  kernels: readonly PlacedKernel[],
  inOrder: boolean,
): ReadonlyMap<string, string> {
  const images = kernels.filter(({ shape }) => imageScore(shape) >= COLOURS_SCORE);
  const found = new Map<string, string>();
  if (images.length < 2 || images.length > MOST_IMAGES) return found;
  for (const [index, module] of modules.entries()) {
    if (!givesNoChange(module)) continue;
    const ahead = inOrder ? images.filter((kernel) => kernel.module < index) : images;
    const near = ahead.map(({ name }) => sharedSegments(name, module.name));
    const nearest = Math.max(...near);
    const [only, ...others] = ahead.filter((_, place) => near[place] === nearest);
    if (only !== undefined && others.length === 0) found.set(only.name, module.name);
  }
  // Something has to take the image for the network itself.
  return found.size < images.length ? found : new Map();
}

/** Whether a module is a dense layer whose bias is near the map that moves nothing. */
function givesNoChange({ tensors }: Module): boolean {
  const all = [...tensors.values()];
  if (!all.some(({ shape }) => shape.length === 2 && shape.includes(NO_CHANGE.length))) return false;
  const bias = all.find(({ shape }) => shape.length === 1 && shape[0] === NO_CHANGE.length)?.floats();
  return bias !== undefined && NO_CHANGE.every((value, place) => Math.abs((bias[place] ?? Number.NaN) - value) < NEAR);
}

/** The first parts of two names that are the same: modules around both. */
function sharedSegments(one: string, other: string): number {
  const [a, b] = [one.split(/[./]/), other.split(/[./]/)];
  const differs = a.findIndex((segment, place) => segment !== b[place]);
  return differs < 0 ? a.length : differs;
}
