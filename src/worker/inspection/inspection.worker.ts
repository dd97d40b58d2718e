import { assertNever } from '../../config/assert-never.ts';
import { auditTotals, type LayerAudit } from '../../craft/audit.ts';
import type { LayerShare } from '../../craft/inspection.ts';
import craft from '../../exchange/pytorch/bundle/craft.py?raw';
import { browserDecoder } from '../../faces/import/browser-decoder.ts';
import type { Ablation } from './ablation.ts';
import type { AblationPairs } from './ablation-pairs.ts';
import { ModelInspector, modelFailure } from './model-inspector.ts';
import type { ModelTasks } from './model-tasks.ts';
import type { InspectionCommand, InspectionMessage } from './protocol.ts';

const inspector = new ModelInspector();
let tasks: ModelTasks | undefined;
/** The removable channels are worked out once a model, after its shares. */
let counted = false;
/** The newest question about a layer: older ones are no longer wanted. */
let newest = 0;
/** Pairs of the ablations, and how the one that runs is ended. */
let pairs: AblationPairs | undefined;
let ablating = new AbortController();

/** Commands about the open model alone: where one fails the model stays. */
const TASKS: readonly InspectionCommand['type'][] = ['slim-model', 'choose-pairs', 'ablate', 'ablate-each'];
const ABLATIONS: readonly InspectionCommand['type'][] = ['choose-pairs', 'ablate', 'ablate-each'];

self.onmessage = ({ data }: MessageEvent<InspectionCommand>) => {
  if (data.type === 'inspect-layer') newest = data.requestId;
  if (ABLATIONS.includes(data.type)) {
    ablating.abort();
    ablating = new AbortController();
  }
  const failed = TASKS.includes(data.type) ? 'task-failed' : 'model-failed';
  void handle(data).catch((error: unknown) =>
    post({ type: failed, requestId: data.requestId, failure: modelFailure(error) }),
  );
};

function post(message: InspectionMessage): void {
  const drawn = message.type === 'layer-inspected' ? message.report.drawn : undefined;
  self.postMessage(message, { transfer: drawn === undefined ? [] : [drawn.kernel.buffer] });
}

/** Loaded with the first model that is run: it is larger than the rest of the page. */
async function runtime(): Promise<string> {
  return (await import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url')).default;
}

async function handle(command: InspectionCommand): Promise<void> {
  const { requestId } = command;
  switch (command.type) {
    case 'inspect-model':
      post({ type: 'model-read', requestId, model: await inspector.open(command.files, command.file) });
      tasks = inspector.tasks(runtime);
      counted = false;
      return;
    case 'inspect-layer': {
      const report = inspector.inspect(command.layer, command.settings, command.drawn);
      if (report === undefined) return;
      post({ type: 'layer-inspected', requestId, report });
      return shares(command);
    }
    case 'respond': {
      const responses = inspector.respond(command.layer, command.face);
      if (responses !== undefined) post({ type: 'responded', requestId, responses });
      return;
    }
    case 'slim-model': {
      const model = await tasks?.slim(command.layers, command.photos, browserDecoder());
      if (model !== undefined) post({ type: 'slimmed', requestId, model });
      return;
    }
    case 'choose-pairs': {
      const { signal } = ablating;
      const chosen = await (await readers()).ablationPairs(command.pairs, browserDecoder);
      // Others were chosen while these files were recognised.
      if (signal.aborted) return;
      pairs = chosen;
      post({ type: 'pairs-chosen', requestId, pairs: pairs.shown });
      return;
    }
    case 'ablate': {
      const { signal } = ablating;
      const progress = (done: number, total: number) => post({ type: 'ablating', requestId, done, total });
      const result = await (await ablation())?.off(command.filters, { signal, progress });
      if (result !== undefined) post({ type: 'ablated', requestId, result });
      return;
    }
    case 'ablate-each': {
      const { signal } = ablating;
      const measured = await ablation();
      for (const [place, filter] of command.filters.entries()) {
        if (measured === undefined || signal.aborted) return;
        const left = command.filters.length - place - 1;
        const change = await measured.one(filter, { signal });
        if (!signal.aborted) post({ type: 'ablated-one', requestId, filter, change, left });
      }
      return;
    }
    default:
      assertNever(command);
  }
}

/** Loaded with the first pairs: readers and painter of faces are larger than the rest of this worker. */
function readers() {
  return import('./ablation-pairs.ts');
}

async function ablation(): Promise<Ablation | undefined> {
  const { ablationPairs, DEFAULT_PAIRS } = await readers();
  pairs ??= await ablationPairs(DEFAULT_PAIRS, browserDecoder);
  return tasks?.ablation(pairs);
}

async function shares({ requestId, settings }: Extract<InspectionCommand, { type: 'inspect-layer' }>): Promise<void> {
  const raw: LayerShare[] = [];
  const folded: LayerShare[] = [];
  const layers: LayerAudit[] = [];
  for (const layer of inspector.shares(settings)) {
    raw.push(layer.raw);
    folded.push(layer.folded);
    layers.push(layer.audit);
    // Lets the next command in: a large model takes seconds.
    await new Promise((resolve) => setTimeout(resolve));
    if (newest !== requestId) return;
  }
  const audit = { layers, totals: auditTotals(layers), image: inspector.image };
  post({ type: 'shares', requestId, shares: { raw, folded }, audit });
  if (counted || tasks === undefined) return;
  counted = true;
  post({ type: 'removable', requestId, removable: tasks.removable(craft) });
}
