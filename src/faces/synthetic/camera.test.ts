import { describe, expect, it } from 'vitest';
import { fitSimilarity, headRotation, project, TEMPLATE_LANDMARKS } from './camera.ts';
import { HeadModel } from './head-model.ts';
import { drawIdentity } from './identity.ts';

const STILL = { smile: 0, jawOpen: 0, browRaise: 0, frown: 0, pucker: 0, sag: 0, weight: 0 };

describe('the camera', () => {
  it('finds the similarity that moved the points', () => {
    const moved = TEMPLATE_LANDMARKS.map((_, index) => {
      const pair = index - (index % 2);
      const x = TEMPLATE_LANDMARKS[pair] ?? 0;
      const y = TEMPLATE_LANDMARKS[pair + 1] ?? 0;
      return index % 2 === 0 ? 1.2 * x - 0.4 * y + 3 : 0.4 * x + 1.2 * y - 7;
    });
    const { a, b, tx, ty } = fitSimilarity(TEMPLATE_LANDMARKS, moved);
    expect(a).toBeCloseTo(1.2, 9);
    expect(b).toBeCloseTo(0.4, 9);
    expect(tx).toBeCloseTo(3, 8);
    expect(ty).toBeCloseTo(-7, 8);
  });

  it('turns the nose right, down and towards the camera as its angles say', () => {
    const nose = Float32Array.from([0, 74, 60]);
    const at = (yaw: number, pitch: number) =>
      project(nose, headRotation({ yaw, pitch, roll: 0 }), 1e9, new Float32Array(3));
    expect(at(0.5, 0)[0]).toBeGreaterThan(20);
    expect(at(0, 0.5)[1]).toBeGreaterThan(20);
    expect(at(0, 0)[2]).toBeCloseTo(60, 4);
  });

  it('brings the five landmarks of frontal faces close to the template', () => {
    for (let person = 0; person < 12; person++) {
      const model = new HeadModel(drawIdentity(3, 'training', person));
      const head = model.pose(STILL);
      project(head.positions, headRotation({ yaw: 0, pitch: 0, roll: 0.2 }), 700, model.projected);
      const points = model.landmarks(model.projected);
      const { a, b, tx, ty } = fitSimilarity(points, TEMPLATE_LANDMARKS);
      for (let at = 0; at < 10; at += 2) {
        const x = points[at] ?? 0;
        const y = points[at + 1] ?? 0;
        expect(Math.abs(a * x - b * y + tx - (TEMPLATE_LANDMARKS[at] ?? 0))).toBeLessThan(5);
        expect(Math.abs(b * x + a * y + ty - (TEMPLATE_LANDMARKS[at + 1] ?? 0))).toBeLessThan(5);
      }
    }
  });
});
