import { type OnnxNodeToWrite, writeOnnx } from '../../../formats/onnx-writer.ts';

interface ConvOptions {
  readonly name?: string;
  readonly size: number;
  readonly pad: number;
  readonly groups?: number;
  /** Filters of which every weight is zero. */
  readonly zero?: readonly number[];
  /** None at all where it is `none`. */
  readonly biases?: readonly number[] | 'none';
  readonly stride?: number;
}

/** Makes small ONNX graphs of drawn weights; the same seed gives the same graph. */
export class GraphMaker {
  readonly #nodes: OnnxNodeToWrite[] = [];
  readonly #tensors = new Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }>();
  #state: number;

  constructor(seed: number) {
    this.#state = seed * 2654435761 + 12345;
  }

  /** From 0 to 1 (mulberry32). */
  draw(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  pick<Choice>(choices: readonly [Choice, ...Choice[]]): Choice {
    return choices[Math.floor(this.draw() * choices.length)] ?? choices[0];
  }

  conv(input: string, from: number, to: number, options: ConvOptions): string {
    const { size, pad, groups = 1, zero = [], stride = 1 } = options;
    const name = options.name ?? `conv${this.#nodes.length}`;
    const each = (from / groups) * size * size;
    const scale = 2 / Math.sqrt(each);
    const values = Float32Array.from({ length: to * each }, (_, i) =>
      zero.includes(Math.floor(i / each)) ? 0 : (this.draw() - 0.5) * 2 * scale,
    );
    const inputs = [input, this.#tensor(`${name}.weight`, [to, from / groups, size, size], values)];
    if (options.biases !== 'none') {
      const given = options.biases ?? [];
      const biases = Float32Array.from({ length: to }, (_, f) => given[f] ?? this.draw() - 0.5);
      inputs.push(this.#tensor(`${name}.bias`, [to], biases));
    }
    return this.#node('Conv', inputs, name, {
      kernel_shape: [size, size],
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
      group: groups,
    });
  }

  /** A convolution with the kernel of another. */
  shareKernel(other: string, input: string, name: string, pad: number): string {
    return this.#node('Conv', [input, `${other}.weight`], name, { pads: [pad, pad, pad, pad] });
  }

  batchNorm(input: string, channels: number, beta: (channel: number) => number): string {
    const name = `bn${this.#nodes.length}`;
    const each = (part: string, of: (channel: number) => number) =>
      this.#tensor(
        `${name}.${part}`,
        [channels],
        Float32Array.from({ length: channels }, (_, c) => of(c)),
      );
    const parts = [
      each('weight', () => 0.5 + this.draw()),
      each('bias', beta),
      each('mean', () => 0),
      each('var', () => 0.5 + this.draw()),
    ];
    return this.#node('BatchNormalization', [input, ...parts], name, { epsilon: { float: 1e-5 } });
  }

  prelu(input: string, channels: number): string {
    const name = `prelu${this.#nodes.length}`;
    const slope = Float32Array.from({ length: channels }, () => this.draw());
    return this.#node('PRelu', [input, this.#tensor(`${name}.slope`, [channels, 1, 1], slope)], name);
  }

  plain(operator: string, inputs: readonly string[], attributes: OnnxNodeToWrite['attributes'] = {}): string {
    return this.#node(operator, inputs, `${operator.toLowerCase()}${this.#nodes.length}`, attributes);
  }

  dense(input: string, from: number, to: number): string {
    const name = `dense${this.#nodes.length}`;
    const values = Float32Array.from({ length: from * to }, () => (this.draw() - 0.5) / Math.sqrt(from));
    const bias = Float32Array.from({ length: to }, () => this.draw());
    const flat = this.#node('Flatten', [input], `${name}.flat`, { axis: 1 });
    const weights = this.#tensor(`${name}.weight`, [to, from], values);
    return this.#node('Gemm', [flat, weights, this.#tensor(`${name}.bias`, [to], bias)], name, { transB: 1 });
  }

  finish(last: string, shape: readonly number[], side: number, metadata: Readonly<Record<string, string>> = {}) {
    this.#nodes.push({ name: 'last', operator: 'Identity', inputs: [last], output: 'out' });
    const nodes = this.#nodes.slice(0, -1).map((node) => (node.output === last ? { ...node, output: 'out' } : node));
    return writeOnnx({
      opset: 17,
      producer: 'test',
      producerVersion: '1',
      graphName: 'drawn',
      nodes,
      tensors: this.#tensors,
      input: { name: 'data', shape: ['N', 3, side, side] },
      output: { name: 'out', shape: ['N', ...shape.map((_, axis) => `d${axis}`)] },
      metadata,
    });
  }

  #tensor(name: string, shape: readonly number[], values: Float32Array): string {
    this.#tensors.set(name, { shape, values });
    return name;
  }

  #node(
    operator: string,
    inputs: readonly string[],
    name: string,
    attributes: NonNullable<OnnxNodeToWrite['attributes']> = {},
  ): string {
    this.#nodes.push({ name, operator, inputs, output: name, attributes });
    return name;
  }
}

/**
 * A face network in small: stem, some blocks (plain, depthwise, grouped, residual, gated, joined), and a dense layer.
 * About a third of the filters are dead: zero, or silenced by their batch norm; with constants of either kind.
 */
export function drawnModel(seed: number, side: number): Uint8Array<ArrayBuffer> {
  const maker = new GraphMaker(seed);
  const dead = (filters: number) => Array.from({ length: filters }, (_, f) => f).filter(() => maker.draw() < 0.35);
  const bias = (zero: readonly number[], count: number) =>
    Array.from({ length: count }, (_, f) =>
      zero.includes(f) ? maker.pick([0, 0, 0, 1e-25, -0.3, 0.4]) : maker.draw() - 0.5,
    );
  let channels = 8;
  const plain = (input: string, from: number, to: number, size: number, pad: number, groups = 1) => {
    const zero = dead(to);
    const normed = maker.draw() < 0.5;
    const convolved = maker.conv(input, from, to, {
      size,
      pad,
      groups,
      zero,
      biases: normed ? 'none' : bias(zero, to),
    });
    const shifts = bias(zero, to);
    const value = normed ? maker.batchNorm(convolved, to, (channel) => shifts[channel] ?? 0) : convolved;
    return maker.draw() < 0.6
      ? maker.prelu(value, to)
      : maker.plain(maker.pick(['Relu', 'LeakyRelu', 'Sigmoid']), [value]);
  };
  let value = plain('data', 3, channels, 3, 1);
  for (let block = 0; block < 4; block++) {
    const kind = maker.pick(['depthwise', 'grouped', 'residual', 'gated', 'joined', 'plain', 'pooled']);
    switch (kind) {
      case 'depthwise':
        value = plain(plain(value, channels, channels, 3, 1, channels), channels, channels, 1, 0);
        break;
      case 'grouped':
        value = plain(value, channels, channels, 3, 1, 2);
        break;
      case 'residual': {
        const inner = plain(plain(value, channels, 12, 3, 1), 12, channels, 1, 0);
        value = maker.plain('Add', [value, inner]);
        break;
      }
      case 'gated': {
        const pooled = maker.plain('GlobalAveragePool', [value]);
        const gate = maker.plain('Sigmoid', [plain(pooled, channels, channels, 1, 0)]);
        value = maker.plain('Mul', [value, gate]);
        break;
      }
      case 'joined': {
        const other = plain(value, channels, 4, 1, 0);
        value = plain(maker.plain('Concat', [value, other], { axis: 1 }), channels + 4, channels, 1, 0);
        break;
      }
      case 'pooled':
        value = maker.plain('AveragePool', [value], {
          kernel_shape: [3, 3],
          pads: [1, 1, 1, 1],
          strides: [1, 1],
          count_include_pad: maker.pick([0, 1]),
        });
        break;
      default: {
        const wider = maker.pick([8, 12]);
        value = plain(value, channels, wider, 3, 1);
        channels = wider;
      }
    }
  }
  const embedding = maker.dense(value, channels * side * side, 16);
  return maker.finish(embedding, [16], side);
}
