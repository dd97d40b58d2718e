import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_INSPECTION } from '../craft/inspection.ts';
import type { InspectionCommand, InspectionMessage, ModelSummary } from '../worker/inspection/protocol.ts';
import { InspectionClient } from './inspection-client.ts';

/** A worker that answers when the test says so. */
class SilentWorker {
  static readonly all: SilentWorker[] = [];
  onmessage: ((event: { data: InspectionMessage }) => void) | undefined;
  readonly posted: InspectionCommand[] = [];
  ended = false;

  constructor() {
    SilentWorker.all.push(this);
  }

  postMessage(command: InspectionCommand): void {
    this.posted.push(command);
  }

  terminate(): void {
    this.ended = true;
  }
}

const MODEL: ModelSummary = {
  file: 'a.onnx',
  others: [],
  unread: [],
  alsoFirst: [],
  passes: false,
  format: 'ONNX',
  order: 'graph',
  first: 0,
  layers: [],
  bytes: 1,
  readMs: 1,
};
const reading = (requestId: number) => ({ type: 'inspect-model', requestId, files: [], file: undefined }) as const;
const layer = (requestId: number) =>
  ({ type: 'inspect-layer', requestId, layer: 0, settings: DEFAULT_INSPECTION, drawn: false }) as const;

beforeEach(() => {
  SilentWorker.all.length = 0;
  vi.stubGlobal('Worker', SilentWorker);
});
afterEach(() => vi.unstubAllGlobals());

function opened() {
  const messages: InspectionMessage[] = [];
  const client = new InspectionClient((message) => messages.push(message));
  client.post(reading(1));
  const [worker = expect.fail('no worker')] = SilentWorker.all;
  worker.onmessage?.({ data: { type: 'model-read', requestId: 1, model: MODEL } });
  return { client, worker, messages };
}

test('a reading that is cancelled ends its worker; the open model still answers', () => {
  const { client, worker } = opened();
  client.post(reading(2));
  const [, next = expect.fail('no second worker')] = SilentWorker.all;
  client.cancel();
  expect([next.ended, worker.ended]).toEqual([true, false]);
  client.post(layer(3));
  expect(worker.posted.at(-1)).toEqual(layer(3));
});

test('a reader that never answers is ended by Cancel, and the next file is read by another one', () => {
  const messages: InspectionMessage[] = [];
  const client = new InspectionClient((message) => messages.push(message));
  client.post(reading(1));
  client.cancel();
  client.post(reading(2));
  const [endless, next = expect.fail('no second worker')] = SilentWorker.all;
  expect([endless?.ended, next.ended, next.posted]).toEqual([true, false, [reading(2)]]);
  next.onmessage?.({ data: { type: 'model-read', requestId: 2, model: MODEL } });
  client.post(layer(3));
  expect([SilentWorker.all.length, next.posted.at(-1)]).toEqual([2, layer(3)]);
  expect(messages).toEqual([{ type: 'model-read', requestId: 2, model: MODEL }]);
});

test('the open model answers while another is read, and makes room for it once it was read', () => {
  const { client, worker, messages } = opened();
  client.post(reading(2));
  client.post(layer(3));
  expect(worker.posted.at(-1)).toEqual(layer(3));
  const [, next = expect.fail('no second worker')] = SilentWorker.all;
  next.onmessage?.({ data: { type: 'model-read', requestId: 2, model: MODEL } });
  expect([worker.ended, next.ended]).toEqual([true, false]);
  client.post(layer(4));
  expect(next.posted.at(-1)).toEqual(layer(4));
  expect(messages.map(({ type }) => type)).toEqual(['model-read', 'model-read']);
});

test('a model that is refused leaves the open one', () => {
  const { client, worker } = opened();
  client.post(reading(2));
  const [, next = expect.fail('no second worker')] = SilentWorker.all;
  const failure = { code: 'too-large', message: 'Too large.', hint: 'Smaller.' } as const;
  next.onmessage?.({ data: { type: 'model-failed', requestId: 2, failure } });
  expect([worker.ended, next.ended]).toEqual([false, true]);
});
