import { expect, test } from 'vitest';
import { auditLayer, auditTotals } from '../../craft/audit.ts';
import { DEFAULT_INSPECTION, inspectLayer } from '../../craft/inspection.ts';
import { verdictOn } from '../../craft/verdict.ts';
import { inspectionReport } from './inspection-report.ts';
import { svgText } from './svg-text.ts';

test('one page names the file, the verdict, the rule, the legend and each layer', () => {
  const kernel = Float32Array.from({ length: 27 * 4 }, (_, i) => (i % 4 === 1 ? 0 : Math.sin(i)));
  const layer = { name: 'stem<1>', shape: [3, 3, 3, 4], kernel } as const;
  const inspection = inspectLayer(layer);
  const audit = [layer, { ...layer, name: 'later' }].map((one) => auditLayer(one, undefined, DEFAULT_INSPECTION));
  const drawing = inspectionReport({
    file: 'model.onnx',
    rule: 'largest |w| below 0.01',
    verdict: verdictOn(inspection, DEFAULT_INSPECTION),
    decision: ['1 filter can be removed.'],
    layer: { name: layer.name, states: inspection.raw.states, kernel, size: 3, full: undefined },
    audit,
    totals: auditTotals(audit),
  });
  const words = drawing.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : [])).join('\n');
  for (const part of [
    '1 of 4 filters is inactive.',
    'model.onnx',
    '1 filter can be removed.',
    'inactive by the rule "largest |w| below 0.01"',
    'near zero',
    '1. stem<1>',
    '2. later',
    '1 of 4',
    '2 of 8',
  ]) {
    expect(words).toContain(part);
  }
  const svg = svgText(drawing);
  expect(svg).toContain('<title>model.onnx: 1 of 4 filters is inactive.</title>');
  expect(svg).not.toContain('stem<1>');
  // Everything is on the page.
  for (const shape of drawing.shapes) {
    if (shape.kind !== 'text') continue;
    expect(shape.x).toBeLessThanOrEqual(drawing.width);
    expect(shape.y).toBeLessThan(drawing.height);
  }
});
