/*
 * The worker with an engine. It is one script for every role, so that tfjs is built and cached once. A page has one worker
 * that trains, one that verifies and one that aligns; the one that trains starts others for its arms, and members that share
 * their steps. Each has its own engine, but for the members. `study` trains too, on a single thread, as others train
 * beside it.
 */

/** The work such a worker does; it is started under this name. */
export type EngineRole = 'training' | 'study' | 'arm' | 'member' | 'verification' | 'alignment';

if (self.name === ('verification' satisfies EngineRole)) serve(() => import('./verification/verification-role.ts'));
else if (self.name === ('arm' satisfies EngineRole)) serve(() => import('./arm-role.ts'));
else if (self.name === ('member' satisfies EngineRole)) serve(() => import('./member-role.ts'));
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
