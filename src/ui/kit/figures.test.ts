import { expect, test } from 'vitest';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { type Outline, PAPER } from '../../record/figures/drawing.ts';
import { drawFigure } from '../../record/figures/figures.ts';
import { svgText } from '../../record/figures/svg-text.ts';
import { shownLayer } from '../../record/shown-layer.ts';
import { createRunStore } from '../state/run-store.ts';

const client = new ScriptedClient();
const store = createRunStore(client, { config: { ...DEFAULT_CONFIG, steps: 1000, filters: 16, telemetryEvery: 5 } });
store.actions.train();
client.advance(620);
const run = store.getState().run ?? expect.fail('no run');

function outlines(shapes: readonly { readonly kind: string }[]): readonly Outline[] {
  return shapes.filter((shape): shape is Outline => shape.kind === 'path');
}

test('walls show every weight of both arms, and each state with its own mark', () => {
  const { shapes } = drawFigure('filter-walls', run, 'a run');
  // 3 x 3 weights of 16 filters, twice.
  expect(outlines(shapes).filter(({ crisp }) => crisp)).toHaveLength(2 * 16 * 9);
  const inactive = (['standard', 'craft'] as const).map((arm) => shownLayer(run, arm)?.view.inactiveCount ?? 0);
  expect(inactive[0]).toBeGreaterThan(0);
  const dashed = outlines(shapes).filter(({ dash, stroke }) => dash !== undefined && stroke === PAPER.mark);
  // One more in the legend.
  expect(dashed).toHaveLength((inactive[0] ?? 0) + (inactive[1] ?? 0) + 1);
});

test('walls of a pinned step differ from those of now, and say which step they are of', () => {
  const then = drawFigure('filter-walls', run, 'a run', 100);
  expect(then.title).toContain('step 100 of');
  expect(then.shapes).not.toEqual(drawFigure('filter-walls', run, 'a run').shapes);
});

test('charts have both lines, one dashed, a triangle a check, and last values', () => {
  const { shapes } = drawFigure('charts', run, 'a run');
  const lines = outlines(shapes).filter(({ d }) => (d.match(/L/g) ?? []).length > 10);
  expect(lines.map(({ stroke, dash }) => [stroke, dash !== undefined]).slice(0, 2)).toEqual([
    [PAPER.craft, false],
    [PAPER.standard, true],
  ]);
  const triangles = outlines(shapes).find(({ d, fill }) => fill === PAPER.event && d.includes('h7'));
  expect(triangles?.d.match(/M/g)).toHaveLength(new Set(run.eventSteps).size);
});

test('a run that has ended says so in words under both figures, within their width', () => {
  const texts = (drawn: { readonly shapes: readonly { readonly kind: string }[] }) =>
    drawn.shapes.flatMap((shape) => ('text' in shape ? [String(shape.text)] : [])).join(' ');
  const scripted = new ScriptedClient();
  const ended = createRunStore(scripted, { config: { ...DEFAULT_CONFIG, steps: 200 } });
  ended.actions.train();
  scripted.advance(200);
  const finished = ended.getState().run ?? expect.fail('no run');
  for (const figure of ['charts', 'filter-walls'] as const) {
    const drawn = drawFigure(figure, finished, 'a run');
    expect(texts(drawn)).toMatch(/first-layer filters died in the standard network/);
    for (const shape of drawn.shapes) {
      if (shape.kind === 'text') expect(shape.y).toBeLessThan(drawn.height);
    }
    expect(texts(drawFigure(figure, run, 'a run'))).not.toMatch(/died in the standard network/);
  }
  expect(texts(drawFigure('filter-walls', finished, 'a run', 100))).not.toMatch(/died/);
});

test('a name from outside is only ever text in an .svg', () => {
  const text = svgText(drawFigure('charts', run, '<img src=x onerror="alert(1)"> & <script>'));
  expect(text).not.toMatch(/<(img|script)/);
  expect(text).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62; &#38; &#60;script&#62;');
});
