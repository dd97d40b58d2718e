/** Endings of the images that are read, without the dot. */
export const IMAGE_ENDINGS: readonly string[] =
  'jpg jpeg jpe jfif png webp avif heic heif pgm ppm pbm pnm gif bmp tif tiff'.split(' ');
