import { assertNever } from '../../config/assert-never.ts';
import { auditTotals, type LayerAudit } from '../../craft/audit.ts';
import type { LayerShare } from '../../craft/inspection.ts';
import craft from '../../exchange/pytorch/bundle/craft.py?raw';
import { browserDecoder } from '../../faces/import/browser-decoder.ts';
import { ModelInspector, modelFailure } from './model-inspector.ts';
import type { ModelTasks } from './model-tasks.ts';
import type { InspectionCommand, InspectionMessage } from './protocol.ts';

const inspector = new ModelInspector();
let tasks: ModelTasks | undefined;
/** The removable channels are worked out once a model, after its shares. */
let counted = false;
/** The newest question about a layer, and about filters switched off: older ones are no longer wanted. */
let newest = 0;
let newestAblation = 0;

self.onmessage = ({ data }: MessageEvent<InspectionCommand>) => {
  if (data.type === 'inspect-layer') newest = data.requestId;
  if (data.type === 'ablate' || data.type === 'ablate-each') newestAblation = data.requestId;
  const task = data.type === 'slim-model' || data.type === 'ablate' || data.type === 'ablate-each';
  const failed = task ? 'task-failed' : 'model-failed';
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
    case 'ablate': {
      const result = await (await tasks?.ablation())?.off(command.filters);
      if (result !== undefined) post({ type: 'ablated', requestId, result });
      return;
    }
    case 'ablate-each': {
      const ablation = await tasks?.ablation();
      for (const [place, filter] of command.filters.entries()) {
        if (ablation === undefined || newestAblation !== requestId) return;
        const left = command.filters.length - place - 1;
        post({ type: 'ablated-one', requestId, filter, change: await ablation.one(filter), left });
      }
      return;
    }
    default:
      assertNever(command);
  }
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
