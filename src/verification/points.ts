/** Percentage points with their sign and one decimal: +0.3, −1.2, 0.0. */
export function signedPoints(points: number): string {
  const text = Math.abs(points).toFixed(1);
  if (text === '0.0') return text;
  return `${points > 0 ? '+' : '−'}${text}`;
}
