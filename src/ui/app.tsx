import './styles/mantine.css';
import './styles/tokens.css';
import { MantineProvider } from '@mantine/core';
import { Page } from './shell/page.tsx';
import type { PastRuns } from './state/past-runs.ts';
import type { RunStore } from './state/run-state.ts';
import { StoreProvider } from './state/store-context.tsx';
import { theme } from './theme.ts';
import { adoptThemeVariables } from './theme-variables.ts';

adoptThemeVariables();

/** The whole page, on a store and the kept runs. */
export function App({ store, pastRuns }: { readonly store: RunStore; readonly pastRuns: PastRuns }) {
  return (
    <MantineProvider theme={theme} withCssVariables={false} withGlobalClasses={false} defaultColorScheme="auto">
      <StoreProvider store={store} pastRuns={pastRuns}>
        <Page />
      </StoreProvider>
    </MantineProvider>
  );
}
