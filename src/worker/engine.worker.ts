/*
 * The worker with an engine. It is one script for every role, so that tfjs is built and cached once. A page has one worker
 * that trains, one that verifies and one that aligns; the one that trains starts others for its arms. Each has its own
 * engine.
 */

/** The work such a worker does; it is started under this name. */
export type EngineRole = 'training' | 'arm' | 'verification' | 'alignment';

if (self.name === ('verification' satisfies EngineRole)) serve(() => import('./verification/verification-role.ts'));
else if (self.name === ('arm' satisfies EngineRole)) serve(() => import('./arm-role.ts'));
else if (self.name === ('alignment' satisfies EngineRole)) serve(() => import('./alignment/alignment-role.ts'));
else serve(() => import('./training-role.ts'));

/** Commands wait, in their order, until the role's code is loaded; where it cannot be, the page hears of an error. */
function serve<Command>(load: () => Promise<{ readonly receive: (command: Command) => void }>): void {
  const role = load();
  role.catch(reportError);
  self.onmessage = ({ data }: MessageEvent<Command>) => {
    role.then(
      ({ receive }) => receive(data),
      () => {},
    );
  };
}
