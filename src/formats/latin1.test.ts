import { expect, test } from 'vitest';
import { latin1Text } from './latin1.ts';

test('every byte is the code point of its number', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  expect(Array.from(latin1Text(bytes), (letter) => letter.charCodeAt(0))).toEqual([...bytes]);
  expect(latin1Text(bytes.subarray(0x41, 0x44))).toBe('ABC');
});
