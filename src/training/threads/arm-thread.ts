import { RunFailure } from '../failure.ts';
import type { ArmAnswer, ArmCommand } from './protocol.ts';

type Answer<Type extends ArmAnswer['type']> = Extract<ArmAnswer, { readonly type: Type }>;

interface Waiting {
  readonly take: (answer: ArmAnswer) => void;
  readonly refuse: (reason: RunFailure) => void;
}

/**
 * This side of a thread that trains arms; at the other one is an `ArmHost`. The caller that opens the thread connects
 * the two.
 */
export class ArmThread {
  readonly #post: (command: ArmCommand) => void;
  /** Commands without an answer, in their order. */
  readonly #waiting: Waiting[] = [];
  #lost: RunFailure | undefined;
  #listening: (() => void)[] = [];

  constructor(post: (command: ArmCommand) => void) {
    this.#post = post;
  }

  /** Sends a command. @throws RunFailure, `worker-lost` where the thread is gone */
  ask<Type extends ArmAnswer['type']>(command: ArmCommand, type: Type): Promise<Answer<Type>> {
    if (this.#lost !== undefined) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      const take = (answer: ArmAnswer) => {
        if (isOf(answer, type)) resolve(answer);
        else if (answer.type === 'failed') reject(new RunFailure(answer.failure));
        else reject(new Error(`A training thread answered "${command.type}" with "${answer.type}".`));
      };
      this.#waiting.push({ take, refuse: reject });
      this.#post(command);
    });
  }

  /**
   * Resolves at its next answer, and has it give one where it has nothing to do. Work that is queued answers step by
   * step, so this takes one step at most on a thread that lives.
   */
  heard(): Promise<void> {
    return new Promise((resolve) => {
      this.#listening.push(resolve);
      if (this.#waiting.length === 0) this.ask({ type: 'ping' }, 'pong').catch(() => {});
    });
  }

  /** Takes a message of the thread. */
  receive(answer: ArmAnswer): void {
    this.#waiting.shift()?.take(answer);
    for (const resolve of this.#listening.splice(0)) resolve();
  }

  /** The thread is gone; `technical` is the last message of the browser or of Node. */
  lost(technical: string): void {
    this.#lost ??= new RunFailure({
      code: 'worker-lost',
      message: `A training thread has ended: ${technical}.`,
      hint: 'Resume the run from its last checkpoint.',
      technical,
    });
    for (const { refuse } of this.#waiting.splice(0)) refuse(this.#lost);
  }
}

function isOf<Type extends ArmAnswer['type']>(answer: ArmAnswer, type: Type): answer is Answer<Type> {
  return answer.type === type;
}
