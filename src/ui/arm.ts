import type { ArmName } from '../training/events.ts';

/** Both arms in the order they are shown: Standard left, CRAFT right, everywhere. */
export const ARMS = ['standard', 'craft'] as const satisfies readonly ArmName[];

export const ARM_LABELS: Readonly<Record<ArmName, string>> = { standard: 'Standard', craft: 'CRAFT' };
