import type { Line } from '../panels';

/** Dashes of a line, px of the canvas; its swatch in the legend has the same. */
export const dashes: Readonly<Record<Line['look'], readonly number[]>> = {
  bar: [],
  'alarm-bar': [],
  line: [],
  dashed: [6, 4],
  dotted: [2, 3],
};
