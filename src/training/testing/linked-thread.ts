import type { Engine } from '../../network/backend.ts';
import { ArmHost } from '../threads/arm-host.ts';
import { ArmThread } from '../threads/arm-thread.ts';
import type { ArmAnswer, ArmCommand } from '../threads/protocol.ts';

/** The other end of a thread in name alone: messages are cloned and arrive later, as between two threads. */
export function linkedPost(engine: Engine, answer: (answer: ArmAnswer) => void): (command: ArmCommand) => void {
  const host = new ArmHost(
    (given) => {
      const copy = structuredClone(given);
      queueMicrotask(() => answer(copy));
    },
    async () => engine,
  );
  return (command) => host.receive(structuredClone(command));
}

interface Watched {
  /** Sees each command. */
  readonly sent?: ((command: ArmCommand) => void) | undefined;
  /** Puts another answer in the place of one. */
  readonly change?: ((answer: ArmAnswer) => ArmAnswer) | undefined;
}

/** A thread in name alone, both ends of it. */
export function linkedThread(engine: Engine, { sent, change = (answer) => answer }: Watched = {}): ArmThread {
  const post = linkedPost(engine, (answer) => thread.receive(change(answer)));
  const thread: ArmThread = new ArmThread((command) => {
    sent?.(command);
    post(command);
  });
  return thread;
}
