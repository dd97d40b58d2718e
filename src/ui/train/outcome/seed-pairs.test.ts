import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../../config/run-config.ts';
import type { FirstLayer } from '../../../record/first-layer.ts';
import type { FinalLayers } from './final-layers.ts';
import { seedPairs } from './seed-pairs.ts';

/** One filter of two weights. */
function layer(x: number, y: number): FirstLayer {
  return { step: 9, kernel: Float32Array.of(x, y), shape: [1, 1, 2, 1], inactive: Uint8Array.of(0) };
}

function ended(seed: number, standard: FirstLayer, craft?: FirstLayer): FinalLayers {
  return { runId: `${seed}`, config: { ...DEFAULT_CONFIG, seed }, step: 9, standard, craft, reactivated: [] };
}

const ACROSS = layer(1, 0);
const UP = layer(0, 1);

test('every ordered pair of seeds, CRAFT beside its control', () => {
  // Standard of 1 and 2 are alike, 3 is orthogonal to them; CRAFT of 1 is orthogonal to 1 and 2.
  const runs = [ended(1, ACROSS, UP), ended(2, layer(2, 0), ACROSS), ended(3, UP)];
  // t = 1: CRAFT 1 and 0, control 0 and 1; t = 2: CRAFT 0 and 1, control 0 and 1. Seed 3 has no CRAFT arm.
  expect(seedPairs(runs)).toEqual({ pairs: 4, seeds: 2, craft: 0.5, control: 0.5, higher: 0 });
  expect(seedPairs(runs.slice(0, 2))).toEqual({ pairs: 2, seeds: 2, craft: 0.5, control: 0, higher: 1 });
});

test('the control alone makes one pair; one seed makes none, and a seed counts once', () => {
  expect(seedPairs([ended(2, ACROSS), ended(1, ACROSS, UP)])).toEqual({
    pairs: 1,
    seeds: 1,
    craft: 1,
    control: 0,
    higher: 1,
  });
  expect(seedPairs([ended(1, ACROSS, UP)])).toBeUndefined();
  expect(seedPairs([ended(1, ACROSS, UP), ended(1, UP, UP)])).toBeUndefined();
  expect(seedPairs([ended(1, ACROSS), ended(2, UP)])).toBeUndefined();
});
