import { RENEWAL, RunLeases } from './run-lease.ts';

/*
 * A page that has a run open holds a lock of the browser in the run's name, so that no other page resumes it, deletes
 * it or makes room with it. The browser releases it when the page is closed or crashes, however that happens. Over
 * plain http pages have no locks, and take leases instead.
 */
const PREFIX = 'craft-run:';

/** Ids of the runs that a page of this origin has open. */
export async function runsBusy(): Promise<ReadonlySet<string>> {
  if (navigator.locks === undefined) return new RunLeases({ holder: '' }).busy().catch(() => new Set());
  const { held = [] } = await navigator.locks.query().catch(() => ({ held: [] }));
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}

const NOTHING_HELD = () => {};

/**
 * Holds a run for this page; resolves to the function that releases it, or to undefined where another page has it.
 * `lost` is called when another page has taken the run, as after this one was asleep. Where the browser refuses locks
 * with its storage, every page may have every run.
 */
export function holdRun(runId: string, lost: () => void = () => {}): Promise<(() => void) | undefined> {
  if (navigator.locks === undefined) return leaseRun(runId, lost).catch(() => NOTHING_HELD);
  return new Promise((resolve) => {
    navigator.locks
      .request(`${PREFIX}${runId}`, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(undefined);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(() => resolve(NOTHING_HELD));
  });
}

async function leaseRun(runId: string, lost: () => void): Promise<(() => void) | undefined> {
  leases ??= leasesOfThisPage();
  const own = await leases;
  if (!(await own.take(runId))) return undefined;
  const renewal = setInterval(async () => {
    if (await own.take(runId).catch(() => true)) return;
    clearInterval(renewal);
    lost();
  }, RENEWAL);
  return () => {
    clearInterval(renewal);
    void own.release(runId).catch(() => {});
  };
}

let leases: Promise<RunLeases> | undefined;

/** Names of pages that were left, in localStorage: unlike IndexedDB it is written before the page is gone. */
const LEFT = 'craft-leases-left';

const namesLeft = () => (localStorage.getItem(LEFT) ?? '').split(' ').filter((name) => name !== '');
const setNamesLeft = (names: readonly string[]) => localStorage.setItem(LEFT, names.join(' '));

/**
 * The leases of this page. Those of pages that were left are ended, now and whenever one is: this tab's own, reloaded,
 * too.
 */
async function leasesOfThisPage(): Promise<RunLeases> {
  const holder = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const own = new RunLeases({ holder });
  addEventListener('pagehide', () => {
    setNamesLeft([...namesLeft(), holder]);
    // A page that is left may not live to see it done.
    void own.release().catch(() => {});
  });
  // A page that the browser kept and shows again renews its leases.
  addEventListener('pageshow', () => setNamesLeft(namesLeft().filter((name) => name !== holder)));
  addEventListener('storage', (event) => {
    if ('key' in event && event.key === LEFT) void endLeftLeases().catch(() => {});
  });
  await endLeftLeases();
  return own;
}

async function endLeftLeases(): Promise<void> {
  const names = namesLeft();
  if (names.length === 0) return;
  for (const holder of names) await new RunLeases({ holder }).release();
  setNamesLeft(namesLeft().filter((name) => !names.includes(name)));
}

/** Releases the runs of pages that were left, this page before its reload included. Never rejects. */
export async function releaseAfterReload(): Promise<void> {
  if (navigator.locks !== undefined) return;
  leases ??= leasesOfThisPage();
  await leases.catch(() => undefined);
}
