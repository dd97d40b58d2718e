import { openEngine } from '../../network/backend.ts';
import type { Checkpoint } from '../../training/checkpoint.ts';
import { tinyFaces } from '../../training/testing/tiny-faces.ts';
import type { Command, Message } from '../../worker/protocol.ts';
import { RunHost } from '../../worker/run-host.ts';
import type { RunClient } from '../run-client.ts';

/** Trains in this thread, on tiny faces, in place of a worker. */
export class HostedClient implements RunClient {
  readonly messages: Message[] = [];
  readonly #listeners = new Set<(message: Message) => void>();
  #host = this.#fresh();
  #newest: { readonly runId: string; readonly checkpoint: Checkpoint } | undefined;

  post(command: Command): void {
    switch (command.type) {
      case 'start':
        void this.#host.start(command);
        return;
      case 'pause':
      case 'resume':
      case 'step':
      case 'stop':
        this.#host[command.type]();
        return;
      case 'request-checkpoint':
        void this.#host.answerWithCheckpoint(command.requestId);
        return;
    }
  }

  subscribe(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  checkpointOf(runId: string): Checkpoint | undefined {
    return this.#newest?.runId === runId ? this.#newest.checkpoint : undefined;
  }

  restart(): void {
    this.#host.stop();
    this.#host = this.#fresh();
  }

  #fresh(): RunHost {
    const post = (message: Message) => {
      this.messages.push(message);
      if (message.type === 'checkpoint') this.#newest = message;
      for (const listener of this.#listeners) listener(message);
    };
    return new RunHost(
      { facesFor: async () => ({ faces: tinyFaces() }), whileStill: (work) => work() },
      post,
      (preference) => openEngine({ preference }),
    );
  }
}
