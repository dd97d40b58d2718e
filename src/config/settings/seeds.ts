/** The largest seed: that of a signed number of 32 bits, which every generator takes. */
export const MOST_SEEDS = 2_147_483_647;
