/**
 * How faces are drawn; runs keep the version that they were trained on. In version 2 very dark skin keeps its colour and
 * shines less, and the whites of its eyes are darker.
 */
export type FaceVersion = 1 | 2;

/** Of new runs, and of the drawn benchmarks. */
export const NEWEST_FACES: FaceVersion = 2;
