import type { DroppedFile } from './byte-source.ts';
import { listNotes, peopleOn, readFaceLists, unusedText } from './face-lists.ts';
import { sortFiles } from './file-groups.ts';
import { type IdentityFolders, treeInWords } from './identity-folders.ts';
import { type IjbFolder, openIjbFolder } from './ijb-folder.ts';
import { findImages, type ImageFile, type ImageFiles } from './image-files.ts';
import { ImportError } from './import-error.ts';
import { noImages, onePerson } from './import-faces.ts';
import { outsideNotes, skippedNotes } from './import-notes.ts';
import { countText, DEFAULT_IMPORT_LIMITS, type ImportLimits } from './limits.ts';
import { type ListedFolder, openListedFolder, toldApart } from './listed-source.ts';
import { openPairsFile, type PairsFile } from './pairs-file.ts';
import { rawPhotoSize, rawPhotosText } from './raw-photos.ts';
import { openRecordsFile, type RecordsFile } from './records-file.ts';

/** A folder or .zip with one folder a person; no image has been read. */
export interface PeopleFolder {
  readonly kind: 'people';
  readonly file: string;
  /** The files it was found in; `importFaces` reads them. */
  readonly files: readonly DroppedFile[];
  readonly images: ImageFiles['images'];
  /** The given file or folder, and its contents: "6,300 images of 450 people" */
  readonly title: string;
  readonly found: string;
}

/** Something that was recognised by its content; each has a title, and its contents in `found`. */
export type FoundData = PairsFile | RecordsFile | IjbFolder | ListedFolder | PeopleFolder;

export interface Recognition {
  readonly found: readonly FoundData[];
  /** Files that cannot be used, with the reason, a sentence each. */
  readonly problems: readonly ImportError[];
}

export interface RecogniseRequest {
  /** The given files' name, for messages. */
  readonly name: string;
  readonly files: readonly DroppedFile[];
  readonly signal?: AbortSignal;
  readonly limits?: Partial<ImportLimits>;
}

/**
 * Recognises given files by their content: verification sets (.bin), training sets (.rec with .idx), IJB-B and IJB-C
 * folders, lists of pairs with their images, and folders of people; as many as there are. A fault in one does not hide
 * the others. Of large files only the parts needed to recognise them are read. Where nothing at all is found, there is
 * at least one problem.
 * @throws the signal's reason
 */
export async function recogniseFiles({ name, files, signal, limits }: RecogniseRequest): Promise<Recognition> {
  const allLimits = { ...DEFAULT_IMPORT_LIMITS, ...limits };
  const found: FoundData[] = [];
  const problems: ImportError[] = [];
  const attempt = async (open: () => Promise<FoundData | undefined>) => {
    signal?.throwIfAborted();
    try {
      const data = await open();
      if (data !== undefined) found.push(data);
    } catch (error) {
      if (!(error instanceof ImportError)) throw error;
      problems.push(error);
    }
  };
  await attempt(async () => {
    const groups = await sortFiles(name, files, allLimits, signal);
    problems.push(...groups.problems);
    for (const { path, file } of groups.pairs) await attempt(() => openPairsFile(path, file));
    for (const parts of groups.records) await attempt(() => openRecordsFile(parts));
    for (const { name: folder, lists, files: below } of groups.ijb) {
      await attempt(() => openIjbFolder(folder, lists, below, signal));
    }
    await attempt(async () => {
      const images = await findImages(name, groups.rest, allLimits);
      const lists = await readFaceLists(images.images, images.texts);
      problems.push(...lists.problems);
      const rawSize = await rawPhotoSize(images.images);
      const raw = rawSize === undefined ? [] : [rawPhotosText(rawSize), ALIGN_FIRST];
      for (const listed of lists.pairs) {
        await attempt(async () => openListedFolder(name, listed, images.images, [...unusedText(lists.unused), ...raw]));
      }
      // Drawn pairs would pass for the list's.
      if (lists.pairs.length > 0 || lists.problems.length > 0) return undefined;
      // Pictures that lie beside a data set are nobody's mistake.
      const tree = peopleOn(images.images, lists);
      if (images.images.length > 0 && (tree.people.length > 1 || found.length === 0)) {
        if (tree.people.length < 2) throw onePerson(undefined, lists.unused, images);
        return peopleFolder(name, groups.rest, images, tree, [
          ...listNotes(lists),
          ...tree.doubts,
          ...outsideNotes(tree.outside),
          ...skippedNotes(images),
          ...(lists.unused.length > 0 || tree.roles.length > 0 ? [DRAWN] : []),
          ...raw,
        ]);
      }
      if (found.length === 0 && problems.length === 0) throw noImages(name, images);
      return undefined;
    });
    return undefined;
  });
  return { found: toldApart(found), problems };
}

/** The way to aligned faces: the page aligns those that it is given to train on. */
const ALIGN_FIRST =
  'Align them first: give them to Train as your own faces, or use npm run faces -- --align FOLDER --out DIR.';

/** Said where a user may expect the pairs of a list, or of one kind of photo. */
const DRAWN = 'No list of pairs is used: pairs are drawn from all photos.';

function peopleFolder(
  name: string,
  files: readonly DroppedFile[],
  { images }: ImageFiles,
  tree: IdentityFolders<ImageFile>,
  notes: readonly string[],
): PeopleFolder {
  const count = tree.people.reduce((sum, { items }) => sum + items.length, 0);
  const found = `${countText(count, 'image')} of ${treeInWords(tree)}`;
  return {
    kind: 'people',
    file: name,
    files,
    images,
    title: name,
    found: [notes.length > 0 ? `${found}.` : found, ...notes].join(' '),
  };
}
