import type { Line } from '../panels';

/** Dash pattern of a line, px of the canvas; its legend swatch uses the same. */
export const dashes: Readonly<Record<Line['stroke'], readonly number[]>> = {
  bar: [],
  'failed-bar': [],
  line: [],
  dashed: [6, 4],
  dotted: [2, 3],
};
