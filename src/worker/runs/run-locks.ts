/*
 * A page that has a run open holds a lock of the browser in the run's name, so that no other page resumes it, deletes
 * it or makes room with it. The browser lets go of it when the page is closed or crashes, however that happens.
 */
const PREFIX = 'craft-run:';

/** Ids of the runs that a page of this origin has open; none where the browser has no locks. */
export async function runsBusy(): Promise<ReadonlySet<string>> {
  // Pages that came over plain http have none.
  const { held = [] } = (await navigator.locks?.query().catch(() => undefined)) ?? {};
  return new Set(held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [])));
}

const NOTHING_HELD = () => {};

/**
 * Holds a run for this page; resolves to what lets go of it, or to undefined where another page has it. Where the browser
 * has no locks, or refuses them with its storage, every page may have every run.
 */
export function holdRun(runId: string): Promise<(() => void) | undefined> {
  if (navigator.locks === undefined) return Promise.resolve(NOTHING_HELD);
  return new Promise((resolve) => {
    navigator.locks
      .request(`${PREFIX}${runId}`, { ifAvailable: true }, (lock) => {
        if (lock === null) return resolve(undefined);
        return new Promise<void>((release) => resolve(release));
      })
      .catch(() => resolve(NOTHING_HELD));
  });
}
