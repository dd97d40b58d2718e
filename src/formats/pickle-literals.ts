/*
 * The texts of protocol 0: numbers and strings as Python's repr writes them (pickletools.py, read_decimalnl_short and
 * following). All give undefined for literals that Python would not read.
 */

/**
 * Digits of a number beyond which it is no data; to turn a text into a number takes time that grows with its square.
 */
const MOST_DIGITS = 1000;

/** INT and LONG: "12", "-7L"; "00" and "01" are truth values. */
export function wholeLiteral(line: string): number | bigint | boolean | undefined {
  if (line === '00') return false;
  if (line === '01') return true;
  const digits = line.replace(/L$/, '');
  if (digits.length > MOST_DIGITS || !/^-?\d+$/.test(digits)) return undefined;
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** FLOAT: "0.5", "1e-300", "inf", "nan". */
export function floatLiteral(line: string): number | undefined {
  const special = /^([+-]?)(inf|nan)$/.exec(line);
  if (special !== null) {
    if (special[2] === 'nan') return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  if (line.length > MOST_DIGITS || line.trim() === '') return undefined;
  const value = Number(line);
  return Number.isNaN(value) ? undefined : value;
}

/** STRING: a str of Python 2 in quotes, its bytes escaped. */
export function stringLiteral(line: string): Uint8Array | undefined {
  const quote = line[0];
  const text = line.trimEnd();
  if ((quote !== "'" && quote !== '"') || text.length < 2 || text.at(-1) !== quote) return undefined;
  const bytes = new Uint8Array(text.length - 2);
  let length = 0;
  for (let at = 1; at < text.length - 1; at++) {
    if (text[at] !== '\\') {
      bytes[length++] = text.charCodeAt(at);
      continue;
    }
    at++;
    const letter = text[at] ?? '';
    const code = ESCAPES[letter];
    if (code !== undefined) bytes[length++] = code;
    else if (letter === 'x') {
      bytes[length++] = Number.parseInt(text.slice(at + 1, at + 3), 16);
      at += 2;
    } else if (letter >= '0' && letter <= '7') {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0] ?? '0';
      bytes[length++] = Number.parseInt(octal, 8);
      at += octal.length - 1;
    } else {
      // Not an escape: Python keeps the backslash.
      bytes.set([0x5c, letter.charCodeAt(0)], length);
      length += 2;
    }
  }
  return bytes.subarray(0, length);
}

const ESCAPES: Readonly<Record<string, number>> = {
  '\\': 0x5c,
  "'": 0x27,
  '"': 0x22,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  v: 0x0b,
};

/** UNICODE: bytes are code points below 256, others are written \uXXXX and \UXXXXXXXX (raw-unicode-escape). */
export function unicodeLiteral(latin1: string): string {
  return latin1.replace(/\\u([0-9a-fA-F]{4})|\\U00([0-9a-fA-F]{6})/g, (whole, four, six) => {
    const code = Number.parseInt(four ?? six, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
