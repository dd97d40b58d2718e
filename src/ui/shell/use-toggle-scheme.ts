import { useMantineColorScheme } from '@mantine/core';

/**
 * Changes between light and dark. Transitions stay on: to switch them off for a moment, Mantine would add an inline
 * style, which the page's Content-Security-Policy refuses.
 */
export function useToggleScheme(): () => void {
  return useMantineColorScheme({ keepTransitions: true }).toggleColorScheme;
}
