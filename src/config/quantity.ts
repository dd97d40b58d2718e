/** Narrow no-break space, between groups of three digits. */
const NARROW_SPACE = '\u202f';
/** Before a unit. */
const NO_BREAK_SPACE = '\u00a0';

/** A number as the page and the command line write it: 2 400, 0.005, 1e-5. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const [whole = '', fraction] = String(value).split('.');
  if (whole.includes('e')) return whole;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** The number that was typed, with or without groups of thousands; NaN where it is none. */
export function numberIn(text: string): number {
  const plain = text.replace(/\s/g, '').replace('−', '-');
  return plain === '' ? Number.NaN : Number(plain);
}

/** A number with so many decimals and a minus sign rather than a hyphen: "−0.20". */
export function formatFixed(value: number, decimals: number): string {
  return value.toFixed(decimals).replace('-', '−');
}

/** A share of 1 as per cent without decimals: "44 %". */
export function formatPercent(share: number, decimals = 0): string {
  return `${(share * 100).toFixed(decimals)}${NO_BREAK_SPACE}%`;
}

/** A duration in the largest unit that says enough: "22 s", "3 min", "2 h 10 min". */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 90) return `${Math.max(0, Math.round(seconds))}${NO_BREAK_SPACE}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes}${NO_BREAK_SPACE}min`;
  const hours = Math.floor(minutes / 60);
  return `${hours}${NO_BREAK_SPACE}h ${minutes % 60}${NO_BREAK_SPACE}min`;
}
