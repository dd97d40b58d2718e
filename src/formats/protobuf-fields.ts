import protobuf from 'protobufjs/minimal.js';
import { type Budget, ENTRY_BYTES, GROWING_ENTRY_BYTES, OBJECT_BYTES } from './budget.ts';
import { FormatProblem } from './problem.ts';

type Reader = ReturnType<typeof protobuf.Reader.create>;

/** Reads one field of a message; `wire` is protobuf's wire type: 0 an integer, 1 and 5 of fixed size, 2 of a length. */
export type FieldReader = (reader: Reader, wire: number) => void;

/** The approximate memory of a message with its object, and of a text or a part of the file in it. */
const MESSAGE_COST = 3 * OBJECT_BYTES;
const FIELD_COST = 0.75 * OBJECT_BYTES;

/**
 * Reads the known fields of a protobuf message and skips the others. `kind` names the file in messages: "ONNX model";
 * `budget` is charged for each field before it is read.
 * @throws FormatProblem
 */
export function message(
  bytes: Uint8Array,
  kind: string,
  budget: Budget,
  fields: Readonly<Record<number, FieldReader>>,
): void {
  budget.charge(MESSAGE_COST, 'its parts');
  const reader = protobuf.Reader.create(bytes);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const field = fields[tag >>> 3];
      if (field === undefined) reader.skipType(tag & 7);
      else {
        budget.charge((tag & 7) === 2 ? FIELD_COST : ENTRY_BYTES, 'its parts');
        field(reader, tag & 7);
      }
    }
  } catch (error) {
    if (error instanceof FormatProblem) throw error;
    // protobufjs throws RangeError beyond the end of the message, Error for anything else.
    const code = error instanceof RangeError ? 'truncated' : 'wrong-format';
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatProblem(code, `The ${kind} is damaged: ${reason}.`, 'Copy or export the file again.');
  }
}

/** Whole numbers, packed or one by one. */
export function repeatedInts(into: number[], budget: Budget): FieldReader {
  return (reader, wire) => {
    if (wire !== 2) {
      into.push(Number(reader.int64()));
      return;
    }
    const length = reader.uint32();
    const end = length + reader.pos;
    budget.charge(ENTRY_BYTES * Math.min(length, reader.len - reader.pos), 'its numbers');
    while (reader.pos < end) into.push(Number(reader.int64()));
  };
}

/** float32 numbers, packed or one by one. */
export function repeatedFloats(into: number[], budget: Budget): FieldReader {
  return (reader, wire) => {
    if (wire !== 2) {
      into.push(reader.float());
      return;
    }
    const length = reader.uint32();
    const end = length + reader.pos;
    budget.charge((GROWING_ENTRY_BYTES / 4) * Math.min(length, reader.len - reader.pos), 'its numbers');
    while (reader.pos < end) into.push(reader.float());
  };
}

/** A message of a text (field 1) and its value (field 2, a text too). @throws FormatProblem */
export function textEntry(
  bytes: Uint8Array,
  kind: string,
  budget: Budget,
): { readonly key: string; readonly value: string } {
  let key = '';
  let value = '';
  message(bytes, kind, budget, {
    1: (reader) => {
      key = reader.string();
    },
    2: (reader) => {
      value = reader.string();
    },
  });
  return { key, value };
}
