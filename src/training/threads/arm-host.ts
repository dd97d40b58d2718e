import { assertNever } from '../../config/assert-never.ts';
import type { RunConfig } from '../../config/run-config.ts';
import type { Engine } from '../../network/backend.ts';
import { describeFailure } from '../failure.ts';
import { openLocally } from '../local-arms.ts';
import type { TrainedArms } from '../trained-arms.ts';
import type { ArmAnswer, ArmCommand } from './protocol.ts';

/**
 * Trains arms on a thread of their own: carries out the commands of an `ArmThread` at the other end, in their order.
 */
export class ArmHost {
  readonly #post: (answer: ArmAnswer) => void;
  readonly #openEngine: () => Promise<Engine>;
  #engine: Promise<Engine> | undefined;
  #arms: TrainedArms | undefined;
  /** The run and the step of the last command, for a failure. */
  #standing: { readonly config: RunConfig; readonly step: number } | undefined;
  #done: Promise<void> = Promise.resolve();

  constructor(post: (answer: ArmAnswer) => void, openEngine: () => Promise<Engine>) {
    this.#post = post;
    this.#openEngine = openEngine;
  }

  /** Takes a command; it is carried out after those before it. */
  receive(command: ArmCommand): void {
    this.#done = this.#done.then(async () => {
      try {
        this.#post(await this.#answer(command));
      } catch (error) {
        this.#post({ type: 'failed', failure: describeFailure(error, this.#standing) });
      }
    });
  }

  async #answer(command: ArmCommand): Promise<ArmAnswer> {
    switch (command.type) {
      case 'open':
        (await this.#open()).setThreads(command.threads);
        return { type: 'opened' };
      case 'build': {
        const { order } = command;
        this.#standing = { config: order.run, step: order.from?.step ?? 0 };
        this.#clear();
        this.#arms = await openLocally(await this.#open())(order);
        return { type: 'built', started: this.#arms.started };
      }
      case 'step':
        this.#standing = { config: command.run, step: command.step };
        this.#built.trainStep(command.batch, command.step, command.run);
        return { type: 'stepped' };
      case 'read': {
        const readings = await this.#built.read(command.arms, command.withKernels);
        return { type: 'readings', readings, bytes: this.#built.bytes() };
      }
      case 'check':
        return { type: 'checked', check: await this.#built.check(command.arm, command.step, command.run) };
      case 'embed': {
        const indices = Int32Array.from({ length: command.count }, (_, index) => index);
        return { type: 'embedded', embeddings: await this.#built.embed(command.faces, indices) };
      }
      case 'save':
        return { type: 'saved', arms: await this.#built.saved() };
      case 'ping':
        return { type: 'pong' };
      case 'clear':
        this.#clear();
        return { type: 'cleared' };
      default:
        return assertNever(command);
    }
  }

  #open(): Promise<Engine> {
    this.#engine ??= this.#openEngine();
    return this.#engine;
  }

  get #built(): TrainedArms {
    if (this.#arms === undefined) throw new Error('No arms were built on this thread.');
    return this.#arms;
  }

  #clear(): void {
    this.#arms?.dispose();
    this.#arms = undefined;
  }
}
