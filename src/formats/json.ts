import { type Budget, OBJECT_BYTES } from './budget.ts';

/** Bytes of JSON that open or separate values: each counts one object, or one entry. */
const [BRACE, BRACKET, COMMA, COLON] = [0x7b, 0x5b, 0x2c, 0x3a];

/**
 * The value of a JSON text, which costs many times its bytes: it is charged by the brackets and commas in it, before it
 * is read. Undefined where it is no JSON. @throws FormatProblem `too-large`
 */
export function readJson(bytes: Uint8Array, budget: Budget): unknown {
  // First, so that a text which is too long is not looked through.
  budget.charge(3 * bytes.length, 'its JSON');
  let opening = 0;
  let separating = 0;
  for (const byte of bytes) {
    if (byte === BRACE || byte === BRACKET) opening++;
    else if (byte === COMMA || byte === COLON) separating++;
  }
  budget.charge(OBJECT_BYTES * opening + (OBJECT_BYTES / 4) * separating, 'its JSON');
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return value;
  } catch {
    return undefined;
  }
}
