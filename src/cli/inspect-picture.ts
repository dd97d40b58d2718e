import { extname } from 'node:path';
import sharp from 'sharp';
import type { Convolution } from '../craft/convolution.ts';
import { type InspectionReport, inspectionReport } from '../record/figures/inspection-report.ts';
import { svgText } from '../record/figures/svg-text.ts';
import { drawnKernel } from '../worker/inspection/drawn-kernel.ts';
import { UsageError } from './arguments.ts';
import { writeWhole } from './files.ts';

/** Pixels of a .png to a CSS pixel, as the page saves them. */
const SCALE = 2;

/** The format that the name of a report asks for. @throws UsageError */
export function pictureFormat(path: string): 'png' | 'svg' {
  const kind = extname(path).toLowerCase();
  if (kind === '.png') return 'png';
  if (kind === '.svg') return 'svg';
  throw new UsageError(`--report takes a name that ends in .png or .svg, not "${path}".`);
}

/** Writes the one-page report on a model. Texts of a .png need a font on the system. */
export async function writeReport(
  path: string,
  convolution: Convolution,
  report: Omit<InspectionReport, 'layer'> & { readonly layer: Pick<InspectionReport['layer'], 'name' | 'states'> },
): Promise<void> {
  const { kernel, size, shows } = drawnKernel(convolution);
  const full = shows === 'strength' ? kernel.reduce((most, weight) => Math.max(most, weight), 0) : undefined;
  const drawing = inspectionReport({ ...report, layer: { ...report.layer, kernel, size, full } });
  const svg = svgText(drawing);
  if (pictureFormat(path) === 'svg') return writeWhole(path, svg);
  const picture = sharp(new TextEncoder().encode(svg)).resize({ width: SCALE * drawing.width });
  writeWhole(path, await picture.png().toBuffer());
}
