import { expect, it } from 'vitest';
import { violations } from './layering.ts';

it('lets a room import from itself and from lower floors', () => {
  expect(
    violations('training/session.ts', "import { a } from '../network/face-network.ts';\nimport './arm.ts';"),
  ).toEqual([]);
});

it('refuses imports from the same or a higher floor', () => {
  expect(violations('craft/activity.ts', "import { a } from '../formats/random.ts';")).toHaveLength(1);
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

it('keeps screens apart: they share only ui/kit', () => {
  expect(violations('ui/verify/take-away.tsx', "import { saveFile } from '../kit/save-file.ts';")).toEqual([]);
  expect(violations('ui/verify/take-away.tsx', "import { a } from '../inspect/model-drop.tsx';")).toHaveLength(1);
  expect(violations('ui/verify/take-away.tsx', "import cards from '../train/card.module.css';")).toHaveLength(1);
  expect(violations('ui/kit/loading.tsx', "import type { Screen } from '../shell/screens.ts';")).toHaveLength(1);
  expect(violations('ui/kit/arm-mark.tsx', "import { theme } from '../theme.ts';")).toHaveLength(1);
  expect(violations('ui/shell/screens.ts', "import { A } from '../train/train-screen.tsx';")).toEqual([]);
  expect(violations('ui/state/run-store.test.ts', "import { a } from '../testing/states.ts';")).toEqual([]);
});

it('sees imports that span lines', () => {
  expect(violations('ui/app.tsx', "import {\n  Session,\n  type A,\n} from '../training/session.ts';")).toHaveLength(1);
});

it('bans synchronous reads of tensors', () => {
  expect(violations('network/face-network.ts', 'const values = tensor.dataSync();')).toHaveLength(1);
});

it('refuses alerts outside ui/kit, which would print names of files uncut', () => {
  const own = [
    '<p role="alert">{failure.message}</p>',
    "<p role={'alert'}>{failure.message}</p>",
    "<p role={wrong ? 'alert' : 'status'}>{failure.message}</p>",
    "createElement('p', { role: 'alert' })",
    "import { Alert, Button } from '@mantine/core';",
  ];
  for (const source of own) {
    expect(violations('ui/runs/run-row.tsx', source), source).toHaveLength(1);
    expect(violations('ui/kit/alert.tsx', source), source).toEqual([]);
  }
  const allowed = [
    '<Alert text={failure.message} />',
    "import { Alert } from '../kit/alert.tsx';",
    "import { Alert } from '../kit/alert.tsx';\nimport { Button } from '@mantine/core';",
    '<p role="status">Alert</p>',
    'const shown = page.querySelector(\'[role="alert"]\');',
  ];
  for (const source of allowed) expect(violations('ui/runs/run-row.tsx', source), source).toEqual([]);
});
