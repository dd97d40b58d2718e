import { expect, test } from 'vitest';
import { decisionOf } from './decision.ts';
import type { SlimReport } from './slim-onnx.ts';

const before = { parameters: 1_190_336, multiplyAdds: 221_161_984, bytes: 4_884_269 };
const report = (changes: Partial<SlimReport>): SlimReport => ({
  layers: 'first',
  channels: 31,
  belowFloat32: 0,
  filters: 31,
  depthwise: 31,
  before,
  after: { parameters: 1_185_128, multiplyAdds: 205_218_560, bytes: 4_863_437 },
  kept: [],
  ...changes,
});
const all = report({
  layers: 'all',
  channels: 1122,
  filters: 1122,
  after: { parameters: 905_112, multiplyAdds: 152_393_963, bytes: 3_743_307 },
});
const none = report({ channels: 0, filters: 0, depthwise: 0, after: before });

test('the decision is counted from the file', () => {
  expect(decisionOf(report({}), all)).toEqual([
    '31 filters and their 31 depthwise channels can be removed: −0.4 % parameters, −7.2 % multiply-adds, same answers but for rounding; in the whole network 1\u202f122 channels: −24 % and −31 %.',
  ]);
  expect(decisionOf(none, none)).toEqual(['No channel could be proved removable without changing answers.']);
  expect(decisionOf(none, all)).toEqual([
    'No channel of the first layer could be proved removable without changing answers; in the whole network 1\u202f122 channels: −24 % parameters, −31 % multiply-adds.',
  ]);
  const one = report({ channels: 1, filters: 1, depthwise: 0 });
  expect(decisionOf(one, one)[0]).toBe(
    '1 filter can be removed: −0.4 % parameters, −7.2 % multiply-adds, same answers but for rounding.',
  );
  const unknown = { ...report({}), before: { ...before, multiplyAdds: undefined } };
  expect(decisionOf(unknown, unknown)[0]).toContain(
    'can be removed: −0.4 % parameters, same answers but for rounding.',
  );
});
