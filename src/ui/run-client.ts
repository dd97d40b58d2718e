import type { Command, Message } from '../worker/protocol.ts';

/** The one door between the page and whatever trains. */
export interface RunClient {
  post(command: Command): void;
  /** Calls `listener` for every message from now on; the returned function ends that. */
  subscribe(listener: (message: Message) => void): () => void;
  /** Throws the worker away, with its run and its faces, and starts another. */
  restart(): void;
}
