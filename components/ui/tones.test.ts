import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { tones } from './tones';

/** WCAG 2.2 AA: text, and graphics that carry a meaning. */
const aa = { text: 4.5, graphic: 3 };

const themes = ['light', 'dark'] as const;

/** The colours of the stylesheet by name, in each theme. */
const colours = new Map(
  [
    ...readFileSync('app/globals.css', 'utf8').matchAll(
      /--color-([a-z-]+): light-dark\((oklch\([^)]+\)), (oklch\([^)]+\))\);/g,
    ),
  ].map(([, name, light, dark]) => [`${name}`, { light: `${light}`, dark: `${dark}` }]),
);

function contrast(a: string, b: string, theme: (typeof themes)[number]): number {
  const [lighter = 0, darker = 0] = [a, b]
    .map((name) => luminance(colours.get(name)?.[theme] ?? `no colour ${name}`))
    .sort((one, other) => other - one);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance (WCAG) of `oklch(L C h)`, by the matrices of CSS Color 4; out of gamut is clipped. */
function luminance(oklch: string): number {
  const [lightness = Number.NaN, chroma = 0, hue = 0] = (oklch.match(/[\d.]+/g) ?? []).map(Number);
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clipped = (value: number) => Math.min(1, Math.max(0, value));
  return (
    0.2126 * clipped(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) +
    0.7152 * clipped(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) +
    0.0722 * clipped(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  );
}

it('measures black on white as 21 to 1', () => {
  expect((luminance('oklch(1 0 0)') + 0.05) / (luminance('oklch(0 0 0)') + 0.05)).toBeCloseTo(21, 2);
});

const grounds = ['ground', 'plate', 'sunk'];
const pairs: readonly (readonly [text: string, on: string, least: number])[] = [
  ...grounds.flatMap((on) =>
    ['ink', 'muted', 'faint', 'accent', ...tones].map((text) => [text, on, aa.text] as const),
  ),
  ...tones.flatMap((tone) =>
    [tone, 'ink', 'muted', 'accent'].map((text) => [text, `${tone}-tint`, aa.text] as const),
  ),
  ['on-action', 'action', aa.text],
  ['on-action', 'action-hover', aa.text],
  ['ink', 'shade', aa.text],
  ['ink', 'tint', aa.text],
  ...['ink', 'muted', 'accent', 'failed'].map((text) => [text, 'next-tint', aa.text] as const),
  ...['plate', 'next-tint'].map((on) => ['next', on, aa.graphic] as const),
  ...['ink', 'data'].map((mark) => [mark, 'silence', aa.graphic] as const),
  ...['risk-low', 'risk-medium', 'risk-high', 'data', 'edge'].map(
    (mark) => [mark, 'plate', aa.graphic] as const,
  ),
];

it.each(themes)('every colour is legible on its grounds in the %s theme', (theme) => {
  const illegible = pairs
    .map(([text, on, least]) => ({ pair: `${text} on ${on}`, ratio: contrast(text, on, theme), least }))
    .filter(({ ratio, least }) => !(ratio >= least));
  expect(illegible).toEqual([]);
});

it.each(themes)('a higher risk stands out more in the %s theme', (theme) => {
  const [low = 0, medium = 0, high = 0] = ['risk-low', 'risk-medium', 'risk-high'].map((band) =>
    contrast(band, 'plate', theme),
  );
  expect(medium / low).toBeGreaterThan(1.3);
  expect(high / medium).toBeGreaterThan(1.3);
});
