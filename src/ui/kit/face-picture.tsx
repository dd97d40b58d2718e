import { useEffect, useRef } from 'react';
import styles from './face-picture.module.css';

/** The text beside it describes it. */
const HIDDEN = { 'aria-hidden': true };

interface FacePictureProps {
  /** RGB, [pictures, size, size, 3]. */
  readonly pictures: { readonly size: number; readonly images: Uint8Array };
  readonly number: number;
}

/** A face as the network sees it, on a canvas of its own size; for the eye only, as the text beside it describes it. */
export function FacePicture({ pictures: { size, images }, number }: FacePictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const picture = context.createImageData(size, size);
    const start = number * size * size * 3;
    for (let pixel = 0; pixel < size * size; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        picture.data[pixel * 4 + channel] = images[start + pixel * 3 + channel] ?? 0;
      }
      picture.data[pixel * 4 + 3] = 255;
    }
    context.putImageData(picture, 0, 0);
  }, [size, images, number]);
  return <canvas ref={canvas} width={size} height={size} className={styles.picture} {...HIDDEN} />;
}
