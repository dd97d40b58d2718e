import { createRoot } from 'react-dom/client';
import { trainingClient } from '../client/training-client.ts';
import { configFromAddress } from '../config/url.ts';
import { App } from './app.tsx';
import { placeIn } from './state/place.ts';
import { keepRuns, offerToGoOn } from './state/run-keeping.ts';
import { createRunStore } from './state/run-store.ts';
import { look } from './state/view-store.ts';

const { config, notices, given } = configFromAddress(window.location);
const store = createRunStore(trainingClient, given ? { config, notices } : {});
keepRuns(store);
look(placeIn(window.location.search));
const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');
createRoot(root).render(<App store={store} />);
// After the page is drawn: the list of runs is read by a worker of its own.
setTimeout(() => void offerToGoOn(store).catch(() => {}), 500);
