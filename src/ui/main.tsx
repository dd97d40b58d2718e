import { createRoot } from 'react-dom/client';
import { RunsClient } from '../client/runs-client.ts';
import { TrainingClient } from '../client/training-client.ts';
import { configFromAddress } from '../config/url.ts';
import { App } from './app.tsx';
import { PastRuns } from './state/past-runs.ts';
import { placeIn } from './state/place.ts';
import { createRunStore } from './state/run-store.ts';
import { watchStepTimes } from './state/step-times.ts';
import { look } from './state/view-store.ts';

const { config, notices, given } = configFromAddress(window.location);
const client = new TrainingClient();
const pastRuns = new PastRuns(new RunsClient());
const store = createRunStore(client, { keeping: pastRuns.keeping, ...(given ? { config, notices } : {}) });
watchStepTimes(store, client);
look(placeIn(window.location.search));
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
createRoot(root).render(<App store={store} pastRuns={pastRuns} />);
// A page that is left may not come back: phones end hidden pages.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') store.getState().pageRun?.keepNow();
});
// After the page is drawn: the list of runs is read by a worker of its own.
setTimeout(() => void pastRuns.offerUnfinished(() => store.getState().run !== undefined).catch(() => {}), 500);
