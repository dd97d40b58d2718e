import { expect, test } from 'vitest';
import { inspectLayer } from '../../craft/inspection.ts';
import { verdictOn } from '../../craft/verdict.ts';
import type {
  InspectionCommand,
  InspectionMessage,
  InspectionView,
  LayerReport,
  ModelSummary,
} from '../../worker/inspection/protocol.ts';
import { InspectStore } from './inspect-store.ts';

const FILE = { path: 'model.onnx', file: new File([], 'model.onnx') };
const SHAPE = [3, 3, 3, 4] as const;
const MODEL: ModelSummary = {
  file: 'model.onnx',
  others: [],
  unread: [],
  alsoFirst: [],
  passes: false,
  format: 'ONNX',
  order: 'graph',
  first: 1,
  layers: [0, 1].map((layer) => ({ name: `conv${layer}`, shape: SHAPE })),
  bytes: 10,
  readMs: 1,
};

function opened() {
  const posted: InspectionCommand[] = [];
  const cancelled: number[] = [];
  let deliver = (_: InspectionMessage) => {};
  const store = new InspectStore((receive) => {
    deliver = receive;
    return { post: (command) => posted.push(command), cancel: () => cancelled.push(posted.length) };
  });
  const asked = () => {
    const command = posted.at(-1);
    return command?.type === 'inspect-layer' ? command : expect.fail('no layer was asked for');
  };
  return { store, posted, cancelled, asked, deliver, state: store.state.getState };
}

/** A model is open, and its first layer is asked for. */
function withModel() {
  const screen = opened();
  screen.store.openModel('model.onnx', [FILE]);
  screen.deliver({ type: 'model-read', requestId: screen.posted.at(-1)?.requestId ?? -1, model: MODEL });
  return screen;
}

/** The answer to the last request. */
function answer({ layer, settings, drawn }: Extract<InspectionCommand, { type: 'inspect-layer' }>): LayerReport {
  const kernel = Float32Array.from({ length: 108 }, (_, at) => (at % 4) / 4);
  const inspection = inspectLayer({ name: 'conv', shape: SHAPE, kernel }, settings);
  const verdicts = (view: InspectionView) => ({
    nearZero: verdictOn(inspection, settings, { state: 'nearZero', view, layer: 'layer' }),
    weak: verdictOn(inspection, settings, { state: 'weak', view, layer: 'layer' }),
  });
  const pictures = { kernel: new Float32Array(108), size: 3, shows: 'rgb', similar: [] } as const;
  return {
    layer,
    settings,
    inspection,
    verdicts: { raw: verdicts('raw'), folded: verdicts('folded') },
    ...(drawn ? { drawn: pictures } : {}),
  };
}

test('opens a model at its first layer and asks for it with its pictures', () => {
  const { state, asked, deliver } = withModel();
  expect([state().model?.name, state().reading, state().layer]).toEqual(['model.onnx', undefined, 1]);
  expect(asked()).toMatchObject({ layer: 1, drawn: true });
  deliver({ type: 'layer-inspected', requestId: asked().requestId, report: answer(asked()) });
  expect([state().report?.layer, state().drawn?.size]).toEqual([1, 3]);
});

test('asks one question at a time, then for the newest settings, and keeps the pictures of the layer', () => {
  const { store, posted, state, asked, deliver } = withModel();
  deliver({ type: 'layer-inspected', requestId: asked().requestId, report: answer(asked()) });
  const before = posted.length;
  for (const epsilon of [0.02, 0.03, 0.04]) store.changeSettings({ epsilon });
  expect(posted.length).toBe(before + 1);
  const first = asked();
  expect([first.settings.epsilon, first.drawn]).toEqual([0.02, false]);
  deliver({ type: 'layer-inspected', requestId: first.requestId, report: answer(first) });
  expect(asked().settings.epsilon).toBe(0.04);
  deliver({ type: 'layer-inspected', requestId: asked().requestId, report: answer(asked()) });
  expect(posted.length).toBe(before + 2);
  expect([state().report?.settings.epsilon, state().drawn?.size]).toEqual([0.04, 3]);
});

test('the answer about another layer than the chosen one is not shown', () => {
  const { store, state, asked, deliver } = withModel();
  const first = asked();
  store.chooseLayer(0);
  deliver({ type: 'layer-inspected', requestId: first.requestId, report: answer(first) });
  expect(state().report).toBeUndefined();
  expect(asked()).toMatchObject({ layer: 0, drawn: true });
});

test('a file that is no model leaves the open one, and says why', () => {
  const { store, posted, state, deliver } = withModel();
  store.openModel('cat.png', [FILE]);
  const failure = { code: 'internal', message: 'No model.', hint: 'Drop a model.' } as const;
  deliver({ type: 'model-failed', requestId: posted.at(-1)?.requestId ?? -1, failure });
  expect([state().model?.name, state().failure, state().reading]).toEqual(['model.onnx', failure, undefined]);
});

test('of two models dropped in a row the second counts, however the first ends', () => {
  const { store, posted, state, deliver } = opened();
  store.openModel('a', [FILE]);
  store.openModel('b', [FILE]);
  const [a, b] = posted.map(({ requestId }) => requestId);
  deliver({ type: 'model-failed', requestId: a ?? -1, failure: { code: 'internal', message: 'No.', hint: '' } });
  expect([state().reading, state().failure]).toEqual(['b', undefined]);
  deliver({ type: 'model-read', requestId: a ?? -1, model: MODEL });
  expect(state().model).toBeUndefined();
  deliver({ type: 'model-read', requestId: b ?? -1, model: MODEL });
  expect(state().model?.name).toBe('b');
});

test('a reading can be cancelled: the open model stays, and an answer that comes late changes nothing', () => {
  const { store, state, posted, cancelled, deliver } = withModel();
  store.openModel('b', [FILE]);
  const late = posted.at(-1)?.requestId ?? -1;
  store.cancelReading();
  expect([cancelled.length, state().reading, state().model?.name]).toEqual([1, undefined, 'model.onnx']);
  deliver({ type: 'model-read', requestId: late, model: { ...MODEL, file: 'b' } });
  expect(state().model?.file).toBe('model.onnx');
});

test('the view with batch norm folded in ends at a layer or a model without one', () => {
  const { store, posted, state, deliver } = opened();
  const read = (layers: ModelSummary['layers']) => {
    store.openModel('model.onnx', [FILE]);
    deliver({ type: 'model-read', requestId: posted.at(-1)?.requestId ?? -1, model: { ...MODEL, layers } });
  };
  const [plain, first] = MODEL.layers;
  if (plain === undefined || first === undefined) throw new Error('The model has fewer layers.');
  const folded = { ...first, batchNorm: 'bn1' };
  read([plain, folded]);
  store.lookAt({ view: 'folded' });
  read([plain, folded]);
  expect(state().view).toBe('folded');
  store.chooseLayer(0);
  expect(state().view).toBe('raw');
  store.chooseLayer(1);
  store.lookAt({ view: 'folded' });
  read(MODEL.layers);
  expect(state().view).toBe('raw');
});
