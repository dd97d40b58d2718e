/** One change to a plain photo: the values of its sliders, and its caption. */
export interface VariationExample {
  readonly label: string;
  readonly values: Readonly<Record<string, number>>;
}

/** A kind of variation with three examples of it. */
export interface VariationExamples {
  readonly title: string;
  readonly examples: readonly [VariationExample, VariationExample, VariationExample];
}

/** The changes that a photo makes to a person, one at a time; keys are those of PHOTO_PARAMETERS. */
export const VARIATION_EXAMPLES: readonly VariationExamples[] = [
  {
    title: 'Pose',
    examples: [
      { label: '60° left', values: { pose: -60 } },
      { label: '35° right', values: { pose: 35 } },
      { label: '80° right', values: { pose: 80 } },
    ],
  },
  {
    title: 'Light',
    examples: [
      { label: 'from right', values: { light: 80 } },
      { label: 'from left', values: { light: -80 } },
      { label: 'dusk', values: { brightness: 0.2 } },
    ],
  },
  {
    title: 'Age',
    examples: [
      { label: '15 younger', values: { years: -15 } },
      { label: '20 older', values: { years: 20 } },
      { label: '40 older', values: { years: 40 } },
    ],
  },
  {
    title: 'Expression',
    examples: [
      { label: 'laugh', values: { expression: 1, mouth: 0.3 } },
      { label: 'frown', values: { expression: -1 } },
      { label: 'surprise', values: { mouth: 0.9 } },
    ],
  },
  {
    title: 'Covered',
    examples: [
      { label: 'glasses', values: { glasses: 2 } },
      { label: 'mask', values: { occluder: 2 } },
      { label: 'scarf', values: { hat: 3 } },
    ],
  },
  {
    title: 'Blur',
    examples: [
      { label: '1 px', values: { blur: 1 } },
      { label: '2 px', values: { blur: 2 } },
      { label: '4 px', values: { blur: 4 } },
    ],
  },
  {
    title: 'Resolution',
    examples: [
      { label: '32 px', values: { resolution: 32 } },
      { label: '20 px', values: { resolution: 20 } },
      { label: '12 px', values: { resolution: 12 } },
    ],
  },
];
