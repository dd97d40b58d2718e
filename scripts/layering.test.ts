import { expect, it } from 'vitest';
import { violations } from './layering.ts';

it('lets a room import from itself and from lower floors', () => {
  expect(
    violations('training/session.ts', "import { a } from '../network/face-network.ts';\nimport './arm.ts';"),
  ).toEqual([]);
});

it('refuses imports from the same or a higher floor', () => {
  expect(violations('craft/activity.ts', "import { a } from '../config/random.ts';")).toHaveLength(1);
  expect(violations('faces/batches.ts', "import type { A } from '../training/events.ts';")).toHaveLength(1);
  expect(violations('client/recovery.ts', "import type { A } from '../ui/run-state.ts';")).toHaveLength(1);
  expect(violations('faces/batches.ts', "const a = await import('../ui/app.tsx');")).toHaveLength(1);
});

it('keeps tfjs out of pure rooms and out of the page', () => {
  expect(violations('craft/activity.ts', "import * as tf from '@tensorflow/tfjs-core';")).toHaveLength(1);
  expect(violations('ui/app.tsx', "import { Session } from '../training/session.ts';")).toHaveLength(1);
  expect(violations('ui/app.tsx', "import type { RunEvent } from '../training/events.ts';")).toEqual([]);
  expect(violations('ui/app.tsx', "import { client } from '../client/training-client.ts';")).toEqual([]);
  expect(violations('ui/app.tsx', "import { holdRun } from '../worker/runs/run-locks.ts';")).toHaveLength(1);
  expect(violations('client/page-run.ts', "import { RunHost } from '../worker/run-host.ts';")).toHaveLength(1);
  expect(violations('client/page-run.ts', "import type { Message } from '../worker/protocol.ts';")).toEqual([]);
});

it('sees imports that span lines', () => {
  expect(violations('ui/app.tsx', "import {\n  Session,\n  type A,\n} from '../training/session.ts';")).toHaveLength(1);
});

it('bans synchronous reads of tensors', () => {
  expect(violations('network/face-network.ts', 'const values = tensor.dataSync();')).toHaveLength(1);
});
