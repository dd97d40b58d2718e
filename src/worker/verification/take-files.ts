import { browserDecoder } from '../../faces/import/browser-decoder.ts';
import { ImportError } from '../../faces/import/import-error.ts';
import { type FoundData, recogniseFiles } from '../../faces/import/recognise.ts';
import { sourceOfData } from '../../faces/import/source-of-data.ts';
import { readZipDirectory } from '../../faces/import/zip-directory.ts';
import { KIND_BYTES } from '../../formats/kind-bytes.ts';
import { isSurelyModel, zippedModelKind } from '../../formats/model-kinds.ts';
import { looksLikeZip } from '../../formats/zip.ts';
import type { ImportFile } from '../protocol.ts';
import type { BenchmarkShelf, FileBenchmark } from './benchmark-shelf.ts';
import type { NetworkShelf } from './network-shelf.ts';
import type { HeldRow, RowId, VerificationCommand, VerificationMessage } from './protocol.ts';

type TakeCommand = Extract<VerificationCommand, { type: 'take-files' }>;

const MOST_ENTRIES = 200_000;

/** The entries of a zip of a network; a zip of faces has none of these. */
const NETWORK_ENTRY = /(^|\/)(run\.json|model\.json|[^/]+\.(onnx|safetensors))$/;

/**
 * Takes the user's files, recognised by content: networks onto their shelf, pairs into their row. Posts the contents;
 * where a part of it is wrong, the rest is taken all the same and the error is thrown at the end.
 * @throws ModelProblem, ImportError, OnnxProblem, or the signal's reason
 */
export async function takeFiles(
  command: TakeCommand,
  networks: NetworkShelf,
  benchmarks: BenchmarkShelf,
  signal: AbortSignal,
  post: (message: VerificationMessage) => void,
): Promise<void> {
  const { requestId, name, files } = command;
  if (command.as === 'anything' && command.row === undefined && (await holdNetwork(files))) {
    const opened = await networks.addFiles(command, signal);
    if (signal.aborted) for (const { id } of opened) networks.close(id);
    signal.throwIfAborted();
    post({ type: 'networks-opened', requestId, networks: opened });
    return;
  }
  const { found: all, problems } = await recogniseFiles({ name, files, signal });
  signal.throwIfAborted();
  const [problem] = problems;
  const places = placesOf(all, command.rows);
  const found = all.filter((data) => command.rows === undefined || places.has(data));
  if (found.length === 0 && problem === undefined) {
    throw new ImportError('file-inconsistent', `${name} holds other pairs than before.`, 'Drop it again.');
  }
  const taken = new Set<RowId>();
  for (const [place, data] of found.entries()) {
    const row = places.get(data) ?? rowOf(data, place === 0 ? command.row : undefined, taken, benchmarks);
    taken.add(row);
    const benchmark = fileBenchmark(data);
    benchmarks.put(row, benchmark);
    const last = place === found.length - 1 && problem === undefined;
    post({ type: 'benchmark-added', requestId, row, source: benchmark.source, last });
  }
  if (problem !== undefined) throw staysInUse(problem);
}

/** The rows that contents had, by the names of their files and of their pairs. */
function placesOf(all: readonly FoundData[], rows: readonly HeldRow[] = []): ReadonlyMap<FoundData, RowId> {
  const left = [...rows];
  const places = new Map<FoundData, RowId>();
  for (const data of all) {
    const { name, found, title } = fileBenchmark(data).source;
    const at = left.findIndex(({ source: was }) => was.name === name && was.found === found && was.title === title);
    const [held] = at < 0 ? [] : left.splice(at, 1);
    if (held !== undefined) places.set(data, held.row);
  }
  return places;
}

/** The row it was dropped on, the row of its name, or a free row. */
function rowOf(data: FoundData, wanted: RowId | undefined, taken: ReadonlySet<RowId>, shelf: BenchmarkShelf): RowId {
  const row = wanted ?? ('id' in data ? data.id : undefined);
  return row === undefined || taken.has(row) ? shelf.freeRow() : row;
}

function fileBenchmark(data: FoundData): FileBenchmark {
  return {
    source: { kind: 'file', name: data.file, found: data.found, title: data.title },
    open: ({ size, region, seed, pairs, signal, reading }) =>
      sourceOfData(data, { size, region, seed, pairs, signal, decode: browserDecoder(), progress: reading }),
  };
}

function staysInUse({ code, message, hint }: ImportError): ImportError {
  return new ImportError(code, message, `${hint} The pairs that were in use stay in use.`);
}

/** Whether any of the files is a model or a saved run, by its first bytes or a zip's list of contents. */
async function holdNetwork(files: readonly ImportFile[]): Promise<boolean> {
  // Of a folder of faces not every file is opened.
  for (const { path, file } of files.slice(0, 8)) {
    const start = new Uint8Array(await file.slice(0, KIND_BYTES).arrayBuffer());
    if (looksLikeZip(start)) {
      if (await zipHoldsNetwork(path, file)) return true;
    } else if (isSurelyModel(start, path)) {
      return true;
    } else if (start[0] === 0x7b && /\.json$/i.test(path)) return true;
  }
  return false;
}

async function zipHoldsNetwork(path: string, file: File): Promise<boolean> {
  try {
    const entries = await readZipDirectory(path, file, MOST_ENTRIES);
    const names = entries.map(({ path: inside }) => inside);
    return zippedModelKind(names) !== undefined || names.some((inside) => NETWORK_ENTRY.test(inside));
  } catch (error) {
    // The reader of faces reports a damaged zip.
    if (error instanceof ImportError) return false;
    throw error;
  }
}
