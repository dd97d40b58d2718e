import { assertNever } from '../../config/assert-never.ts';
import type { LayerShare } from '../../craft/inspection.ts';
import { ModelInspector, modelFailure } from './model-inspector.ts';
import type { InspectionCommand, InspectionMessage } from './protocol.ts';

const inspector = new ModelInspector();
/** The newest question about a layer; shares that an older one still has to tell are no longer wanted. */
let newest = 0;

self.onmessage = ({ data }: MessageEvent<InspectionCommand>) => {
  if (data.type === 'inspect-layer') newest = data.requestId;
  void handle(data).catch((error: unknown) =>
    post({ type: 'model-failed', requestId: data.requestId, failure: modelFailure(error) }),
  );
};

function post(message: InspectionMessage): void {
  const drawn = message.type === 'layer-inspected' ? message.report.drawn : undefined;
  self.postMessage(message, { transfer: drawn === undefined ? [] : [drawn.kernel.buffer] });
}

async function handle(command: InspectionCommand): Promise<void> {
  const { requestId } = command;
  switch (command.type) {
    case 'inspect-model':
      return post({ type: 'model-read', requestId, model: await inspector.open(command.files, command.file) });
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
    default:
      assertNever(command);
  }
}

async function shares({ requestId, settings }: Extract<InspectionCommand, { type: 'inspect-layer' }>): Promise<void> {
  const raw: LayerShare[] = [];
  const folded: LayerShare[] = [];
  for (const layer of inspector.shares(settings)) {
    raw.push(layer.raw);
    folded.push(layer.folded);
    // Lets the next command in: a large model takes seconds.
    await new Promise((resolve) => setTimeout(resolve));
    if (newest !== requestId) return;
  }
  post({ type: 'shares', requestId, shares: { raw, folded } });
}
