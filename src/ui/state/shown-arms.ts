import { useMemo } from 'react';
import { ARMS, type ArmName } from '../../record/arm.ts';
import { useRunState } from './store-context.tsx';

/** The arms that a run trains, or would train. */
export function useShownArms(): readonly ArmName[] {
  const arms = useRunState(({ config, run }) => run?.config.arms ?? config.arms);
  return useMemo(() => (arms === 'both' ? ARMS : [arms]), [arms]);
}
