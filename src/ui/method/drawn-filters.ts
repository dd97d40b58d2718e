/** A filter made up for a drawing: colours of its nine places, row by row. */
export type DrawnColours = readonly string[];

/** Filters as a trained first layer may hold them. They are drawings: none is of a run. */
export const DRAWN = {
  edge: ['#fdf1e7', '#e2bfd2', '#3a3f47', '#e8dfd5', '#86847f', '#2b1224', '#bfd4ae', '#45474a', '#10142f'],
  opponent: ['#1fdc84', '#2aa98e', '#e81c93', '#22d58a', '#3f9f93', '#f4129a', '#16c97c', '#46b39c', '#d92b8e'],
  spot: ['#e88a24', '#d0872f', '#c96f4c', '#df9a12', '#94836d', '#c57c33', '#f0942b', '#e5a05a', '#dd8f40'],
  bar: ['#cbb7b5', '#93a89f', '#b9b0a8', '#90a6a0', '#0f0d14', '#97ac9d', '#c2b5b0', '#9aa69d', '#cfbfae'],
  blue: ['#4f7c9e', '#3b7fbc', '#2d7cc0', '#ad7a58', '#6d8296', '#3f86bd', '#b07c4c', '#c28453', '#96826d'],
  orange: ['#c58a35', '#d28233', '#c77d2c', '#d8953a', '#a58666', '#c08a47', '#d58d46', '#d9924e', '#c9863f'],
  grey: ['#8ea0a6', '#a3b2b5', '#3b4a5c', '#98a5a7', '#8d8f92', '#58636f', '#b8bbb3', '#797d80', '#646d76'],
  faded: ['#85887f', '#7d8289', '#80817c', '#827c80', '#7f8083', '#7c8480', '#83807b', '#7e7c84', '#808381'],
} as const satisfies Record<string, DrawnColours>;

export type DrawnName = keyof typeof DRAWN;

/** Channels of a drawn filter: red, green, blue. */
const CHANNELS = 3;
/** Weight that is drawn in full: that of a filter as strong as a run's. */
const FULL = 0.3;

/** Weights of a drawn filter, [3 * 3 * 3]: mid grey is zero, full colour +-0.3. */
export function drawnWeights(colours: DrawnColours): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(colours.length * CHANNELS);
  colours.forEach((colour, place) => {
    for (let channel = 0; channel < CHANNELS; channel++) {
      const value = Number.parseInt(colour.slice(1 + 2 * channel, 3 + 2 * channel), 16);
      weights[place * CHANNELS + channel] = ((value - 127.5) / 127.5) * FULL;
    }
  });
  return weights;
}
