import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';

/*
 * Makes the icons of the installed page from public/icon.svg: npx tsx scripts/icons.ts
 * "any" icons show the nine filters on nothing; "maskable" ones have the page's background, small enough that a
 * round mask (80 % of the side) cuts nothing off.
 */
const svg = readFileSync('public/icon.svg');
const BACKGROUND = '#f6f7f9';

interface Icon {
  readonly file: string;
  readonly side: number;
  /** Share of the side that the filters take. */
  readonly share: number;
  readonly background: string;
}

const ICONS: readonly Icon[] = [
  { file: 'icon-192.png', side: 192, share: 0.9, background: '#0000' },
  { file: 'icon-512.png', side: 512, share: 0.9, background: '#0000' },
  { file: 'icon-maskable-512.png', side: 512, share: 0.52, background: BACKGROUND },
  { file: 'apple-touch-icon.png', side: 180, share: 0.7, background: BACKGROUND },
];

for (const { file, side, share, background } of ICONS) {
  const inner = Math.round(side * share);
  const margin = Math.floor((side - inner) / 2);
  const image = await sharp(svg, { density: 72 * (inner / 24) })
    .resize(inner, inner)
    .extend({ top: margin, left: margin, right: side - inner - margin, bottom: side - inner - margin, background })
    .flatten(background === BACKGROUND ? { background } : false)
    .png({ palette: true })
    .toBuffer();
  writeFileSync(`public/${file}`, image);
}
