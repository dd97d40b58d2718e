/** The largest seed: that of a signed number of 32 bits, which every generator takes. */
export const HIGHEST_SEED = 2_147_483_647;
