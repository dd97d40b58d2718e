import type { Checkpoint } from '../training/checkpoint.ts';
import type { Message } from './protocol.ts';

/** The buffers of a checkpoint's arrays. */
export function buffersOf({ arms }: Checkpoint): ArrayBuffer[] {
  return arms.flatMap(({ state }) => [...state.values()].map(({ values }) => values.buffer));
}

/** The buffers that move to the page with a message instead of being copied. */
export function transferables(message: Message): ArrayBuffer[] {
  switch (message.type) {
    case 'preview':
      return [message.kernel.buffer];
    case 'import-done':
      return [message.summary.samples.images.buffer];
    case 'study-packed':
      return [message.bytes.buffer];
    case 'checkpoint':
      return [message.checkpoint, message.spare].flatMap((checkpoint) => (checkpoint ? buffersOf(checkpoint) : []));
    case 'run-event': {
      const { event } = message;
      if (event.type === 'reactivation') return [event.before.buffer, event.after.buffer];
      if (event.type !== 'filters') return [];
      const kernel = event.kernel === undefined ? [] : [event.kernel.buffer];
      const arrays = [event.norms, event.maxAbs, event.foldedNorms, event.inactive];
      return [...arrays.map((array) => array.buffer), ...kernel];
    }
    default:
      return [];
  }
}
