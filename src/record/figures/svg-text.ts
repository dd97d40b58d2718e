import { greyPng } from '../../formats/png.ts';
import type { Drawing, Shape } from './drawing.ts';

export const FONT = 'Helvetica, Arial, "Segoe UI", sans-serif';

/** A drawing as the text of an .svg file. */
export function svgText({ width, height, title, shapes }: Drawing): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="${escaped(FONT)}">`,
    `<title>${escaped(title)}</title>`,
    ...shapes.map(element),
    '</svg>',
    '',
  ].join('\n');
}

function element(shape: Shape): string {
  if (shape.kind === 'text') {
    const { x, y, text, size, bold, fill, align = 'start' } = shape;
    const style = attributes({ x, y, 'font-size': size, 'font-weight': bold ? 650 : undefined, fill });
    return `<text${style} text-anchor="${align}">${escaped(text)}</text>`;
  }
  if (shape.kind === 'picture') {
    const { x, y, side, pixels, grey } = shape;
    const href = `data:image/png;base64,${btoa(String.fromCharCode(...greyPng(grey, pixels)))}`;
    return `<image${attributes({ x, y, width: side, height: side, href })} style="image-rendering:pixelated"/>`;
  }
  const { d, fill = 'none', stroke, width, dash, opacity, crisp } = shape;
  const rendering = crisp ? 'crispEdges' : undefined;
  return `<path${attributes({
    d,
    fill,
    stroke,
    'stroke-width': width,
    'stroke-dasharray': dash?.join(' '),
    opacity,
    'shape-rendering': rendering,
  })}/>`;
}

function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

/** Names of runs come from outside: they are text in a file that browsers draw. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
