import { describe, expect, it } from 'vitest';
import { VARIATION_EXAMPLES } from './examples.ts';
import { drawIdentity } from './identity.ts';
import { type FaceParameter, IDENTITY_PARAMETERS, PHOTO_PARAMETERS, readValues, writeValues } from './parameters.ts';
import { plainPhoto } from './plain-photo.ts';
import { renderFace } from './testing/render-face.ts';

const SIZE = 32;
const identity = drawIdentity(3, 'training', 0);
const photo = plainPhoto(3, 'training', 0);
const plain = renderFace(identity, photo, SIZE, 'full');

const differs = (bytes: Uint8Array) => bytes.some((value, at) => value !== plain[at]);

/** The end of the range that is further from the subject's value. */
function farEnd<Subject>({ description: { min, max }, read }: FaceParameter<Subject>, subject: Subject): number {
  return Math.abs(read(subject) - min) > Math.abs(read(subject) - max) ? min : max;
}

describe('parameters of a face', () => {
  it.each(IDENTITY_PARAMETERS)('$description.label changes the face and is read back', (parameter) => {
    const value = farEnd(parameter, identity);
    const changed = parameter.write(identity, value);
    expect(parameter.read(changed)).toBeCloseTo(value, 6);
    expect(differs(renderFace(changed, photo, SIZE, 'full'))).toBe(true);
  });

  it.each(PHOTO_PARAMETERS)('$description.label changes the photo and is read back', (parameter) => {
    const value = farEnd(parameter, photo);
    const changed = parameter.write(photo, value);
    expect(parameter.read(changed)).toBeCloseTo(value, 6);
    expect(differs(renderFace(identity, changed, SIZE, 'full'))).toBe(true);
  });

  it('writing back the read values leaves the photo as it was', () => {
    const same = writeValues(PHOTO_PARAMETERS, photo, readValues(PHOTO_PARAMETERS, photo));
    expect(differs(renderFace(identity, same, SIZE, 'full'))).toBe(false);
  });

  it('values out of range are clamped, and NaN or an unknown parameter changes nothing', () => {
    expect(writeValues(PHOTO_PARAMETERS, photo, { years: 900 }).years).toBe(40);
    expect(writeValues(PHOTO_PARAMETERS, photo, { years: Number.NaN, wings: 2 })).toEqual(photo);
  });

  it('every example of a variation sets parameters there are, within their ranges', () => {
    for (const { title, examples } of VARIATION_EXAMPLES) {
      for (const { values } of examples) {
        const written = readValues(PHOTO_PARAMETERS, writeValues(PHOTO_PARAMETERS, photo, values));
        for (const [key, value] of Object.entries(values)) expect(written[key], title).toBeCloseTo(value, 6);
      }
    }
  });
});
