/** Narrow no-break space, between groups of three digits. */
const NARROW_SPACE = '\u202f';
/** Before a unit. */
const NO_BREAK_SPACE = '\u00a0';

/** A number as the page and the command line write it: 2 400, −3, 0.005, 1e−7. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const text = withMinus(String(value));
  const [whole = '', fraction] = text.split('.');
  if (text.includes('e')) return text;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE);
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** The number that was typed, with or without groups of thousands; NaN where it is none. */
export function numberIn(text: string): number {
  const plain = text.replace(/\s/g, '').replaceAll('−', '-');
  return plain === '' ? Number.NaN : Number(plain);
}

/** A number with so many decimals and a minus sign rather than a hyphen: "−0.20". */
export function formatFixed(value: number, decimals: number): string {
  return withMinus(value.toFixed(decimals));
}

/** A number by its power of ten, with so many decimals: "1.6e−6". */
export function formatExponential(value: number, decimals: number): string {
  return withMinus(value.toExponential(decimals));
}

/** A minus sign, which is as wide as a plus, in place of a keyboard's hyphen. */
function withMinus(number: string): string {
  return number.replaceAll('-', '−');
}

/** A share of 1 as per cent without decimals: "44 %". */
export function formatPercent(share: number, decimals = 0): string {
  return `${(share * 100).toFixed(decimals)}${NO_BREAK_SPACE}%`;
}

/** A duration that is estimated, as round as it is unsure: "about 20 s", "about 25 min", "about 64 h", "over 60 days". */
export function formatEstimate(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  const about = (count: number, unit: string) => `about ${formatNumber(count)}${NO_BREAK_SPACE}${unit}`;
  const to = (step: number, value: number) => Math.max(step, Math.round(value / step) * step);
  if (seconds < 55) return about(to(5, seconds), 's');
  const minutes = seconds / 60;
  if (minutes < 9.5) return about(to(1, minutes), 'min');
  if (minutes < 57.5) return about(to(5, minutes), 'min');
  const hours = minutes / 60;
  if (hours < 9.75) return about(to(0.5, hours), 'h');
  if (hours < 95.5) return about(to(1, hours), 'h');
  const days = hours / 24;
  return days < 60 ? about(to(1, days), 'days') : `over 60${NO_BREAK_SPACE}days`;
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

/** A large count in three digits: 837, 25.7 k, 5.42 M. */
export function formatCount(count: number): string {
  if (count < 1000) return formatNumber(count);
  const [divisor, unit] = count < 1e6 ? [1e3, 'k'] : count < 1e9 ? [1e6, 'M'] : [1e9, 'G'];
  return `${(count / divisor).toPrecision(3)}${NO_BREAK_SPACE}${unit}`;
}
