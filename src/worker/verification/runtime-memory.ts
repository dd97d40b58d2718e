/*
 * The ceiling of ONNX Runtime's memory. Its WebAssembly may grow to 4 GB, and a file of a kilobyte that enlarges an image
 * asks for all of it. The runtime has no setting for this and makes its memory itself, so the class that it makes it
 * with is replaced by a stricter one while it loads. Refused growth is "no memory" to the runtime: its operator fails, and the
 * next model runs as before.
 */

import { OnnxMemoryProblem } from './onnx-problem.ts';

const MIB = 2 ** 20;
const PAGE = 65_536;

/**
 * Bytes for models of any size, and for each byte of those that are open. An IResNet-100 of 248 MB takes 667 MB: its
 * file, its weights, and both again in part while it is opened. Node, a file and the copies of its answers are added to
 * it, so that the whole stays below 1 GB for a file of up to 100 MB.
 */
const ALLOWANCE = { floor: 384 * MIB, ratio: 4 };

/**
 * The runtime never gives back the tensors of a run that got no memory. The next model may take as much as any other on
 * top of them, up to this many bytes of them in all: then the page has to be loaded again.
 */
const MOST_LOST = 1024 * MIB;

/** Of the runtime in this process or worker: it is loaded once, and its memory never shrinks. */
const runtime = {
  limit: ALLOWANCE.floor,
  openBytes: 0,
  size: 0,
  lost: 0,
  refused: false,
  failed: false,
  loaded: false,
};

/** The memory that the runtime makes; all of its growth goes through `grow`. */
class LimitedMemory extends WebAssembly.Memory {
  override grow(pages: number): number {
    // The runtime asks for more than it needs first, and then for less.
    runtime.refused = this.buffer.byteLength + pages * PAGE > runtime.limit;
    if (runtime.refused) throw new RangeError('ONNX Runtime may take no more memory.');
    const before = super.grow(pages);
    runtime.size = (before + pages) * PAGE;
    return before;
  }
}

function allowance(): number {
  return Math.max(ALLOWANCE.floor, ALLOWANCE.ratio * runtime.openBytes);
}

/** Counts a model of so many bytes as open, which raises the limit for large ones, until the result is called. */
export function countOpenModel(bytes: number): () => void {
  let open = true;
  const add = (more: number) => {
    runtime.openBytes += more;
    runtime.limit = runtime.lost + allowance();
  };
  // Here and not where the run failed: one model gets the allowance once.
  if (runtime.failed) runtime.lost = Math.min(runtime.size, MOST_LOST);
  runtime.failed = false;
  add(bytes);
  return () => {
    if (open) add(-bytes);
    open = false;
  };
}

/** Bytes that the open models may take. */
export function memoryLimit(): number {
  return allowance();
}

/** As a sentence names them: "384 MB". */
export function memoryLimitText(): string {
  return `${Math.round(allowance() / MIB)} MB`;
}

/**
 * Creates a session, which loads the runtime the first time: its memory is a limited one. The memory of another program
 * of WebAssembly that is loaded in the same moment is limited as well.
 * @throws OnnxMemoryProblem
 */
export async function createWithinMemory<Session>(create: () => Promise<Session>): Promise<Session> {
  const plain = WebAssembly.Memory;
  // Of two models that are opened at a time the second finds the stricter class, and must not put it back.
  if (runtime.loaded || plain === LimitedMemory) return withinMemory(create);
  WebAssembly.Memory = LimitedMemory;
  try {
    const created = await withinMemory(create);
    runtime.loaded = true;
    return created;
  } finally {
    WebAssembly.Memory = plain;
  }
}

/**
 * Has the runtime do something. @throws OnnxMemoryProblem in the place of the runtime's error where it got no memory
 */
export async function withinMemory<Result>(work: () => Promise<Result>): Promise<Result> {
  runtime.refused = false;
  try {
    return await work();
  } catch (error) {
    const technical = error instanceof Error ? error.message : String(error);
    // Sizes beyond 32 bits fail before anything is allocated.
    const short = runtime.refused || /bad_alloc|Tensor shape is too large|SafeIntOnOverflow/.test(technical);
    if (!short) throw error;
    runtime.failed = true;
    throw new OnnxMemoryProblem(
      `The model takes too much memory: more than the ${memoryLimitText()} that a model of its size may use.`,
    );
  }
}
