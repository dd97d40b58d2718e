/** The page's end of a worker that is started at the first command, and again at the next one where it stopped. */
export class LazyWorker<Command, Message> {
  readonly #start: () => Worker;
  readonly #receive: (message: Message) => void;
  readonly #stopped: (why: string) => void;
  #worker: Worker | undefined;

  /** `stopped` receives the browser's message, which is empty where the worker could not be loaded. */
  constructor(start: () => Worker, receive: (message: Message) => void, stopped: (why: string) => void) {
    this.#start = start;
    this.#receive = receive;
    this.#stopped = stopped;
  }

  /** `moved` are buffers of the command that go to the worker instead of being copied. */
  post(command: Command, moved: readonly ArrayBuffer[] = []): void {
    this.#worker ??= this.#started();
    this.#worker.postMessage(command, { transfer: [...moved] });
  }

  /** Ends the worker; the next command starts another. */
  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #started(): Worker {
    const worker = this.#start();
    worker.onmessage = ({ data }: MessageEvent<Message>) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.close();
      this.#stopped(event.message);
    };
    return worker;
  }
}
