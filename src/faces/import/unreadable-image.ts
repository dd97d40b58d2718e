/** Why one image was left out, the others not: `message` is to follow the path, "is damaged in the archive". */
export class UnreadableImageError extends Error {
  override readonly name = 'UnreadableImageError';
}
