import { expect, type Page, type Route, type Worker } from '@playwright/test';

/** The workers of the page: those with an engine by the role they are started for, the others by their file. */
export type WorkerName = 'training' | 'arm' | 'verification' | 'runs' | 'gallery';

/** The messages of a worker that the page started, counted. */
interface Heard {
  /** The name it was started under, or its file's. */
  readonly worker: string;
  /** Types of the messages that came, in their order; of a run's event and of an answer its own type. */
  readonly types: string[];
  /** Pings in a row that nothing came after: ticks of the page's watchdog. */
  silence: number;
  /** The longest such silence that ended. */
  longestSilence: number;
}

/** Workers that come back to their event loop, and so can be asked: not those that share the steps of another. */
export function answering(page: Page): readonly Worker[] {
  return page.workers().filter((worker) => !worker.url().endsWith('#member'));
}

const BARRIER = 'barrier-of-the-test';

/** A gate between the page and its workers: it reports their messages, and holds a worker where a test wants it. */
export class WorkerGate {
  readonly #page: Page;
  readonly #waiting: Route[] = [];

  constructor(page: Page) {
    this.#page = page;
  }

  /** To be called before the page is opened. It counts anew each time the page loads. */
  static async install(page: Page): Promise<WorkerGate> {
    const gate = new WorkerGate(page);
    await page.addInitScript(listen);
    await page.route(`**/${BARRIER}`, (route) => {
      gate.#waiting.push(route);
    });
    return gate;
  }

  /** The newest worker of this name, once there is one. */
  async worker(name: WorkerName): Promise<Worker> {
    const newest = async () => {
      for (const worker of answering(this.#page).toReversed()) {
        // One that is about to end answers nothing.
        const given = await worker.evaluate(() => self.name).catch(() => '');
        if (isNamed(given || worker.url(), name)) return worker;
      }
      return undefined;
    };
    await expect.poll(async () => (await newest()) !== undefined, name).toBe(true);
    return (await newest()) ?? Promise.reject(new Error(`The worker ${name} has ended.`));
  }

  /** Every worker of this name that was started, oldest first. */
  async heard(name: WorkerName): Promise<readonly Heard[]> {
    const all = await this.#page.evaluate<readonly Heard[]>('heard');
    return all.filter(({ worker }) => isNamed(worker, name));
  }

  /** How many messages of a type came from all workers of this name. */
  async count(name: WorkerName, type: string): Promise<number> {
    const all = await this.heard(name);
    return all.flatMap(({ types }) => types).filter((sent) => sent === type).length;
  }

  /** Waits until so many messages of a type have come. */
  async reaches(name: WorkerName, type: string, count: number): Promise<void> {
    await expect.poll(() => this.count(name, type), `${type} of ${name}`).toBeGreaterThanOrEqual(count);
  }

  /** Stops the worker's thread right after its next message of this type, until `release()`. */
  async stopAfter(name: WorkerName, type: string): Promise<void> {
    await (await this.worker(name)).evaluate(stopAfter, { type, barrier: `/${BARRIER}` });
  }

  /** Lets the stopped worker continue. */
  async release(): Promise<void> {
    await expect.poll(() => this.#waiting.length, 'workers that are stopped').toBeGreaterThan(0);
    for (const route of this.#waiting.splice(0)) await route.fulfill({ body: '' });
  }
}

const isNamed = (given: string, name: WorkerName) => given === name || given.includes(`${name}.worker`);

/** Runs in the page, before any script of its own. */
function listen(): void {
  const heard: Heard[] = [];
  const typeOf = (data: unknown): string => {
    if (typeof data !== 'object' || data === null) return '';
    const inner: unknown = Reflect.get(data, 'event') ?? Reflect.get(data, 'answer') ?? data;
    return typeof inner === 'object' && inner !== null ? String(Reflect.get(inner, 'type')) : '';
  };
  Object.assign(window, { heard });
  window.Worker = class extends Worker {
    readonly #heard: Heard;

    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.#heard = { worker: options?.name ?? String(url), types: [], silence: 0, longestSilence: 0 };
      heard.push(this.#heard);
      this.addEventListener('message', ({ data }) => {
        this.#heard.longestSilence = Math.max(this.#heard.longestSilence, this.#heard.silence);
        this.#heard.silence = 0;
        // A run of a million steps has too many of these to list.
        const type = typeOf(data);
        if (!['progress', 'filters', 'pong'].includes(type)) this.#heard.types.push(type);
      });
    }

    override postMessage(message: unknown, options?: StructuredSerializeOptions | Transferable[]): void {
      if (typeOf(message) === 'ping') this.#heard.silence++;
      if (Array.isArray(options)) super.postMessage(message, options);
      else super.postMessage(message, options);
    }
  };
}

/** Runs in the worker. A request that is not answered yet is the one thing on which a worker's thread can wait. */
function stopAfter({ type, barrier }: { readonly type: string; readonly barrier: string }): void {
  const post = self.postMessage;
  const scope: object = self;
  Object.assign(scope, {
    postMessage: (...given: [message: unknown]) => {
      Reflect.apply(post, self, given);
      const [message] = given;
      if (typeof message !== 'object' || message === null || Reflect.get(message, 'type') !== type) return;
      Object.assign(scope, { postMessage: post });
      const request = new XMLHttpRequest();
      request.open('GET', barrier, false);
      request.send();
    },
  });
}
