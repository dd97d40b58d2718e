import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importFaces } from '../faces/import/import-faces.ts';
import { decodeWithSharp, filesOf } from './node-faces.ts';

const cases = process.env.FIELD_CASES_DIR ?? '';

describe.skipIf(cases === '')(
  `faces of the field${cases === '' ? ' (skipped: FIELD_CASES_DIR is not set)' : ''}`,
  () => {
    const imported = async (path: string) =>
      importFaces({ name: basename(path), files: await filesOf(join(cases, path)), decode: decodeWithSharp });

    it('44: eight people in train and val are eight people', async () => {
      const { identities, images, tree } = await imported('44-train-and-val');
      expect([identities.length, images.length, tree]).toEqual([8, 32, '8 people, 2 kinds: train, val']);
    });

    it('47: one photo a person is said to give nothing to verify', async () => {
      const { notes } = await imported('47-one-photo-a-person');
      expect(notes).toContainEqual(expect.stringContaining('There is one photo a person: nothing can be held out'));
    });
  },
);
