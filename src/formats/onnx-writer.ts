import protobuf from 'protobufjs/minimal.js';

/** An attribute of a node: a whole number, whole numbers, or a number (`float`). */
export type OnnxAttributeValue = number | readonly number[] | { readonly float: number };

export interface OnnxNodeToWrite {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, OnnxAttributeValue>>;
}

/** A float32 tensor from or to outside; a text is a size that is open ("N"). */
export interface OnnxValue {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxModelToWrite {
  readonly opset: number;
  readonly producer: string;
  readonly producerVersion: string;
  readonly graphName: string;
  readonly nodes: readonly OnnxNodeToWrite[];
  /** float32 weights by name, row-major. */
  readonly tensors: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
  readonly input: OnnxValue | readonly OnnxValue[];
  readonly output: OnnxValue | readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

type Writer = ReturnType<typeof protobuf.Writer.create>;

/** IR version 8 came with operator set 17. */
const IR_VERSION = 8;
const FLOAT = 1;
const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const;

/** Writes an ONNX model (field numbers of onnx.proto, ONNX 1.12) with protobufjs's wire writer. */
export function writeOnnx(model: OnnxModelToWrite): Uint8Array<ArrayBuffer> {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1, 0)).int64(IR_VERSION);
  writer.uint32(tag(2, 2)).string(model.producer);
  writer.uint32(tag(3, 2)).string(model.producerVersion);
  nested(writer, 7, (graph) => writeGraph(graph, model));
  nested(writer, 8, (opset) => {
    opset.uint32(tag(1, 2)).string('');
    opset.uint32(tag(2, 0)).int64(model.opset);
  });
  for (const [key, value] of Object.entries(model.metadata)) {
    nested(writer, 14, (entry) => {
      entry.uint32(tag(1, 2)).string(key);
      entry.uint32(tag(2, 2)).string(value);
    });
  }
  return new Uint8Array(writer.finish());
}

function writeGraph(writer: Writer, { graphName, nodes, tensors, input, output }: OnnxModelToWrite): void {
  for (const node of nodes) nested(writer, 1, (one) => writeNode(one, node));
  writer.uint32(tag(2, 2)).string(graphName);
  for (const [name, { shape, values }] of tensors) {
    nested(writer, 5, (tensor) => {
      ints(tensor, 1, shape);
      tensor.uint32(tag(2, 0)).int32(FLOAT);
      tensor.uint32(tag(8, 2)).string(name);
      tensor.uint32(tag(9, 2)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    });
  }
  for (const one of [input].flat()) nested(writer, 11, (value) => writeValue(value, one));
  for (const one of [output].flat()) nested(writer, 12, (value) => writeValue(value, one));
}

function writeNode(writer: Writer, { name, operator, inputs, output, attributes = {} }: OnnxNodeToWrite): void {
  for (const input of inputs) writer.uint32(tag(1, 2)).string(input);
  writer.uint32(tag(2, 2)).string(output);
  writer.uint32(tag(3, 2)).string(name);
  writer.uint32(tag(4, 2)).string(operator);
  for (const [key, value] of Object.entries(attributes)) {
    nested(writer, 5, (attribute) => {
      attribute.uint32(tag(1, 2)).string(key);
      if (typeof value === 'number') {
        attribute.uint32(tag(3, 0)).int64(value);
        attribute.uint32(tag(20, 0)).int32(ATTRIBUTE.int);
      } else if ('float' in value) {
        attribute.uint32(tag(2, 5)).float(value.float);
        attribute.uint32(tag(20, 0)).int32(ATTRIBUTE.float);
      } else {
        // onnx.proto is proto2, which does not pack these.
        for (const one of value) attribute.uint32(tag(8, 0)).int64(one);
        attribute.uint32(tag(20, 0)).int32(ATTRIBUTE.ints);
      }
    });
  }
}

function writeValue(writer: Writer, { name, shape }: OnnxValue): void {
  writer.uint32(tag(1, 2)).string(name);
  nested(writer, 2, (type) => {
    nested(type, 1, (tensor) => {
      tensor.uint32(tag(1, 0)).int32(FLOAT);
      nested(tensor, 2, (dimensions) => {
        for (const size of shape) {
          nested(dimensions, 1, (dimension) => {
            if (typeof size === 'number') dimension.uint32(tag(1, 0)).int64(size);
            else dimension.uint32(tag(2, 2)).string(size);
          });
        }
      });
    });
  });
}

function ints(writer: Writer, field: number, values: readonly number[]): void {
  for (const value of values) writer.uint32(tag(field, 0)).int64(value);
}

function nested(writer: Writer, field: number, write: (writer: Writer) => void): void {
  writer.uint32(tag(field, 2)).fork();
  write(writer);
  writer.ldelim();
}

function tag(field: number, wire: number): number {
  return (field << 3) | wire;
}
