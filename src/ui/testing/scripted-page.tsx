import { createRoot } from 'react-dom/client';
import { DEFAULT_CONFIG, readConfig } from '../../config/run-config.ts';
import { App } from '../app.tsx';
import { createRunStore } from '../run-store.ts';
import { ScriptedClient } from './scripted-client.ts';

/*
 * The page on made-up numbers, for looking at it without training: `npx vite`, then /src/ui/testing/?at=1725&live=1.
 * Only index.html is built, so nothing of this is shipped.
 */
const query = new URLSearchParams(window.location.search);
const engine = query.has('wasm')
  ? ({ backend: 'wasm', adapter: 'SIMD, 2 threads', software: false } as const)
  : ({ backend: 'webgpu', adapter: 'NVIDIA', software: false } as const);
const client = new ScriptedClient(engine);
const { config } = readConfig(JSON.parse(query.get('config') ?? '{}'), DEFAULT_CONFIG);
const store = createRunStore(client, { config });
const at = Number(query.get('at') ?? 0);
if (at > 0) {
  store.actions.train();
  client.advance(at);
}
const failure = query.get('fail');
if (failure !== null) {
  const code = failure === 'loss-not-finite' ? failure : 'device-lost';
  const runId = store.getState().run?.runId ?? '';
  const told = { code, message: 'Something stopped the run.', hint: 'Here is what to do about it.' } as const;
  client.emit({ type: 'run-event', event: { type: 'failed', runId, step: at, failure: told } });
}
if (query.has('live')) setInterval(() => client.advance(1), 33);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App store={store} />);
