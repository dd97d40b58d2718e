import { expect, test } from 'vitest';
import { STRATEGIES } from '../craft/strategies.ts';
import { storedEventSchema } from './history-events.ts';

const event = { type: 'reactivation', step: 1, arm: 'craft', filters: [0], donors: [1], values: [0.1] };

test.each(STRATEGIES)('an event names the strategy %s', (strategy) => {
  expect(storedEventSchema.safeParse({ ...event, strategy }).success).toBe(true);
});

test.each(['=HYPERLINK("https://x.example")', '', 'another'])(
  'an event with the strategy %j is refused',
  (strategy) => {
    expect(storedEventSchema.safeParse({ ...event, strategy }).success).toBe(false);
  },
);
