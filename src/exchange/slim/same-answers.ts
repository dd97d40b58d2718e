/** Two versions of a model may differ by the order in which float32 numbers are summed. */
const ROUNDING = 1e-5;

/** Whether embeddings that differ by `largest` are the same but for rounding; `scale` is their largest value. */
export function sameAnswers({ largest, scale }: { readonly largest: number; readonly scale: number }): boolean {
  return largest < ROUNDING * Math.max(1, scale);
}
