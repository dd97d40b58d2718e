import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { HIGHEST_SEED } from '../config/settings/seeds.ts';
import { FACE_REGIONS, type FaceSet, faceAt, type RegionName } from '../faces/face-set.ts';
import { type FaceVersion, NEWEST_FACES } from '../faces/synthetic/face-version.ts';
import { population } from '../faces/synthetic/population.ts';
import { VARIATIONS, type Variation } from '../faces/synthetic/variation.ts';
import { terminalLine } from '../formats/outside-text.ts';
import { UsageError } from './arguments.ts';
import { runCommand } from './command.ts';
import { tryFolder, tryResult, tryToWrite, writeWhole } from './files.ts';
import { print } from './terminal.ts';

/*
 * npm run faces -- --identities 12 --images 8 --size 64 --seed 1 --variation lfw --out DIR [--sheet FILE.png] [--json FILE]
 */
const USAGE = `npm run faces -- [--identities 12] [--images 8] [--size 64] [--seed 1] [--region full|tight]
                 [--variation ${VARIATIONS.join('|')}]
                 [--face-version 1|2]
                 [--out DIR] [--sheet FILE.png] [--json FILE]
npm run faces -- --align FOLDER --out DIR [--json FILE]

Draws people who do not exist. --out gets a folder a person, --sheet a contact sheet with a row a person,
--json the figures that are printed as well: images a second, peak memory, SHA-256 of the pixels.
--align finds the face in each photo of a folder or .zip (of several the largest) and writes it to --out, aligned to the
112 × 112 template, in the same folders; --json gets how many were found, the names of the others, and the five points.`;

interface FacesArguments {
  readonly identities: number;
  readonly images: number;
  readonly size: number;
  readonly seed: number;
  readonly region: RegionName;
  readonly variation: Variation;
  readonly version: FaceVersion;
  readonly out: string | undefined;
  readonly sheet: string | undefined;
  readonly json: string | undefined;
}

function readFacesArguments(argv: readonly string[]): FacesArguments {
  const text = { type: 'string' } as const;
  let values: Readonly<Record<string, string | undefined>>;
  try {
    values = parseArgs({
      args: argv.filter((arg) => arg !== '--'),
      options: {
        identities: text,
        images: text,
        size: text,
        seed: text,
        region: text,
        variation: text,
        'face-version': text,
        out: text,
        sheet: text,
        json: text,
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const whole = (name: string, fallback: number, low: number, high: number) => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new UsageError(`--${name} takes a whole number from ${low} to ${high}, not "${values[name]}".`);
  };
  const oneOf = <Name extends string>(name: string, names: readonly Name[], fallback: Name): Name => {
    const value = values[name] ?? fallback;
    const found = names.find((known) => known === value);
    if (found !== undefined) return found;
    throw new UsageError(`There is no ${name} "${value}". Choose one of ${names.join(', ')}.`);
  };
  if (values.out === undefined && values.sheet === undefined && values.json === undefined) {
    throw new UsageError('Say where the faces go: --out DIR, --sheet FILE.png or --json FILE.');
  }
  const regions: RegionName[] = [];
  for (const name of ['full', 'tight'] as const) if (name in FACE_REGIONS) regions.push(name);
  return {
    identities: whole('identities', 12, 1, 100_000),
    images: whole('images', 8, 1, 1000),
    size: whole('size', 64, 16, 112),
    seed: whole('seed', 1, 0, HIGHEST_SEED),
    region: oneOf('region', regions, 'full'),
    variation: oneOf('variation', VARIATIONS, 'lfw'),
    version: whole('face-version', NEWEST_FACES, 1, 2) === 1 ? 1 : 2,
    out: values.out,
    sheet: values.sheet,
    json: values.json,
  };
}

async function main(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    print(USAGE);
    return;
  }
  if (argv.includes('--align')) return align(argv);
  const { identities, images, size, seed, region, variation, version, out, sheet, json } = readFacesArguments(argv);
  for (const file of [sheet, json]) if (file !== undefined) tryToWrite(file);
  if (out !== undefined) tryFolder(out);
  const started = performance.now();
  const busy = process.cpuUsage();
  const faces = await population({ seed, identities, imagesPerIdentity: images, size, region, variation, version });
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(busy);
  const figures = {
    identities,
    images: faces.labels.length,
    size,
    region,
    variation,
    version,
    seed,
    imagesPerSecond: Math.round(faces.labels.length / seconds),
    imagesPerCpuSecond: Math.round((faces.labels.length / (used.user + used.system)) * 1e6),
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    sha256: createHash('sha256').update(faces.images).digest('hex'),
  };
  if (out !== undefined) await writeFolders(faces, images, out);
  if (sheet !== undefined) await writeSheet(faces, images, sheet);
  if (json !== undefined) writeWhole(json, `${JSON.stringify(figures, undefined, 2)}\n`);
  print(JSON.stringify(figures, undefined, 2));
}

/** Aligns photographs; draws nobody. */
async function align(argv: readonly string[]): Promise<void> {
  const text = { type: 'string' } as const;
  let given: { readonly align?: string; readonly out?: string; readonly json?: string };
  try {
    const args = argv.filter((arg) => arg !== '--');
    given = parseArgs({ args, options: { align: text, out: text, json: text } }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { align: folder, out, json } = given;
  if (folder === undefined || out === undefined)
    throw new UsageError('Say which photos, and where they go: --align FOLDER --out DIR.');
  if (json !== undefined) tryResult(json, [folder]);
  const { alignFolder } = await import('./align-faces.ts');
  const { report, unreadable } = await alignFolder(folder, out);
  if (json !== undefined) writeWhole(json, `${JSON.stringify(report, undefined, 2)}\n`);
  print(`${report.found} of ${report.found + report.missing.length} photos aligned to ${out}.`);
  const faceless = report.missing.filter((path) => unreadable.every((one) => one.path !== path));
  if (faceless.length > 0) print(terminalLine(`No face found in: ${faceless.join(', ')}`));
  if (unreadable.length > 0) {
    print(terminalLine(`Could not be read: ${unreadable.map(({ path, reason }) => `${path} ${reason}`).join('; ')}`));
  }
}

/** One folder a person, one PNG a photo. */
async function writeFolders(faces: FaceSet, imagesEach: number, folder: string): Promise<void> {
  const raw = { width: faces.size, height: faces.size, channels: 3 } as const;
  for (let index = 0; index < faces.labels.length; index++) {
    const person = String(faces.labels[index]).padStart(4, '0');
    const photo = `${String(index % imagesEach).padStart(3, '0')}.png`;
    writeWhole(join(folder, person, photo), await sharp(faceAt(faces, index), { raw }).png().toBuffer());
  }
}

/** A row a person, a column a photo. */
async function writeSheet(faces: FaceSet, columns: number, file: string): Promise<void> {
  const { size } = faces;
  const width = columns * size;
  const rows = Math.ceil(faces.labels.length / columns);
  const pixels = new Uint8Array(width * rows * size * 3);
  for (let index = 0; index < faces.labels.length; index++) {
    const face = faceAt(faces, index);
    const left = (index % columns) * size;
    const top = Math.floor(index / columns) * size;
    for (let y = 0; y < size; y++) {
      pixels.set(face.subarray(y * size * 3, (y + 1) * size * 3), ((top + y) * width + left) * 3);
    }
  }
  const raw = { width, height: rows * size, channels: 3 } as const;
  writeWhole(file, await sharp(pixels, { raw }).png().toBuffer());
}

runCommand(main, USAGE);
