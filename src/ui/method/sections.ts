/** The parts of the Method page in reading order: id of the element and heading. */
export const SECTIONS = [
  { id: 'what-dies', title: 'Why filters die' },
  { id: 'what-craft-does', title: 'CRAFT, step by step' },
  { id: 'present-or-used', title: 'Present, or used' },
  { id: 'paper-and-playground', title: 'Paper and playground' },
  { id: 'strategies', title: 'Five strategies' },
  { id: 'measured', title: 'Measured here' },
  { id: 'controls', title: 'Controls, in one line each' },
  { id: 'related', title: 'Related work and citation' },
] as const;

export type SectionId = (typeof SECTIONS)[number]['id'];

/** Heading of a section. */
export function titleOf(id: SectionId): string {
  return SECTIONS.find((section) => section.id === id)?.title ?? '';
}
