import { strToU8, zipSync } from 'fflate';
import { HOSTILE_SHAPES, type HostileShape } from '../../formats/testing/hostile.ts';
import { HOSTILE_SAFETENSORS } from '../../formats/testing/hostile-models.ts';
import { HOSTILE_LISTS } from '../../formats/testing/hostile-texts.ts';
import { bytesOf } from '../../formats/testing/pickles.ts';
import { filled, type Make, numbered } from '../../formats/testing/repeated.ts';
import { RESULT_COLUMNS } from '../../study/results-csv.ts';
import { HOSTILE_HDF5, HOSTILE_KERAS_ZIPS } from './hostile-keras.ts';

/** A run.json as the smallest run has it, with more of something. */
const about = (more: object) =>
  strToU8(
    JSON.stringify({
      ...{ format: 'craft-playground-run', formatVersion: 3, config: {}, step: 1, arms: [], version: '1' },
      ...{ engine: { backend: 'cpu', adapter: '' }, ...more },
    }),
  );
const run = (json: Uint8Array, files: Readonly<Record<string, Uint8Array>> = {}) =>
  new Uint8Array(zipSync({ 'run.json': json, ...files }, { level: 1 }));
const arms = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `arm-${i}`, settings: {} }));

/** Archives of runs that ask for more than they hold. */
const HOSTILE_RUNS: readonly (readonly [string, Make])[] = [
  ['arms without end', (size) => run(about({ arms: arms(size / 20) }))],
  ['the largest network a hundred times', () => run(about({ config: { filters: 512, width: 512 }, arms: arms(100) }))],
  [
    'settings without end',
    (size) => run(about({ config: Object.fromEntries(arms(size / 20).map(({ name }) => [name, 1])) })),
  ],
  [
    'checksums without end',
    (size) => run(about({ crc32: Object.fromEntries(arms(size / 20).map(({ name }) => [name, 1])) })),
  ],
  ['a long name', (size) => run(about({ name: 'a'.repeat(size) }))],
  ['brackets', (size) => run(filled(10 * size, '['))],
  ...HOSTILE_SAFETENSORS.slice(0, 6).map(
    ([name, make]) =>
      [
        `a history of ${name}`,
        (size: number) =>
          run(about({ arms: ['standard'] }), {
            'history.safetensors': make(size),
            'standard/state.safetensors': make(size),
          }),
      ] as const,
  ),
];

const PLAN = '{"format":"craft-playground-study","formatVersion":1,"name":"a"';
/** study.json of a study that asks for more than it holds. */
const HOSTILE_PLANS: readonly (readonly [string, Make])[] = [
  ['brackets', (size) => bytesOf(PLAN, ',"conditions":', filled(size / 2, '['), filled(size / 2, ']'), '}')],
  [
    'settings without end',
    (size) =>
      bytesOf(
        ...[PLAN, ',"conditions":[],"seeds":"1","settings":{"a":1'],
        numbered(size, (i) => bytesOf(`,"${i}":1`)),
        '}}',
      ),
  ],
  ['seeds without end', (size) => bytesOf(PLAN, ',"conditions":[],"seeds":[1', filled(size, ',1'), ']}')],
  ['a range of seeds without end', () => bytesOf(PLAN, ',"conditions":[],"seeds":"1-4000000000"}')],
];
const HEAD = `${RESULT_COLUMNS.join()}\n`;

/** Every shape; with sizes from a megabyte to a hundred they make the inputs of bench/evidence/hostile.ts. */
export const ALL_HOSTILE_SHAPES: readonly HostileShape[] = [
  ...HOSTILE_SHAPES,
  ...HOSTILE_HDF5.map(([name, make]): HostileShape => ({ name: `hdf5: ${name}`, reader: 'model', make })),
  ...HOSTILE_KERAS_ZIPS.map(([name, make]): HostileShape => ({ name: `keras: ${name}`, reader: 'model', make })),
  ...HOSTILE_PLANS.map(([name, make]): HostileShape => ({ name: `plan: ${name}`, reader: 'plan', make })),
  ...HOSTILE_LISTS.map(
    ([name, make]): HostileShape => ({
      name: `results: ${name}`,
      reader: 'results',
      make: (size) => bytesOf(HEAD, make(size)),
    }),
  ),
  {
    name: 'results: rows',
    reader: 'results',
    make: (size) => bytesOf(HEAD, filled(size, 'a,b,,1,1,run,,1,1,1,wasm,,done,\n')),
  },
  {
    name: 'results: runs without end',
    reader: 'results',
    make: (size) =>
      bytesOf(
        HEAD,
        numbered(size, (i) => bytesOf(`a,b,,${i},1,run,,1,0,1,wasm,,done,\n`)),
      ),
  },
  {
    name: 'results: settings without end',
    reader: 'results',
    make: (size) =>
      bytesOf(
        HEAD,
        numbered(size, (i) =>
          bytesOf(`a,b,${['seed', 'splitSeed', 'facesSeed'][i % 3]}=${i},1,1,run,,1,0,1,wasm,,done,\n`),
        ),
      ),
  },
  {
    name: 'results: tests without end',
    reader: 'results',
    make: (size) =>
      bytesOf(
        HEAD,
        numbered(size, (i) => bytesOf(`a,${i % 2 === 0 ? 'standard' : 'b'},,1,1,accuracy,${i},0.5,9,1,wasm,,done,\n`)),
      ),
  },
  ...HOSTILE_RUNS.map(([name, make]): HostileShape => ({ name: `run archive: ${name}`, reader: 'run', make })),
];
