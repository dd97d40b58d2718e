import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('is the median time a step, without the rests', () => {
  let time = 0;
  const pace = new Pace(() => time);
  const passed = (ms: number, step: number) => {
    time += ms;
    pace.mark(step);
  };
  passed(0, 0);
  passed(50, 5);
  passed(50, 10);
  expect(pace.stepMs).toBe(10);
  pace.rest();
  passed(10_000, 10);
  passed(60, 15);
  expect(pace.stepMs).toBe(10);
});

it('is zero before anything was measured', () => {
  expect(new Pace(() => 0).stepMs).toBe(0);
});
