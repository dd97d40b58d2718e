import { basename } from 'node:path';
import type { RunConfig } from '../config/run-config.ts';
import type { FaceSet } from '../faces/face-set.ts';
import { importFaces } from '../faces/import/import-faces.ts';
import { unreadableNotes } from '../faces/import/import-notes.ts';
import { faceSetOf } from '../faces/import/imported-faces.ts';
import { population, populationOf } from '../faces/synthetic/population.ts';
import { terminalLine } from '../formats/outside-text.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';
import { withProgressBar } from './progress-bar.ts';
import { log } from './terminal.ts';

/**
 * The faces that a run trains on: those at the path, or drawn ones.
 * @throws ImportError, NodeJS.ErrnoException
 */
export async function trainingFaces(path: string | undefined, config: RunConfig): Promise<FaceSet> {
  if (path === undefined) {
    return withProgressBar('faces drawn', config.identities * config.imagesPerIdentity, (progress) =>
      population({ ...populationOf(config), progress }),
    );
  }
  const { maxIdentities, maxImagesPerIdentity, imageSize: size, region } = config;
  const imported = await importFaces({
    name: basename(path),
    files: await filesOf(path),
    decode: decodeWithSharp,
    limits: { maxIdentities, maxImagesPerIdentity },
  });
  log(terminalLine(`${imported.name}: ${imported.tree}`));
  for (const note of [...imported.notes, ...unreadableNotes(imported.unreadable)]) log(terminalLine(note));
  if (!imported.aligned) log(`npm run faces -- --align ${path} --out DIR aligns them.`);
  return faceSetOf(imported, { size, region });
}
