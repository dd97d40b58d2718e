import type { GalleryCommand, GalleryMessage } from '../worker/gallery/protocol.ts';
import { LazyWorker } from './lazy-worker.ts';

/** The page's end of the gallery's worker, which draws single faces and never waits for a training step. */
export class GalleryClient {
  readonly #worker: LazyWorker<GalleryCommand, GalleryMessage>;

  constructor(receive: (message: GalleryMessage) => void) {
    this.#worker = new LazyWorker(
      () => new Worker(new URL('../worker/gallery/gallery.worker.ts', import.meta.url), { type: 'module' }),
      receive,
      (why) => receive({ type: 'failed', message: why || 'it could not be loaded' }),
    );
  }

  post(command: GalleryCommand): void {
    this.#worker.post(command);
  }

  /** Ends the worker; the next command starts another. */
  close(): void {
    this.#worker.close();
  }
}
