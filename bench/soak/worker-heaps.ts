import type { CDPSession, Page } from 'playwright';

/** The size of a JavaScript heap after a collection, in bytes; `arrays` lie outside of it. */
export interface Heap {
  readonly objects: number;
  readonly arrays: number;
}

interface HeapUsage {
  readonly usedSize: number;
  readonly embedderHeapUsedSize?: number;
  readonly backingStorageSize?: number;
}

/** Looks into the heaps of a page and of its workers, which Playwright's sessions do not reach. */
export class HeapProbe {
  readonly #session: CDPSession;
  readonly #workers = new Map<string, string>();
  readonly #waiting = new Map<number, (answer: { readonly result?: unknown; readonly error?: unknown }) => void>();
  #count = 0;

  private constructor(session: CDPSession) {
    this.#session = session;
    session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
      if (targetInfo.type === 'worker') this.#workers.set(sessionId, targetInfo.url);
    });
    session.on('Target.detachedFromTarget', ({ sessionId }) => this.#workers.delete(sessionId));
    session.on('Target.receivedMessageFromTarget', ({ message }) => {
      const answer = JSON.parse(message);
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** To be called before the page starts its workers. */
  static async on(page: Page): Promise<HeapProbe> {
    const session = await page.context().newCDPSession(page);
    const probe = new HeapProbe(session);
    await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
    return probe;
  }

  async page(): Promise<Heap> {
    await this.#session.send('HeapProfiler.collectGarbage');
    return heapOf(await this.#session.send('Runtime.getHeapUsage'));
  }

  /** Of the worker whose script has this in its name. */
  async worker(name: string): Promise<Heap> {
    const found = [...this.#workers].findLast(([, url]) => url.includes(name));
    if (found === undefined) throw new Error(`The page has no worker "${name}".`);
    await this.#ask(found[0], 'HeapProfiler.collectGarbage');
    return heapOf((await this.#ask(found[0], 'Runtime.getHeapUsage')) as HeapUsage);
  }

  async #ask(sessionId: string, method: string): Promise<unknown> {
    const id = ++this.#count;
    const answered = new Promise<{ readonly result?: unknown; readonly error?: unknown }>((resolve) => {
      this.#waiting.set(id, resolve);
    });
    await this.#session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) });
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }
}

function heapOf({ usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 }: HeapUsage): Heap {
  return { objects: usedSize + embedderHeapUsedSize, arrays: backingStorageSize };
}
