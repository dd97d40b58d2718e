import { createRoot } from 'react-dom/client';
import { TrainingClient } from '../client/training-client.ts';
import { configFromAddress } from '../config/url.ts';
import { App } from './app.tsx';
import { placeIn } from './state/place.ts';
import { createRunStore } from './state/run-store.ts';
import { offerUnfinished, runKeeping } from './state/runs-store.ts';
import { watchStepTimes } from './state/step-times.ts';
import { look } from './state/view-store.ts';

const { config, notices, given } = configFromAddress(window.location);
const client = new TrainingClient();
const store = createRunStore(client, { keeping: runKeeping, ...(given ? { config, notices } : {}) });
watchStepTimes(store, client);
look(placeIn(window.location.search));
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
createRoot(root).render(<App store={store} />);
// A page that is left may not come back: phones end hidden pages.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') store.getState().pageRun?.keepNow();
});
// After the page is drawn: the list of runs is read by a worker of its own.
setTimeout(() => void offerUnfinished(() => store.getState().run !== undefined).catch(() => {}), 500);
