/**
 * How faces are drawn; runs keep the version that they were trained on. Of 2 very dark skin keeps its colour and shines less,
 * and the whites of the eyes are in the light of the face.
 */
export type FaceVersion = 1 | 2;
