/** The two ways of training that are compared, in the order they are shown: Standard left, CRAFT right, everywhere. */
export const ARMS = ['standard', 'craft'] as const;
export type ArmName = (typeof ARMS)[number];

export const ARM_LABELS: Readonly<Record<ArmName, string>> = { standard: 'Standard', craft: 'CRAFT' };
