'use client';

import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { rounded, timeTicks } from '@/components/chart/scale';
import { formatInstant } from '@/components/format';
import { type PanelChart, readingOf } from '../panels';
import { type Activated, Activations } from './activations';
import { Crosshair } from './crosshair';
import { Drawing } from './drawing';
import { plotScale } from './plot-scale';

export interface Pointing {
  /** Id of the chart that somebody points at. */
  readonly chart: string;
  /** Start of the period, s. */
  readonly at: number;
}

/** Where a key leads from a period. */
const steps: Readonly<Record<string, (at: number, periods: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  PageDown: (at) => at - 10,
  PageUp: (at) => at + 10,
  Home: () => 0,
  End: (_, periods) => periods - 1,
};

interface Props {
  readonly chart: PanelChart;
  /** Starts of the periods, s. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
  readonly activations: readonly Activated[];
  /** The period that the crosshair marks in all charts; null without one. */
  readonly index: number | null;
  /** The period of the newest data, which the keyboard begins with. */
  readonly newest: number;
  /** This chart shows the tooltip. */
  readonly leads: boolean;
  /** `UTC` until scripts run. */
  readonly zone: 'UTC' | 'local';
  readonly onPoint: (at: number | null) => void;
  /** Two instants, s; null leads back to the range. */
  readonly onZoom: (span: { readonly from: number; readonly to: number } | null) => void;
}

/** A chart over time: drawn by the server, with a crosshair for pointer and keyboard once scripts run. */
export function TimeChart(props: Props) {
  const { chart, times, periodSeconds, activations, index, newest, leads, zone, onPoint, onZoom } = props;
  const plot = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<readonly [begin: number, end: number] | null>(null);
  const periods = times.length;
  const scale = useMemo(() => plotScale(chart, periods), [chart, periods]);
  const [from, to] = [times[0] ?? 0, (times.at(-1) ?? 0) + periodSeconds];
  const point = (next: number) => onPoint(times[Math.max(0, Math.min(periods - 1, next))] ?? null);
  const zoom = (first: number, last: number) => {
    const [begin, end] = [times[Math.max(0, first)], times[Math.min(periods - 1, last)]];
    if (begin !== undefined && end !== undefined) onZoom({ from: begin, to: end + periodSeconds });
  };
  const indexUnder = ({ clientX }: PointerEvent): number => {
    const { left, width } = plot.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.max(0, Math.min(periods - 1, Math.floor(((clientX - left) / width) * periods)));
  };

  const onPointerDown = (event: PointerEvent) => {
    point(indexUnder(event));
    // A finger moves the crosshair; the ranges above zoom.
    if (event.button !== 0 || event.pointerType === 'touch') return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragged([indexUnder(event), indexUnder(event)]);
  };
  const onPointerMove = (event: PointerEvent) => {
    point(indexUnder(event));
    if (dragged) setDragged([dragged[0], indexUnder(event)]);
  };
  const onPointerUp = () => {
    if (dragged && dragged[0] !== dragged[1]) zoom(Math.min(...dragged), Math.max(...dragged));
    setDragged(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = index ?? newest;
    const quarter = Math.ceil(periods / 4);
    const step = steps[event.key];
    if (step) point(step(at, periods));
    else if (event.key === '+') zoom(at - quarter, at + quarter);
    else if (event.key === '-') onZoom({ from: from - (to - from) / 2, to: to + (to - from) / 2 });
    else if (event.key !== 'Escape') return;
    else if (index === null) onZoom(null);
    else onPoint(null);
    event.preventDefault();
  };

  const handlers = {
    role: 'slider',
    tabIndex: 0,
    'aria-label': `${chart.title} over time`,
    'aria-describedby': 'chart-keys',
    'aria-valuemin': 0,
    'aria-valuemax': periods - 1,
    'aria-valuenow': index ?? newest,
    'aria-valuetext': inWords(chart, times, index ?? newest, zone),
    onFocus: () => point(index ?? newest),
    onBlur: () => onPoint(null),
    onPointerDown,
    onPointerMove,
    onPointerUp,
    onPointerCancel: () => setDragged(null),
    onPointerLeave: ({ pointerType }: PointerEvent) => {
      if (pointerType !== 'touch' && !dragged) onPoint(null);
    },
    onKeyDown,
  } as const;
  return (
    <div className="figures mt-2 grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 text-xs text-muted">
      <div aria-hidden="true" className="relative text-right">
        {scale.ticks.map(({ value, label }) => (
          <div key={value} className="h-0">
            <span className="invisible">{label}</span>
            <span className="absolute right-0 -translate-y-1/2" style={{ top: `${scale.y(value)}%` }}>
              {label}
            </span>
          </div>
        ))}
      </div>
      {/* Nothing here works before scripts run, so it is a picture until then. */}
      <div
        ref={plot}
        className="relative h-40 cursor-crosshair touch-pan-y select-none"
        {...(zone === 'local' ? handlers : { 'aria-hidden': true })}
      >
        <Drawing chart={chart} periods={periods} scale={scale} />
        <Activations activations={activations} from={from} to={to} />
        {dragged ? <Dragged dragged={dragged} periods={periods} /> : null}
        {index === null ? null : (
          <Crosshair
            chart={chart}
            scale={scale}
            index={index}
            title={leads ? instantAt(times, index, zone) : null}
            leftwards={index >= periods / 2}
          />
        )}
      </div>
      <TimeAxis from={from} to={to} zone={zone} />
    </div>
  );
}

/** The periods between where the pointer went down and where it is. */
function Dragged({ dragged, periods }: { readonly dragged: readonly number[]; readonly periods: number }) {
  const [first, last] = [Math.min(...dragged), Math.max(...dragged)];
  const style = {
    left: `${rounded((first / periods) * 100)}%`,
    width: `${rounded(((last + 1 - first) / periods) * 100)}%`,
  };
  return (
    <div className="pointer-events-none absolute inset-y-0 border-x border-ink bg-ink/10" style={style} />
  );
}

function TimeAxis({
  from,
  to,
  zone,
}: {
  readonly from: number;
  readonly to: number;
  readonly zone: 'UTC' | 'local';
}) {
  const x = (at: number) => rounded(((at - from) / (to - from)) * 100);
  return (
    <div aria-hidden="true" className="relative col-start-2 mt-1 h-5">
      {timeTicks(from, to, zone)
        .filter(({ at }) => x(at) > 2 && x(at) < 97)
        .map(({ at, label }) => (
          <span
            key={at}
            className="absolute -translate-x-1/2 whitespace-nowrap max-sm:even:hidden"
            style={{ left: `${x(at)}%` }}
          >
            {label}
          </span>
        ))}
    </div>
  );
}

const instantAt = (times: readonly number[], index: number, zone: 'UTC' | 'local'): string =>
  formatInstant(new Date((times[index] ?? 0) * 1000), 'minute', zone);

const inWords = (chart: PanelChart, times: readonly number[], index: number, zone: 'UTC' | 'local'): string =>
  `${instantAt(times, index, zone)}: ${chart.lines
    .map((line) => `${line.name} ${readingOf(line, index).replace('–', 'no data')}`)
    .join(', ')}`;
