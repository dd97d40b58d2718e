import { Budget } from '../../formats/budget.ts';
import { KIND_BYTES } from '../../formats/kind-bytes.ts';
import { type ModelKind, modelKindOf, zippedModelKind } from '../../formats/model-kinds.ts';
import { looksLikeZip, unzip } from '../../formats/zip.ts';

/** A file the user chose or dropped; `name` may be a path. */
export interface ModelFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A file that may be a model on its own. */
export interface Candidate extends ModelFile {
  readonly kind: ModelKind;
}

/** Finds a file that was not chosen, by its path from the folder of the one that names it. */
export type FindBeside = (file: string, path: string) => Uint8Array | undefined;

/** The files among which a model is looked for: those chosen, and the entries of a zip among them. */
export class ModelFiles {
  readonly all: readonly ModelFile[];
  /** Files of a kind that is known, in their order. */
  readonly candidates: readonly Candidate[];
  /** The memory that reading them may take; unpacked bytes are charged already. */
  readonly budget: Budget;
  readonly #beside: FindBeside;

  /** @throws FormatProblem for a zip that is damaged */
  constructor(
    files: readonly ModelFile[],
    beside: FindBeside = () => undefined,
    budget = new Budget(files.reduce((sum, { bytes }) => sum + bytes.length, 0)),
  ) {
    const all: ModelFile[] = [];
    const candidates: Candidate[] = [];
    for (const file of files) {
      const front = modelKindOf(file.bytes.subarray(0, KIND_BYTES), file.name);
      const entries = front === undefined && looksLikeZip(file.bytes) ? entriesOf(file.bytes) : undefined;
      const whole = entries && zippedModelKind(entries);
      if (entries === undefined || whole !== undefined) {
        all.push(file);
        const kind = whole ?? front;
        if (kind !== undefined) candidates.push({ ...file, kind });
        continue;
      }
      for (const [name, bytes] of unzip(file.bytes, 'zip', (entry) => !entry.endsWith('/'), budget)) {
        all.push({ name, bytes });
        const inner = looksLikeZip(bytes) ? zippedModelKind(entriesOf(bytes)) : undefined;
        const kind = inner ?? modelKindOf(bytes.subarray(0, KIND_BYTES), name);
        if (kind !== undefined) candidates.push({ name, bytes, kind });
      }
    }
    this.budget = budget;
    this.all = all;
    this.candidates = candidates;
    this.#beside = beside;
  }

  /**
   * A file by the path that another one names it by: beside that one, or the only one of that name elsewhere, unless it lies
   * beside another model.
   */
  find(from: string, path: string): Uint8Array | undefined {
    const folder = folderOf(from);
    const wanted = path.replace(/^(\.\/)+/, '');
    const last = nameOf(wanted);
    const beside = this.all.find(({ name }) => name === folder + wanted);
    if (beside !== undefined) return beside.bytes;
    const ofOthers = new Set(this.candidates.map(({ name }) => folderOf(name)).filter((other) => other !== folder));
    const [elsewhere, ...more] = this.all.filter(
      ({ name }) => nameOf(name) === last && (folderOf(name) === folder || !ofOthers.has(folderOf(name))),
    );
    return elsewhere !== undefined && more.length === 0 ? elsewhere.bytes : this.#beside(from, wanted);
  }
}

/** Names of the entries of a zip. @throws FormatProblem */
export function entriesOf(zip: Uint8Array): readonly string[] {
  const names: string[] = [];
  unzip(zip, 'zip', (name) => {
    names.push(name);
    return false;
  });
  return names;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
