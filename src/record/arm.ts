/** The two arms that the page compares, in the order they are shown: Standard left, CRAFT right, everywhere. */
export const ARMS = ['standard', 'craft'] as const;
export type ArmName = (typeof ARMS)[number];

export const ARM_LABELS: Readonly<Record<ArmName, string>> = { standard: 'Standard', craft: 'CRAFT' };

/** Whether the arm is one of the two that the page compares; a run may have others. */
export function isShownArm(name: string): name is ArmName {
  return ARMS.some((arm) => arm === name);
}

/** An arm as texts name it. */
export function armLabel(name: string): string {
  return isShownArm(name) ? ARM_LABELS[name] : name;
}
