import type { GalleryCommand, GalleryMessage } from './protocol.ts';

/** The page's end of the gallery's worker, which draws single faces and never waits for a training step. */
export class GalleryClient {
  readonly #receive: (message: GalleryMessage) => void;
  #worker: Worker | undefined;

  constructor(receive: (message: GalleryMessage) => void) {
    this.#receive = receive;
  }

  /** Sends a command; the worker is started at the first. */
  post(command: GalleryCommand): void {
    this.#started().postMessage(command);
  }

  /** Ends the worker; the next command starts another. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./gallery.worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<GalleryMessage>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#receive({ type: 'failed', message: event.message || 'it could not be loaded' });
    };
    this.#worker = worker;
    return worker;
  }
}
