import type { Drawing, GreyPicture } from '../../record/figures/drawing.ts';
import { FONT } from '../../record/figures/svg-text.ts';

/** Pixels of the file to a CSS pixel: sharp on paper and on fine screens. */
const SCALE = 2;

/** A drawing as a .png file. @throws Error where the browser gives no canvas */
export async function pngFile(drawing: Drawing): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = drawing.width * SCALE;
  canvas.height = drawing.height * SCALE;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gave no canvas to draw on.');
  context.scale(SCALE, SCALE);
  paintDrawing(drawing, context);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The browser could not write a picture this large.');
  return blob;
}

/** Paints a drawing with its upper left corner at the canvas's origin. */
export function paintDrawing(drawing: Drawing, context: CanvasRenderingContext2D): void {
  for (const shape of drawing.shapes) {
    if (shape.kind === 'picture') {
      paintPicture(shape, context);
      continue;
    }
    if (shape.kind === 'text') {
      context.font = `${shape.bold ? '650 ' : ''}${shape.size}px ${FONT}`;
      context.textAlign = shape.align === 'middle' ? 'center' : (shape.align ?? 'start');
      context.fillStyle = shape.fill;
      context.fillText(shape.text, shape.x, shape.y);
      continue;
    }
    const path = new Path2D(shape.d);
    context.globalAlpha = shape.opacity ?? 1;
    if (shape.fill !== undefined) {
      context.fillStyle = shape.fill;
      context.fill(path);
    }
    if (shape.stroke !== undefined) {
      context.strokeStyle = shape.stroke;
      context.lineWidth = shape.width ?? 1;
      context.setLineDash([...(shape.dash ?? [])]);
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }
}

function paintPicture({ x, y, side, pixels, grey }: GreyPicture, context: CanvasRenderingContext2D): void {
  const small = document.createElement('canvas');
  [small.width, small.height] = [pixels, pixels];
  const picture = new ImageData(pixels, pixels);
  for (const [at, value] of grey.entries()) picture.data.set([value, value, value, 255], at * 4);
  small.getContext('2d')?.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, x, y, side, side);
}
