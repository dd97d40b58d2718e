import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { NetpbmError } from '../../formats/netpbm.ts';
import { readImageHeader } from './image-header.ts';
import { imageBytes, pgmBytes } from './testing/dropped-files.ts';

const drawn = () =>
  sharp({ create: { width: 57, height: 31, channels: 4, background: { r: 9, g: 80, b: 200, alpha: 0.5 } } });

describe('image headers', () => {
  it.each([
    ['jpeg', () => imageBytes('jpeg', 57, 31)],
    [
      'jpeg',
      () =>
        drawn()
          .withExif({ IFD0: { Copyright: 'x'.repeat(3000) } })
          .jpeg({ progressive: true })
          .toBuffer(),
    ],
    ['png', () => imageBytes('png', 57, 31)],
    ['png', () => drawn().png({ palette: true }).toBuffer()],
    ['webp', () => imageBytes('webp', 57, 31)],
    ['webp', () => drawn().webp().toBuffer()],
    ['webp', () => drawn().webp({ lossless: true }).toBuffer()],
    ['webp', () => drawn().removeAlpha().webp({ lossless: true }).toBuffer()],
    ['gif', () => drawn().gif().toBuffer()],
    ['avif', () => drawn().avif({ effort: 0 }).toBuffer()],
    ['tiff', () => drawn().tiff().toBuffer()],
    ['netpbm', async () => pgmBytes(57, 31, 0)],
  ])('of a %s hold its size', async (kind, make) => {
    expect(readImageHeader(new Uint8Array(await make()))).toEqual({ kind, width: 57, height: 31 });
  });

  it('of a JPEG come after any other segments, filled or not', () => {
    const huffman = [0xff, 0xc4, 0, 5, 1, 2, 3];
    const frame = [0xff, 0xff, 0xc2, 0, 17, 8, 0, 31, 0, 57, 3];
    const bytes = Uint8Array.from([0xff, 0xd8, 0xff, 0x01, ...huffman, ...frame, ...new Array<number>(20).fill(0)]);
    expect(readImageHeader(bytes)).toEqual({ kind: 'jpeg', width: 57, height: 31 });
  });

  it('are not found in other files', async () => {
    expect(readImageHeader(new Uint8Array(0))).toBeUndefined();
    expect(
      readImageHeader(new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg" width="9"/>')),
    ).toBeUndefined();
  });

  it('never fail but with a NetpbmError, and always end', async () => {
    const files = [
      await imageBytes('jpeg', 9, 9),
      await imageBytes('png', 9, 9),
      await imageBytes('webp', 9, 9),
      pgmBytes(9, 9, 0),
      new Uint8Array(await drawn().tiff().toBuffer()),
      new Uint8Array(await drawn().avif({ effort: 0 }).toBuffer()),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 8 }),
        fc.nat(600),
        (file, edits, cut) => {
          const bytes = file.slice(0, Math.max(0, file.length - cut));
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          try {
            readImageHeader(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(NetpbmError);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });
});
