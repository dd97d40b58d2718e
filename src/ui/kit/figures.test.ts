import { expect, test } from 'vitest';
import { ScriptedClient } from '../../client/testing/scripted-client.ts';
import { DEFAULT_CONFIG } from '../../config/run-config.ts';
import { type Outline, PAPER, type Shape } from '../../record/figures/drawing.ts';
import { drawFigure, zippedFigures } from '../../record/figures/figures.ts';
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
  // 3 × 3 weights of 16 filters, twice.
  expect(outlines(shapes).filter(({ crisp }) => crisp)).toHaveLength(2 * 16 * 9);
  const inactive = (['standard', 'craft'] as const).map((arm) => shownLayer(run, arm)?.view.inactiveCount ?? 0);
  expect(inactive[0]).toBeGreaterThan(0);
  const dashed = outlines(shapes).filter(({ dash, stroke }) => dash !== undefined && stroke === PAPER.mark);
  // One more in the legend.
  expect(dashed).toHaveLength((inactive[0] ?? 0) + (inactive[1] ?? 0) + 1);
});

const pictures = (shapes: readonly Shape[]) => shapes.filter((shape) => shape.kind === 'picture');

test('responses of both arms are grey pictures, black where a filter is dead, and SVG holds them', () => {
  const face = { size: 8, values: Float32Array.from({ length: 192 }, (_, at) => Math.sin(at)) };
  const drawn = drawFigure('response-walls', run, 'a run', { face });
  const shown = pictures(drawn.shapes);
  expect(shown).toHaveLength(2 * 16);
  const states = shownLayer(run, 'standard')?.states ?? [];
  const brightest = shown.slice(0, 16).map(({ grey }) => Math.max(...grey));
  for (const [filter, state] of states.entries()) {
    if (state === 'strong') expect(brightest[filter]).toBeGreaterThan(100);
    if (state === 'inactive') expect(brightest[filter]).toBeLessThan(60);
  }
  expect(svgText(drawn).match(/<image [^>]*href="data:image\/png;base64,/g)).toHaveLength(2 * 16);
  expect(zippedFigures(run, face)).toContain('response-walls');
  expect(zippedFigures(run, undefined)).not.toContain('response-walls');
});

test('filters as the paper draws them are four pictures each', () => {
  expect(pictures(drawFigure('filter-parts', run, 'a run').shapes)).toHaveLength(4 * 2 * 16);
});

test('walls of a pinned step differ from those of now, and say which step they are of', () => {
  const then = drawFigure('filter-walls', run, 'a run', { step: 100 });
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
    expect(texts(drawn)).toMatch(/first-layer filters are inactive in the standard network/);
    for (const shape of drawn.shapes) {
      if (shape.kind === 'text') expect(shape.y).toBeLessThan(drawn.height);
    }
    expect(texts(drawFigure(figure, run, 'a run'))).not.toMatch(/died in the standard network/);
  }
  expect(texts(drawFigure('filter-walls', finished, 'a run', { step: 100 }))).not.toMatch(/died/);
});

test('a name from outside is only ever text in an .svg', () => {
  const text = svgText(drawFigure('charts', run, '<img src=x onerror="alert(1)"> & <script>'));
  expect(text).not.toMatch(/<(img|script)/);
  expect(text).toContain('&#60;img src=x onerror=&#34;alert(1)&#34;&#62; &#38; &#60;script&#62;');
});
