import { expect, it } from 'vitest';
import { Gate } from './gate.ts';

it('lets steps pass while running', async () => {
  expect(await new Gate(false).next()).toBe('go');
});

it('holds until resumed', async () => {
  const gate = new Gate(true);
  let passed = false;
  const waiting = gate.next().then((decision) => {
    passed = true;
    return decision;
  });
  await Promise.resolve();
  expect(passed).toBe(false);
  gate.resume();
  expect(await waiting).toBe('go');
  expect(gate.held).toBe(false);
});

it('lets exactly one step pass, then holds again', async () => {
  const gate = new Gate(true);
  gate.step();
  expect(await gate.next()).toBe('go');
  expect(gate.held).toBe(true);
});

it('stops for good, also while holding', async () => {
  const gate = new Gate(true);
  const waiting = gate.next();
  gate.stop();
  gate.resume();
  expect(await waiting).toBe('stop');
  expect(await gate.next()).toBe('stop');
});

it('comes back to the same boundary when asked, held or not', async () => {
  const gate = new Gate(false);
  gate.ask();
  gate.ask();
  expect([await gate.next(), await gate.next()]).toEqual(['asked', 'go']);
  gate.pause();
  const waiting = gate.next();
  gate.ask();
  expect(await waiting).toBe('asked');
  expect(gate.held).toBe(true);
});
