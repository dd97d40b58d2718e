import type { ScriptedClient } from '../../client/testing/scripted-client.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { ImportSummary } from '../../faces/import/imported-faces.ts';
import type { EngineInfo } from '../../network/backend.ts';
import type { Failure } from '../../training/events.ts';
import type { RunStore } from '../state/run-state.ts';
import { manyEvents } from './many-events.ts';

/** A state of the page that is hard to reach by hand. */
export interface PageState {
  readonly engine?: EngineInfo | 'unknown';
  readonly settings?: Partial<RunConfig>;
  /** Brings the page there, once the store is made. */
  readonly reach?: (client: ScriptedClient, store: RunStore) => void;
}

const LONG_ADAPTER =
  'ANGLE (NVIDIA Corporation, NVIDIA RTX 6000 Ada Generation Laptop GPU, Direct3D 12, D3D12 31.0.15)';
const LONG_NAME = 'Photographs of the whole department 2019-2025, aligned <b>112 × 112</b>, second attempt (final).zip';

const DOUBT = '"val" was taken as a person, but that is the name of a part of a set.';

function runTo(step: number): NonNullable<PageState['reach']> {
  return (client, store) => {
    store.actions.trainAnyway();
    client.advance(step);
  };
}

function failedAt(step: number, failure: Failure): NonNullable<PageState['reach']> {
  return (client, store) => {
    runTo(step)(client, store);
    client.fail(failure);
  };
}

/** Faces as if read from files that a user dropped. */
export function importedFaces(name: string): ImportSummary {
  const size = 24;
  const images = Uint8Array.from({ length: 6 * size * size * 3 }, (_, at) => 120 + 100 * Math.sin(at / 90 + (at % 3)));
  return {
    name,
    identities: 24,
    images: 480,
    unreadable: {
      count: 3,
      first: [
        { path: 'ann/broken.jpg', reason: 'is damaged in the archive' },
        { path: 'bob/<b>notes</b>.png', reason: 'is not a readable image' },
        { path: `cy/${'very-'.repeat(30)}long.webp`, reason: 'cannot be decoded' },
      ],
    },
    tree: '24 people, 2 kinds: train, val',
    aligned: true,
    notes: ['2 people had fewer than 2 photos.', DOUBT],
    doubts: [DOUBT],
    samples: { size, images },
  };
}

/** Begins an import and gives its id. */
export function beginImport(client: ScriptedClient, store: RunStore, name: string): string {
  store.actions.importFaces(name, []);
  const asked = client.posted.findLast(({ type }) => type === 'import-faces');
  const requestId = asked?.type === 'import-faces' ? asked.requestId : '';
  client.emit({ type: 'import-progress', requestId, done: 180, total: 480 });
  return requestId;
}

/** By the name it has in the address: `?state=paused`. */
export const PAGE_STATES: Readonly<Record<string, PageState>> = {
  'first-visit': {},
  'looking-for-engine': { engine: 'unknown' },
  'no-webgpu': { engine: { backend: 'wasm', adapter: 'SIMD, 2 threads', software: false } },
  'software-adapter': { engine: { backend: 'webgpu', adapter: 'SwiftShader (software)', software: true } },
  'no-engine': {
    engine: 'unknown',
    settings: { backend: 'webgpu' },
    reach: (client) =>
      client.emit({
        type: 'engine-failed',
        failure: {
          code: 'backend-unavailable',
          message: 'This browser has no WebGPU.',
          hint: 'Choose another engine, or switch WebGPU on.',
        },
      }),
  },
  'link-clamped': {
    reach: (_, store) => {
      const message = 'Batch 100000 is out of range; 512 is used.';
      store.actions.openConfig(store.getState().config, [{ key: 'batchSize', message }]);
    },
  },
  'drawing-faces': {
    reach: (client, store) => {
      client.holds = true;
      store.actions.trainAnyway();
      client.emit({
        type: 'preparing-faces',
        runId: store.getState().run?.runId ?? '',
        done: 1780,
        total: 6144,
      });
    },
  },
  compiling: { reach: runTo(0) },
  'no-event-yet': { reach: runTo(60) },
  running: { reach: runTo(1725) },
  'just-reactivated': { reach: runTo(1330) },
  paused: {
    reach: (client, store) => {
      runTo(1725)(client, store);
      store.actions.pause();
    },
  },
  finished: { reach: runTo(2400) },
  'one-arm': { settings: { arms: 'standard' }, reach: runTo(1200) },
  'loss-not-finite': {
    reach: failedAt(340, {
      code: 'loss-not-finite',
      message: 'The loss is no longer a number since step 340.',
      hint: 'Lower the learning rate, then Reset.',
    }),
  },
  'device-lost': {
    reach: failedAt(1240, {
      code: 'device-lost',
      message: 'The graphics card stopped answering at step 1 240.',
      hint: 'Start the engine again.',
      technical: 'device lost: unknown, driver reset',
    }),
  },
  'out-of-memory': {
    settings: { batchSize: 256 },
    reach: failedAt(0, {
      code: 'out-of-memory',
      message: 'Not enough graphics memory for batch 256.',
      hint: 'Try 64.',
    }),
  },
  'import-reading': { reach: (client, store) => void beginImport(client, store, LONG_NAME) },
  'import-failed': {
    reach: (client, store) =>
      client.emit({
        type: 'import-failed',
        requestId: beginImport(client, store, LONG_NAME),
        failure: {
          code: 'one-person',
          message: 'Only 1 person found.',
          hint: 'Use one folder per person, at least 8 people.',
        },
      }),
  },
  'long-names': {
    engine: { backend: 'webgpu', adapter: LONG_ADAPTER, software: false },
    reach: (client, store) => {
      const requestId = beginImport(client, store, LONG_NAME);
      client.emit({ type: 'import-done', requestId, summary: importedFaces(LONG_NAME) });
    },
  },
  'ten-thousand-events': {
    settings: { steps: 24_000, telemetryEvery: 5, kernelEvery: 1000, checkEvery: 100, verifyEvery: 2000 },
    reach: (client, store) => {
      runTo(1)(client, store);
      manyEvents(client, store, 10_000);
    },
  },
};
