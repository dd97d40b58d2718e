import type { TensorInfo } from '@tensorflow/tfjs-core';
import { inputOf, type KernelCall, numberOf } from '../kernel-call.ts';
import { overRows, rowsToMap, rowsToSum, sizesOf, typeOf } from './channel-rows.ts';
import { dispatch, type Lanes, type ProgramInput, release, webgpuOf } from './program.ts';
import { sumPartials } from './sum-partials.ts';

interface BatchNormGradient {
  readonly lanes: Lanes;
  readonly epsilon: number;
  readonly prelu: boolean;
}

/**
 * BatchNormGrad -> dx, dgamma, dbeta; and BatchNormPReluGrad, where a slope is given -> also dslope. One pass over x
 * and dy for the sums, one for dx; the intermediate values (normal, z, dz) are computed again instead of stored. dx =
 * gamma / deviation * (dz - mean of dz - normal * mean of dz * normal): Ioffe and Szegedy 2015, section 3.
 */
export function batchNormGradient(call: KernelCall): TensorInfo[] {
  const backend = webgpuOf(call);
  const x = inputOf(call, 'x');
  const epsilon = numberOf(call, 'epsilon');
  const prelu = call.inputs.slope !== undefined;
  const sums = prelu ? 3 : 2;
  const summed = rowsToSum(backend, x);
  const mapped = rowsToMap(backend, x);
  const { lanes, channels, vectors } = mapped;
  const of = (tensor: TensorInfo): ProgramInput => ({ tensor, lanes });
  const inputs = {
    dy: of(inputOf(call, 'dy')),
    x: of(x),
    mean: of(inputOf(call, 'mean')),
    variance: of(inputOf(call, 'variance')),
    ...(prelu
      ? { gamma: of(inputOf(call, 'gamma')), beta: of(inputOf(call, 'beta')), slope: of(inputOf(call, 'slope')) }
      : {}),
  };

  const partials = dispatch(backend, {
    name: 'BatchNormGradSums',
    constants: { lanes, epsilon, prelu },
    sizes: sizesOf(summed),
    code: sumsOfShares,
    inputs,
    invocations: vectors * summed.shares,
    outputShape: [summed.shares, sums, channels],
    outputLanes: lanes,
  });
  const sumOf = (which: number) =>
    sumPartials(
      backend,
      partials,
      { count: summed.shares, size: channels, offset: which * channels, stride: sums * channels },
      [channels],
    );
  const dbeta = sumOf(0);
  const dgamma = sumOf(1);
  const more = prelu ? [sumOf(2)] : [];
  release(backend, partials);

  // Packed, as WebGPU promises no more than eight buffers to a program.
  const coefficients = dispatch(backend, {
    name: 'BatchNormGradCoefficients',
    constants: { lanes, epsilon, prelu },
    sizes: sizesOf(mapped),
    code: coefficientsOf,
    inputs: {
      mean: inputs.mean,
      variance: inputs.variance,
      gamma: of(inputOf(call, 'gamma')),
      dbeta: of(dbeta),
      dgamma: of(dgamma),
      ...(prelu ? { beta: of(inputOf(call, 'beta')), slope: of(inputOf(call, 'slope')) } : {}),
    },
    invocations: vectors,
    outputShape: [6, channels],
    outputLanes: lanes,
  });
  const dx = dispatch(backend, {
    name: 'BatchNormGrad',
    constants: { lanes, epsilon, prelu },
    sizes: sizesOf(mapped),
    code: inputGradient,
    inputs: { x: inputs.x, dy: inputs.dy, coefficients: of(coefficients) },
    invocations: vectors * mapped.shares,
    outputShape: x.shape,
    outputLanes: lanes,
  });
  release(backend, coefficients);
  return [dx, dgamma, dbeta, ...more];
}

/** [shares, 2 or 3, C]: sums of dz, of dz * normal and, by the slope, of dy * z where z is not positive. */
function sumsOfShares(constants: BatchNormGradient): string {
  const { epsilon, prelu } = constants;
  const type = typeOf(constants);
  const zero = `${type}(0.0)`;
  return overRows(
    `let average = mean[channel];
  let inverse = 1.0 / sqrt(variance[channel] + ${type}(${epsilon}));
  ${
    prelu
      ? `let scale = gamma[channel];
  let shift = beta[channel];
  let negative = slope[channel];
  var ofSlope = ${zero};`
      : ''
  }
  var ofBeta = ${zero};
  var ofGamma = ${zero};`,
    `let normal = (x[at] - average) * inverse;
    let given = dy[at];
    ${
      prelu
        ? `let z = fma(normal, scale, shift);
    let positive = z > ${zero};
    let dz = select(negative * given, given, positive);
    ofSlope = ofSlope + select(given * z, ${zero}, positive);`
        : 'let dz = given;'
    }
    ofBeta = ofBeta + dz;
    ofGamma = fma(dz, normal, ofGamma);`,
    `let out = share * ${prelu ? 3 : 2} * vectors + channel;
  result[out] = ofBeta;
  result[out + vectors] = ofGamma;
  ${prelu ? `result[out + 2 * vectors] = ofSlope;` : ''}`,
  );
}

/** [6, C]: mean, gamma / deviation, beta, slope, mean of dz, mean of dz * normal over the deviation. */
function coefficientsOf({ epsilon, prelu, lanes }: BatchNormGradient): string {
  const type = typeOf({ lanes });
  return `
fn compute(index : i32) {
  let vectors = uniforms.vectors;
  let inverse = 1.0 / sqrt(variance[index] + ${type}(${epsilon}));
  result[index] = mean[index];
  result[index + vectors] = gamma[index] * inverse;
  result[index + 2 * vectors] = ${prelu ? 'beta[index]' : `${type}(0.0)`};
  result[index + 3 * vectors] = ${prelu ? 'slope[index]' : `${type}(1.0)`};
  result[index + 4 * vectors] = dbeta[index] / f32(uniforms.rows);
  result[index + 5 * vectors] = dgamma[index] * inverse / f32(uniforms.rows);
}`;
}

function inputGradient(constants: BatchNormGradient): string {
  const { prelu } = constants;
  return overRows(
    `let average = coefficients[channel];
  let scale = coefficients[channel + vectors];
  ${
    prelu
      ? `let shift = coefficients[channel + 2 * vectors];
  let negative = coefficients[channel + 3 * vectors];`
      : ''
  }
  let meanOfDz = coefficients[channel + 4 * vectors];
  let meanOfDzNormal = coefficients[channel + 5 * vectors];`,
    `let centred = x[at] - average;
    let given = dy[at];
    let dz = ${prelu ? `select(negative * given, given, fma(centred, scale, shift) > ${typeOf(constants)}(0.0))` : 'given'};
    result[at] = scale * (dz - meanOfDz - centred * meanOfDzNormal);`,
  );
}
