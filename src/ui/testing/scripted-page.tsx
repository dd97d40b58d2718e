import { createRoot } from 'react-dom/client';
import { RunsClient } from '../../client/runs-client.ts';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { readConfig } from '../../config/read-config.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { App } from '../app.tsx';
import { PastRuns } from '../state/past-runs.ts';
import { placeIn } from '../state/place.ts';
import { createRunStore } from '../state/run-store.ts';
import { watchStepTimes } from '../state/step-times.ts';
import { look } from '../state/view-store.ts';
import { PAGE_STATES } from './states.ts';

/*
 * The page on made-up numbers, for looking at it without training: `npx vite`, then /src/ui/testing/?state=paused, or
 * ?at=1725&live=1 for a run that trains on. Only index.html is built for users, so nothing of this is shipped.
 */
look(placeIn(window.location.search));
const query = new URLSearchParams(window.location.search);
const state = PAGE_STATES[query.get('state') ?? 'first-visit'];
if (state === undefined) throw new Error(`There is no state "${query.get('state')}".`);
const client = new ScriptedClient(state.engine);
const { config } = readConfig({ ...state.settings, ...JSON.parse(query.get('config') ?? '{}') }, DEFAULT_CONFIG);
const store = createRunStore(client, { config });
watchStepTimes(store, client);
state.reach?.(client, store);
const at = Number(query.get('at') ?? 0);
if (at > 0) {
  store.actions.trainAnyway();
  client.advance(at);
}
/** fail=lost: resumes automatically; fail=gone: given up after several tries; fail=memory, fail=loss. */
const failure = query.get('fail');
if (failure !== null && at > 0) {
  client.takeCheckpoint();
  client.advance(Number(query.get('more') ?? 40));
  const hint = failure === 'memory' ? 'Try batch 16.' : 'Here is the remedy.';
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
if (query.has('live')) setInterval(() => client.advance(1), 33);
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App store={store} pastRuns={new PastRuns(new RunsClient())} />);
