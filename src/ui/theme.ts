import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const INK: MantineColorsTuple = [
  '#f6f7f9',
  '#f1f3f5',
  '#e3e7eb',
  '#c6cdd5',
  '#8a95a1',
  '#56606b',
  '#1b2027',
  '#1b2027',
  '#e8ebee',
  '#ffffff',
];

const DARK: MantineColorsTuple = [
  '#e8ebee',
  '#c6ccd3',
  '#a2acb7',
  '#77828e',
  '#434b55',
  '#2b3037',
  '#23272d',
  '#1a1d21',
  '#121417',
  '#0d0f11',
];

/** A dialog is no page: its header is no second banner, and its close button has a name. */
const DIALOG = {
  closeButtonProps: { 'aria-label': 'Close' },
  attributes: { header: { role: 'presentation' } },
  // The scroll lock without its bar: the bar would be an inline style, which the page's policy refuses.
  removeScrollProps: { removeScrollBar: false },
} as const;

/** Mantine in the page's own ink: one neutral primary colour, reversed in dark. */
export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 6, dark: 8 },
  autoContrast: true,
  defaultRadius: 8,
  respectReducedMotion: true,
  cursorType: 'pointer',
  colors: { ink: INK, dark: DARK },
  components: {
    Button: { defaultProps: { variant: 'filled' } },
    Modal: { defaultProps: DIALOG },
    Drawer: { defaultProps: DIALOG },
    Tooltip: { defaultProps: { openDelay: 400, withinPortal: true, multiline: true, maw: 260, fz: 12 } },
  },
});

/** Mantine's own variables, from the tokens in styles/tokens.css, which change with the colour scheme. */
export const cssVariables: CSSVariablesResolver = () => {
  const both = {
    '--mantine-color-body': 'var(--surface)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-2)',
    '--mantine-color-placeholder': 'var(--ink-2)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunken)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--control)',
    '--mantine-color-disabled': 'var(--sunken)',
    '--mantine-color-disabled-color': 'var(--ink-2)',
    '--mantine-color-disabled-border': 'var(--hairline)',
    '--mantine-primary-color-filled': 'var(--ink)',
    '--mantine-primary-color-contrast': 'var(--on-ink)',
    '--mantine-color-ink-filled': 'var(--ink)',
    '--mantine-color-error': 'var(--warning)',
  };
  return { variables: {}, light: both, dark: both };
};
