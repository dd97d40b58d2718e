import { useEffect, useState } from 'react';
import { useRunState } from '../state/store-context.tsx';

/**
 * Keeps the built page on this computer, for opening it without a network, once it has loaded its own files.
 * Returns how to change to a newer build that waits, undefined while there is none.
 */
export function useNewVersion(): (() => void) | undefined {
  const engineKnown = useRunState(({ engine, engineFailure }) => (engine ?? engineFailure) !== undefined);
  const [waiting, setWaiting] = useState<ServiceWorker>();
  useEffect(() => {
    if (!import.meta.env.PROD || !engineKnown || !('serviceWorker' in navigator)) return;
    const { serviceWorker } = navigator;
    const watch = (registration: ServiceWorkerRegistration) => {
      // Without a controller it is the first visit: nothing older is on the page.
      const announce = (worker: ServiceWorker | null) => {
        if (worker?.state === 'installed' && serviceWorker.controller !== null) setWaiting(worker);
      };
      announce(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const { installing } = registration;
        installing?.addEventListener('statechange', () => announce(installing));
      });
    };
    serviceWorker.register('./service-worker.js').then(watch, (error: unknown) => {
      console.warn(`The page is not kept for use without a network: ${error}`);
    });
  }, [engineKnown]);
  if (waiting === undefined) return undefined;
  return () => {
    navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true });
    waiting.postMessage('take-over');
  };
}
