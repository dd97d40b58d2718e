import type { FaceSet } from '../../faces/face-set.ts';
import type { Cell } from '../../study/cells.ts';
import type { CellEnd } from './cell-trainer.ts';

/** Trains one cell at a time; several work side by side. */
export interface Trainer {
  train(cell: Cell, faces: FaceSet): Promise<CellEnd>;
  /** Ends the cell that trains, saved, and starts no other. */
  stop(): void;
  close(): Promise<void>;
}

export interface PoolOptions {
  readonly facesFor: (cell: Cell) => Promise<FaceSet>;
  readonly ended: (cell: Cell, end: CellEnd) => void;
}

/**
 * Trains the cells in their order, one on each trainer at a time. A condition waits for its Standard while another
 * trainer has it and there is other work, since it may begin where Standard's run was the same.
 * @throws the first error of a trainer; the others end their cell before
 */
export async function trainCells(
  cells: readonly Cell[],
  trainers: readonly Trainer[],
  { facesFor, ended }: PoolOptions,
): Promise<void> {
  const queue = [...cells];
  const training = new Set<string>();
  let over = false;
  const next = (): Cell | undefined => {
    const free = queue.findIndex(({ standardId }) => !training.has(standardId));
    return queue.splice(Math.max(0, free), 1)[0];
  };
  const work = async (trainer: Trainer) => {
    try {
      for (let cell = next(); cell !== undefined && !over; cell = next()) {
        training.add(cell.id);
        const end = await trainer.train(cell, await facesFor(cell));
        training.delete(cell.id);
        if (end.state === 'stopped') over = true;
        ended(cell, end);
      }
    } catch (error) {
      over = true;
      for (const other of trainers) other.stop();
      throw error;
    }
  };
  const results = await Promise.allSettled(trainers.map(work));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
