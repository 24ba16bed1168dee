import type { Look } from '../panels';

interface Bar {
  readonly shape: 'bar';
  readonly paint: string;
}

interface Stroke {
  readonly shape: 'line';
  readonly paint: string;
  readonly width: number;
  /** px */
  readonly dash?: string;
}

/** How each line of a chart is drawn, as is its sample in the legend. */
export const looks: Readonly<Record<Look, Bar | Stroke>> = {
  calls: { shape: 'bar', paint: 'fill-data stroke-data' },
  errors: { shape: 'bar', paint: 'fill-failed stroke-failed' },
  'own-scoring': { shape: 'bar', paint: 'fill-edge stroke-edge' },
  'own-look': { shape: 'bar', paint: 'fill-line stroke-line' },
  'own-test': { shape: 'bar', paint: 'fill-ink stroke-ink' },
  line: { shape: 'line', paint: 'stroke-data', width: 2 },
  dashed: { shape: 'line', paint: 'stroke-data', width: 1.5, dash: '6 4' },
  dotted: { shape: 'line', paint: 'stroke-ink', width: 1.5, dash: '2 3' },
};
