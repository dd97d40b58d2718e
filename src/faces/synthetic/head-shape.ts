import { clamp, curve, hill, hill2, smoothstep } from './elementary.ts';
import { COLUMNS, HEAD_GRID, LIP_ROW, ROWS, rowHeight, VERTICES } from './head-grid.ts';
import type { Identity } from './identity.ts';

/** Where the features of somebody's head lie, in the grid's coordinates (see head-grid.ts). */
export interface FeaturePlaces {
  readonly eyeX: number;
  readonly eyeY: number;
  readonly noseTipX: number;
  readonly noseTipY: number;
  readonly noseBaseY: number;
  readonly mouthY: number;
  readonly mouthHalfWidth: number;
  readonly chinY: number;
  readonly hairlineY: number;
}

/** A head at rest: no expression, age 25. */
export interface HeadShape {
  /** [VERTICES, 3] */
  readonly rest: Float32Array;
  readonly places: FeaturePlaces;
}

/** Heights on the average head that an identity moves up and down. */
const AVERAGE = { eye: 52, noseTip: 72, noseBase: 78, mouth: 92, chin: 112 } as const;

function placesOf(identity: Identity): FeaturePlaces {
  const { shape } = identity;
  const noseBaseY = AVERAGE.noseBase + shape.noseLength * 1.7;
  const mouthY = AVERAGE.mouth + shape.noseLength * 0.8 + shape.philtrum * 1.2 + shape.lowerFace * 0.7;
  return {
    eyeX: 17.6 + shape.eyeSpacing * 1.1 + shape.faceWidth * 0.3,
    eyeY: AVERAGE.eye,
    noseTipX: shape.noseAsymmetry * 0.6,
    noseTipY: noseBaseY - 6 - shape.tipTurn * 0.8,
    noseBaseY,
    mouthY,
    mouthHalfWidth: 14 + shape.mouthWidth * 1.5,
    chinY: mouthY + 20 + shape.chinLength * 1.5 + shape.lowerFace * 1.5 - identity.sex * -0.6,
    hairlineY: 17 - shape.foreheadHeight * 3,
  };
}

/** Builds the head at rest. Writes into `rest` ([VERTICES, 3]) when one is given. */
export function headShape(identity: Identity, rest: Float32Array = new Float32Array(VERTICES * 3)): HeadShape {
  const { shape } = identity;
  const places = placesOf(identity);
  const height = curve([
    [-16, -16 - shape.skullWidth * 0.5],
    [18, 18],
    [AVERAGE.eye, places.eyeY],
    [AVERAGE.noseBase, places.noseBaseY],
    [AVERAGE.mouth, places.mouthY],
    [AVERAGE.chin, places.chinY],
    [145, 145],
  ]);
  const grid = HEAD_GRID;
  const square = clamp(1 + shape.jawSquare * 0.16, 0.5, 1.5);
  for (let row = 0; row < ROWS; row++) {
    const y0 = rowHeight(row);
    const y = height(y0);
    const jaw = smoothstep(66, 100, y0) * (1 - smoothstep(113, 120, y0));
    const cheeks = smoothstep(30, 60, y0) * (1 - smoothstep(72, 100, y0));
    const skull = 1 - smoothstep(20, 50, y0);
    const width =
      (grid.halfWidth[row] ?? 0) *
        (1 + shape.faceWidth * 0.03 + jaw * shape.jawWidth * 0.045 + skull * shape.skullWidth * 0.025) +
      cheeks * shape.cheekbone * 0.6;
    const slope = shape.foreheadSlope * 0.09 * Math.max(0, 43 - y0) * smoothstep(-14, 4, y0);
    const front = (grid.frontDepth[row] ?? 0) - slope;
    const back = grid.backDepth[row] ?? 0;
    const round = clamp((grid.roundness[row] ?? 1) - jaw * shape.jawSquare * 0.08, 0.4, 1);
    for (let column = 0; column < COLUMNS; column++) {
      const s = grid.sine[column] ?? 0;
      const c = grid.cosine[column] ?? 0;
      const side = Math.abs(s);
      const x = width * s;
      // Between an ellipse and a fourth-power oval: a face is flatter in front than an ellipse.
      const fourth = Math.sqrt(Math.sqrt(Math.max(0, 1 - side * side * side * side)));
      const section = round * Math.abs(c) + (1 - round) * fourth;
      const z = c >= 0 ? front * section : -back * Math.abs(c);
      const rise = (grid.sideRise[row] ?? 0) * (c >= 0 ? side * side * (side * square + 1 - square) : 1);
      const at = (row * COLUMNS + column) * 3;
      rest[at] = x;
      rest[at + 1] = y - rise;
      rest[at + 2] = z;
      if (c > 0) addFeatures(rest, at, row, identity, places);
    }
  }
  return { rest, places };
}

/** Raises nose, brows, cheekbones, lips and chin and hollows the sockets, around one vertex. */
function addFeatures(rest: Float32Array, at: number, row: number, identity: Identity, places: FeaturePlaces): void {
  const { shape, sex } = identity;
  const x = rest[at] ?? 0;
  const y = rest[at + 1] ?? 0;
  const side = Math.abs(x);
  const right = x > 0 ? 1 : -1;
  let dx = 0;
  let dy = 0;
  let dz = 0;

  const { eyeX, eyeY } = places;
  const eyeAt = eyeY - shape.eyeAsymmetry * 0.35 * right * -1;
  dz -= (4 + shape.eyeDepth * 1.1) * hill2(side - eyeX + 2, y - eyeAt + 2, 9, 6);
  dz += 3.4 * hill2(side - eyeX, y - eyeAt, 5.5, 4.2);
  dz -= 2 * hill2(side - 8.5, y - eyeAt, 3.5, 5);
  dz += (1.4 + shape.browRidge * 0.9 + sex * 0.6) * hill2(side - 14, y - 43, 12, 4.5);
  dz += (1.8 + shape.cheekbone * 1.1) * hill2(side - 26, y - 65, 9, 8);
  dx += right * shape.cheekbone * 0.7 * hill2(side - 32, y - 66, 8, 10);
  const cheek = hill2(side - 25, y - 84, 9, 11);
  dz += (shape.cheekFullness * 1.7 - 0.6) * cheek;
  dx += right * shape.cheekFullness * 1.1 * cheek;

  // The nose: a ridge from the root to the tip, falling steeply to its base, and the wings.
  const noseX = x - places.noseTipX * smoothstep(50, 70, y);
  const { noseTipY: tipY, noseBaseY: baseY } = places;
  const rootY = 49;
  const projection = 14.5 + shape.noseProjection * 1.5 + shape.noseLength * 0.5;
  const along = (y - rootY) / (tipY - rootY);
  if (along > -0.6 && y < baseY + 5) {
    let ridge: number;
    if (along < 0) ridge = (2.2 + shape.bridgeHeight * 0.9) * hill(along * along * 6);
    else if (along <= 1) {
      const root = 2.2 + shape.bridgeHeight * 0.9;
      ridge = root + (projection - root) * along * (0.45 + 0.55 * along);
      ridge += (shape.bridgeHump * 0.75 + shape.bridgeHeight * 0.45) * 4 * along * (1 - along) * (1.4 - along);
    } else {
      const under = clamp((y - tipY) / (baseY + 3 - tipY), 0, 1);
      ridge = projection * (1 - under * under) * (1 - 0.15 * under);
    }
    const t = clamp(along, 0, 1);
    const width = 3.4 + shape.bridgeWidth * 0.4 + t * t * (2.2 + shape.tipSize * 0.5);
    const across = noseX / width;
    dz += ridge * hill(across * across * (0.75 + 0.25 * across * across));
  }
  const wing = hill2(Math.abs(noseX) - (6.6 + shape.noseWidth * 1.1), y - (baseY - 3), 3.1, 3.4);
  dz += (5.2 + shape.tipSize * 0.3) * wing;
  dx += right * shape.noseWidth * 0.5 * wing;
  dy -= shape.tipTurn * 0.8 * hill2(noseX, y - tipY, 6, 5);

  const { mouthY, mouthHalfWidth } = places;
  const lips = Math.max(0, 1 - (side / (mouthHalfWidth + 1)) * (side / (mouthHalfWidth + 1)));
  const plump = 1 + shape.lipForward * 0.25;
  dz += (1.7 + shape.upperLip * 0.45) * plump * lips * hill2(0, y - (mouthY - 2.6), 1, 2.3);
  dz += (2 + shape.lowerLip * 0.5) * plump * lips * hill2(0, y - (mouthY + 3), 1, 2.6);
  dz -= 1.3 * hill2(0, y - mouthY, 1, 1) * hill2(x, 0, mouthHalfWidth * 0.8, 1);
  dz -= 1.4 * hill2(side - mouthHalfWidth - 1, y - mouthY, 3.5, 4);
  dz += 1.1 * shape.lipForward * hill2(x, y - mouthY, mouthHalfWidth, 8);
  dz -= 0.7 * hill2(x, y - (baseY + mouthY - 4) / 2, 1.7, 3.5);
  const curl = smoothstep(0.5, 1, side / mouthHalfWidth) * hill2(side - mouthHalfWidth, y - mouthY, 5, 4);
  dy -= (shape.mouthCurve * 0.7 + shape.mouthAsymmetry * 0.4 * right) * curl;

  const chin = hill2(x, y - (places.chinY - 6), 9 + shape.chinWidth * 1.6, 6);
  dz += (1.6 + shape.chinForward * 1.6) * chin;
  dz -= 1.4 * hill2(x, y - (mouthY + 9), 9, 2.6);
  const chinSides = smoothstep(places.chinY - 12, places.chinY - 2, y) * hill2(side - 14, 0, 9, 1);
  dx += right * (shape.chinWidth * 1.3 + shape.jawSquare * 0.6) * chinSides;

  // The two lip rows must stay together at rest.
  if (row === LIP_ROW || row === LIP_ROW + 1) dz -= 0;
  rest[at] = x + dx;
  rest[at + 1] = y + dy;
  rest[at + 2] = (rest[at + 2] ?? 0) + dz;
}
