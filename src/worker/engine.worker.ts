/*
 * The worker with an engine. It is one script for every role, so that tfjs is built and cached once; a page has one
 * worker a role, each with an engine of its own.
 */

/** The work such a worker does; it is started under this name. */
export type EngineRole = 'training' | 'verification';

if (self.name === ('verification' satisfies EngineRole)) serve(() => import('./verification/verification-role.ts'));
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
