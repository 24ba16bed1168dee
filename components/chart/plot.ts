import uPlot from 'uplot';
import type { MountedPlot } from './mount';

export interface PlotSpec {
  /** Height of the canvas, px. */
  readonly height: number;
  /** Called for every drawing because colours change with the theme. */
  options(): Omit<uPlot.Options, 'width' | 'height'>;
  data(): uPlot.AlignedData;
  /** Called with the plot, or null once it is gone. */
  onDrawn(plot: uPlot | null): void;
}

/**
 * Draws into `frame`, and again when its width or the theme changes. Only for modules that `mountWhenIdle` loads,
 * because it imports uPlot.
 */
export function mountPlot(frame: HTMLElement, spec: PlotSpec): MountedPlot {
  let plot: uPlot | undefined;
  const draw = () => {
    plot?.destroy();
    const size = { width: frame.clientWidth, height: spec.height };
    plot = new uPlot({ ...spec.options(), ...size }, spec.data(), frame);
    spec.onDrawn(plot);
  };
  const widths = new ResizeObserver(() => plot?.setSize({ width: frame.clientWidth, height: spec.height }));
  const themes = new MutationObserver(draw);
  const systemTheme = matchMedia('(prefers-color-scheme: dark)');
  draw();
  widths.observe(frame);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  systemTheme.addEventListener('change', draw);
  return {
    update: () => plot?.setData(spec.data()),
    end() {
      widths.disconnect();
      themes.disconnect();
      systemTheme.removeEventListener('change', draw);
      plot?.destroy();
      spec.onDrawn(null);
    },
  };
}

/** The current value of a colour token; a canvas cannot resolve tokens. */
export function tokenColour(frame: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  frame.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** The style that all axes share, and the colour of their grid. */
export function axisStyle(frame: HTMLElement): {
  readonly axis: Pick<uPlot.Axis, 'stroke' | 'font' | 'ticks'>;
  readonly line: string;
} {
  const line = tokenColour(frame, '--color-line');
  const { fontFamily } = getComputedStyle(frame);
  const stroke = tokenColour(frame, '--color-muted');
  return { axis: { stroke, font: `12px ${fontFamily}`, ticks: { stroke: line, size: 5 } }, line };
}
