import type { Checkpoint } from '../training/checkpoint.ts';
import type { Command, Message } from '../worker/protocol.ts';

/** The one door between the page and its training worker. */
export interface RunClient {
  post(command: Command): void;
  /** Calls `listener` for every message from now on; the returned function ends that. */
  subscribe(listener: (message: Message) => void): () => void;
  /** The newest checkpoint of a run; undefined before its first, and of a run that another has followed. */
  checkpointOf(runId: string): Checkpoint | undefined;
  /** Throws the worker away with its run; the next command starts a fresh one, which is given the same faces. */
  restart(): void;
}
