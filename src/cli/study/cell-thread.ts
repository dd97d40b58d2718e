import type { Worker } from 'node:worker_threads';
import { ProblemError } from '../../config/problem.ts';
import type { FaceSet } from '../../faces/face-set.ts';
import { typescriptThread } from '../../kernels/node/typescript-thread.ts';
import type { Cell } from '../../study/cells.ts';
import type { CellEnd } from './cell-trainer.ts';
import type { FromThread, ThreadData, ToThread } from './cell-worker-protocol.ts';
import type { Trainer } from './study-pool.ts';

/** A thread of its own that trains cells. */
export class CellThread implements Trainer {
  readonly #worker: Worker;
  #waiting: { readonly resolve: (end: CellEnd) => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(data: ThreadData) {
    this.#worker = typescriptThread(new URL('./cell.worker.ts', import.meta.url), data);
    this.#worker.on('message', (message: FromThread) => this.#receive(message));
    this.#worker.on('error', (error) => this.#waiting?.reject(error));
    // A thread that runs out of memory ends with an error before; any other end in mid-cell is a defect.
    this.#worker.on('exit', (code) => this.#waiting?.reject(new Error(`A thread ended with code ${code}.`)));
  }

  train(cell: Cell, faces: FaceSet): Promise<CellEnd> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#post({ type: 'train', cell, faces });
    });
  }

  stop(): void {
    this.#post({ type: 'stop' });
  }

  async close(): Promise<void> {
    this.#waiting = undefined;
    await this.#worker.terminate();
  }

  #post(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromThread): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (message.type === 'ended') waiting?.resolve(message.end);
    else waiting?.reject(new ProblemError('cell', message.message, message.hint));
  }
}
