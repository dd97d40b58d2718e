import { describe, expect, test } from 'vitest';
import { columnsOf } from './columns.ts';
import { tableRows } from './table-rows.ts';
import { csvOf, jsonOf, latexOf, markdownOf } from './table-text.ts';
import { benchmarkResult, networkSummary } from './testing/results.ts';

const COLUMNS = columnsOf([networkSummary(), networkSummary({ id: 'run/1/craft', arm: 'craft' })]);
const ROWS = tableRows(
  {
    lfw: benchmarkResult({ file: 'lfw.bin' }),
    'ijb-b': benchmarkResult({ row: 'ijb-b', far: 0.01, values: [0.487, 0.514], difference: [0.027, 0.006, 0.048] }),
  },
  { lfw: { kind: 'file', name: 'lfw.bin', found: '6\u202f000 pairs, 112 × 112' } },
);

describe('the table as text', () => {
  test('Markdown', () => {
    expect(markdownOf(ROWS, COLUMNS).split('\n').slice(0, 4)).toEqual([
      '| Benchmark | Pairs from | Standard | CRAFT | Difference in points \\[95 %\\] | p (Holm) |',
      '| :--- | :--- | ---: | ---: | ---: | ---: |',
      '| LFW | lfw.bin · 6 000 pairs, 112 × 112 | 63.1 ± 1.9 | 64.0 ± 1.9 | +0.9 \\[−0.3, +2.1\\] | p = 0.070 |',
      '| Drawn IJB-B (TAR at FAR 0.01) | Drawn faces · 1 000 pairs | 48.7 | 51.4 | +2.7 \\[+0.6, +4.8\\] | p = 0.070 |',
    ]);
    expect(markdownOf(ROWS, COLUMNS)).toContain('Drawn benchmarks show people who do not exist');
  });

  test('LaTeX with booktabs', () => {
    const text = latexOf(ROWS, COLUMNS);
    expect(text).toContain('\\begin{tabular}{llrrrr}\n\\toprule\nBenchmark & Pairs from & Standard & CRAFT &');
    expect(text).toContain(
      'LFW & lfw.bin $\\cdot$ 6 000 pairs, 112 $\\times$ 112 & $63.1 \\pm 1.9$ & $64.0 \\pm 1.9$ & $+0.9 [-0.3, +2.1]$ & $p = 0.070$ \\\\',
    );
    expect(text).toContain('\\bottomrule\n\\end{tabular}');
  });

  test('CSV: a line a benchmark and network, in full precision, without rates too small for the pairs', () => {
    const [head = '', first = '', second = ''] = csvOf(ROWS, COLUMNS).split('\n');
    const cells = (line: string) => new Map(head.split(',').map((name, place) => [name, line.split(',')[place]]));
    expect(cells(first).get('value')).toBe('0.631');
    expect(cells(first).get('file')).toBe('lfw.bin');
    expect(cells(first).get('difference')).toBe('');
    expect(cells(second).get('difference')).toBe('0.009');
    expect(cells(second).get('mcnemar_p')).toBe('0.0352');
    expect([cells(second).get('p'), cells(second).get('p_holm')]).toEqual(['0.0352', '0.0704']);
    expect([cells(first).get('tar_at_far_0.1'), cells(first).get('tar_at_far_0.001')]).toEqual(['0.8', '']);
  });

  test('JSON holds the networks and every measure, but no pictures', () => {
    const read: unknown = JSON.parse(jsonOf(ROWS, COLUMNS));
    expect(read).toMatchObject({
      networks: [
        { name: 'Standard', step: 2400 },
        { name: 'CRAFT', step: 2400 },
      ],
      benchmarks: [
        { benchmark: 'LFW', source: { kind: 'file' }, arms: [{ network: 'Standard', headline: 0.631 }, {}] },
        { benchmark: 'Drawn IJB-B', far: 0.01, comparison: { difference: 0.027, claimed: false } },
      ],
    });
    expect(JSON.stringify(read)).not.toContain('pictures');
  });

  test('one network: no difference', () => {
    const alone = columnsOf([networkSummary()]);
    const rows = tableRows({ lfw: benchmarkResult({ values: [0.631] }) }, {});
    expect(markdownOf(rows, alone)).toContain('| Drawn LFW | Drawn faces · 1 000 pairs | 63.1 ± 1.9 |\n');
    expect(latexOf(rows, alone)).toContain('\\begin{tabular}{llr}');
  });

  test('a file name cannot break out of its cell', () => {
    const file = '=a|b,"c"_&%$\\x.bin';
    const rows = tableRows({ lfw: benchmarkResult({ file }) }, { lfw: { kind: 'file', name: file } });
    expect(markdownOf(rows, COLUMNS)).toContain('=a\\|b,"c"\\_&%$\\\\x.bin');
    expect(latexOf(rows, COLUMNS)).toContain('=a|b,"c"\\_\\&\\%\\$\\textbackslash{}x.bin');
    expect(csvOf(rows, COLUMNS)).toContain('"\'=a|b,""c""_&%$\\x.bin"');
  });
});

describe('rows', () => {
  test('the seven benchmarks in their order, then own files; the source is always named', () => {
    const rows = tableRows(
      {},
      { 'file-2': { kind: 'file', name: 'ours.bin' }, lfw: { kind: 'file', name: 'lfw.bin' } },
    );
    expect(rows.map(({ label }) => label)).toEqual([
      'LFW',
      'Drawn CFP-FP',
      'Drawn AgeDB-30',
      'Drawn CALFW',
      'Drawn CPLFW',
      'Drawn IJB-B',
      'Drawn IJB-C',
      'ours.bin',
    ]);
    expect(rows.map(({ source }) => source).slice(0, 2)).toEqual(['lfw.bin', 'Drawn faces']);
    expect(rows.map(({ fromFile }) => fromFile)).toEqual([true, false, false, false, false, false, false, true]);
  });
});
