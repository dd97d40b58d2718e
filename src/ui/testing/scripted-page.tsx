import { createRoot } from 'react-dom/client';
import { DEFAULT_CONFIG, readConfig } from '../../config/run-config.ts';
import { App } from '../app.tsx';
import { createRunStore } from '../run-store.ts';
import { placeIn } from '../shell/place.ts';
import { look } from '../view-store.ts';
import { ScriptedClient } from './scripted-client.ts';

/*
 * The page on made-up numbers, for looking at it without training: `npx vite`, then /src/ui/testing/?at=1725&live=1.
 * Only index.html is built, so nothing of this is shipped.
 */
look(placeIn(window.location.search));
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
/** fail=lost: goes on by itself; fail=gone: given up after several tries; fail=memory, fail=loss. */
const failure = query.get('fail');
if (failure !== null && at > 0) {
  client.takeCheckpoint();
  client.advance(Number(query.get('more') ?? 40));
  const hint = failure === 'memory' ? 'Try batch 16.' : 'Here is what to do about it.';
  const technical = 'device lost: unknown, driver reset';
  const lost = { code: 'device-lost', message: 'The graphics card stopped answering.', hint, technical } as const;
  if (failure === 'memory')
    client.fail({ ...lost, code: 'out-of-memory', message: 'Not enough graphics memory for batch 64 at 32 px.' });
  else if (failure === 'loss')
    client.fail({ ...lost, code: 'loss-not-finite', message: 'The loss is no longer a number.' });
  else client.fail(lost);
  for (let again = 0; failure === 'gone' && again < 3; again++) {
    await new Promise((resolve) => setTimeout(resolve, 4100));
    client.fail(lost);
  }
  if (failure === 'lost') client.advance(Number(query.get('after') ?? 120));
}
if (query.has('faces')) {
  store.actions.importFaces('people.zip', []);
  const asked = client.posted.findLast(({ type }) => type === 'import-faces');
  const requestId = asked?.type === 'import-faces' ? asked.requestId : '';
  const size = 24;
  const images = Uint8Array.from({ length: 6 * size * size * 3 }, (_, at) => 120 + 100 * Math.sin(at / 90 + (at % 3)));
  const found = { name: 'people.zip', identities: 24, images: 480, unreadable: 3 };
  const unreadableNames = ['ann/broken.jpg', 'bob/<b>notes</b>.png', 'cy/empty.webp'];
  const summary = {
    ...found,
    unreadableNames,
    notes: ['2 people had fewer than 2 photos.'],
    samples: { size, images },
  };
  client.emit({ type: 'import-progress', requestId, done: 180, total: 480 });
  if (query.get('faces') === 'done') client.emit({ type: 'import-done', requestId, summary });
}
if (query.has('live')) setInterval(() => client.advance(1), 33);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App store={store} />);
