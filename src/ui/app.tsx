import './styles/mantine.css';
import './styles/tokens.css';
import { MantineProvider } from '@mantine/core';
import { Page } from './shell/page.tsx';
import type { RunStore } from './state/run-state.ts';
import { StoreProvider } from './state/store-context.tsx';
import { theme } from './theme.ts';
import { adoptThemeVariables } from './theme-variables.ts';

adoptThemeVariables();

/** The whole page, on a store. */
export function App({ store }: { readonly store: RunStore }) {
  return (
    <MantineProvider theme={theme} withCssVariables={false} withGlobalClasses={false} defaultColorScheme="auto">
      <StoreProvider store={store}>
        <Page />
      </StoreProvider>
    </MantineProvider>
  );
}
