import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Alert } from './alert.tsx';

it('cuts the text and takes out marks that turn its direction', () => {
  const drawn = renderToStaticMarkup(createElement(Alert, { text: `\u202egpj.${'x'.repeat(2_300_000)}`, hint: 'x' }));
  expect(drawn.length).toBeLessThan(500);
  expect(drawn).not.toContain('\u202e');
  expect(drawn).toContain('…');
});

it('keeps the remedy behind a text of any length', () => {
  const hint = 'Give train.rec with it.';
  const drawn = renderToStaticMarkup(createElement(Alert, { text: 'x'.repeat(1000), hint, strong: true }));
  expect(drawn).toContain(`…</b> ${hint}`);
});

it('has the element, the class and the test id of its place', () => {
  const place = { as: 'span', className: 'problem', 'data-testid': 'notice', text: 'No.' } as const;
  expect(renderToStaticMarkup(createElement(Alert, place))).toBe(
    '<span role="alert" class="problem" data-testid="notice"> No. </span>',
  );
});
