import type { FaceSet } from './face-set.ts';

/**
 * SHA-256 of a set's size, region, labels and pixels, in hexadecimal digits, by which sets of one name are
 * distinguished. Undefined on pages without https, where browsers compute none.
 */
export async function faceDigest({ size, region, labels, images }: FaceSet): Promise<string | undefined> {
  // Its type does not say that it may be missing.
  const subtle: SubtleCrypto | undefined = crypto.subtle;
  if (subtle === undefined) return undefined;
  const head = new TextEncoder().encode(JSON.stringify([size, region, ...labels]));
  const bytes = new Uint8Array(head.length + images.length);
  bytes.set(head);
  bytes.set(images, head.length);
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
