'use client';

import { useCallback, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type uPlot from 'uplot';
import { formatInstant } from '@/components/format';
import { LocalTime } from '@/components/ui/local-time';
import type { LiveView } from '../live-view';
import { chartsOf, type PanelChart, periodOf, readingOf } from '../panels';
import { rangeNames } from '../view';
import { ChartBlock } from './chart-block';

const none: readonly number[] = [];
const never = () => () => {};

/** The panels. Pointer and slider select the same period in all of them; by default, the newest with data. */
export function PanelsGrid({ view }: { readonly view: LiveView }) {
  const charts = useMemo(() => chartsOf(view), [view]);
  const figures = view.metrics.state === 'read' ? view.metrics.figures : null;
  const times = figures?.times ?? none;
  const [chosen, setChosen] = useState<number | null>(null);
  const plots = useRef(new Map<string, uPlot>());
  const index = periodOf(times, chosen, figures?.newest ?? null);

  const onDrawn = useCallback((id: string, plot: uPlot | null) => {
    if (plot) plots.current.set(id, plot);
    else plots.current.delete(id);
  }, []);
  const point = useCallback((at: number | null) => {
    for (const plot of plots.current.values()) {
      plot.setCursor({ left: at === null ? -10 : plot.valToPos(at, 'x'), top: 0 }, false);
    }
  }, []);
  const choose = (next: number) => {
    const at = times[next] ?? null;
    setChosen(at);
    point(at);
  };
  // New metrics have moved the periods below the cursors. uPlot draws them in a microtask of its own, which comes first.
  useEffect(() => {
    if (times.length > 0 && chosen !== null) queueMicrotask(() => point(chosen));
  }, [times, chosen, point]);

  const block = (id: string) => {
    const chart = charts.find((each) => each.id === id);
    if (!chart) return null;
    return (
      <ChartBlock
        chart={chart}
        times={times}
        periodSeconds={figures?.periodSeconds ?? 60}
        span={`in the last ${rangeNames[view.range][1]}`}
        index={index}
        onPoint={setChosen}
        onDrawn={onDrawn}
      />
    );
  };
  return (
    <div className="space-y-6">
      {figures?.newest ? <Reading charts={charts} times={times} index={index} choose={choose} /> : null}
      <div className="grid gap-6 xl:grid-cols-3">
        {['invocations', 'errors', 'success'].map((id) => (
          <Panel key={id} title={charts.find((each) => each.id === id)?.title ?? ''}>
            {block(id)}
          </Panel>
        ))}
        <Panel title="Duration" wide>
          <div className="grid gap-x-10 gap-y-8 md:grid-cols-2">
            {['model', 'overhead'].map((id) => (
              <div key={id} className="min-w-0">
                <h3 className="text-sm text-muted">{charts.find((each) => each.id === id)?.title}</h3>
                {block(id)}
              </div>
            ))}
          </div>
        </Panel>
      </div>
    </div>
  );
}

function Panel({
  title,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: React.ReactNode;
}) {
  const heading = useId();
  return (
    <section
      aria-labelledby={heading}
      className={`min-w-0 border border-line bg-plate px-5 pt-4 pb-4 ${wide ? 'xl:col-span-3' : ''}`}
    >
      <h2 id={heading} className="text-sm">
        {title}
      </h2>
      {children}
    </section>
  );
}

/** The selected period, and a slider that selects another one by keyboard and touch. */
function Reading({
  charts,
  times,
  index,
  choose,
}: {
  readonly charts: readonly PanelChart[];
  readonly times: readonly number[];
  readonly index: number;
  readonly choose: (index: number) => void;
}) {
  const slider = useId();
  // The server does not know the reader's time zone.
  const zone = useSyncExternalStore<'UTC' | 'local'>(
    never,
    () => 'local',
    () => 'UTC',
  );
  const at = new Date((times[index] ?? 0) * 1000);
  return (
    <div className="grid items-center gap-x-6 sm:grid-cols-[auto_minmax(0,1fr)]">
      <label htmlFor={slider} className="text-sm text-muted">
        Values at <LocalTime at={at.toISOString()} />
      </label>
      <input
        id={slider}
        type="range"
        min={0}
        max={times.length - 1}
        value={index}
        aria-valuetext={`${formatInstant(at, 'minute', zone)}: ${inWords(charts, index)}`}
        onChange={(event) => choose(Number(event.currentTarget.value))}
        className="needs-script block h-6 w-full accent-action"
      />
    </div>
  );
}

const inWords = (charts: readonly PanelChart[], index: number): string =>
  charts
    .flatMap(({ title, kind, lines }) =>
      lines.map(
        (line) => `${kind === 'time' ? `${title} ${line.name}` : line.name} ${readingOf(line, index)}`,
      ),
    )
    .join(', ');
