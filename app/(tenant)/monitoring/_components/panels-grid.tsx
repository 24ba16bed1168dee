'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useId, useMemo, useState, useSyncExternalStore } from 'react';
import { zoneName } from '@/components/format';
import type { Span } from '@/lib/domain/monitoring/windows';
import type { LiveView } from '../live-view';
import { chartsOf, periodOf, spanInWords } from '../panels';
import { type MonitoringView, viewHref } from '../view';
import { ActivationList } from './activations';
import { ChartBlock } from './chart-block';
import { PeriodsTables } from './periods-tables';
import type { Pointing } from './time-chart';

const none: readonly number[] = [];
const never = () => () => {};

/** The panels. Somebody who points at a period in one of them sees it marked in all. */
export function PanelsGrid({ view, address }: { readonly view: LiveView; readonly address: MonitoringView }) {
  const router = useRouter();
  const charts = useMemo(() => chartsOf(view), [view]);
  const figures = view.metrics.state === 'read' ? view.metrics.figures : null;
  const times = figures?.times ?? none;
  const [pointing, setPointing] = useState<Pointing | null>(null);
  // The server does not know the reader's time zone.
  const zone = useSyncExternalStore<'UTC' | 'local'>(
    never,
    () => 'local',
    () => 'UTC',
  );
  const zoom = useCallback(
    (span: Span | null) => {
      if (span || address.span)
        router.push(viewHref({ ...address, span: span ?? undefined }), { scroll: false });
    },
    [router, address],
  );
  // It marks a period that has moved on meanwhile, or none.
  const marked = pointing ? times.indexOf(pointing.at) : -1;

  const block = (id: string) => {
    const chart = charts.find((each) => each.id === id);
    if (!chart) return null;
    return (
      <ChartBlock
        chart={chart}
        times={times}
        periodSeconds={figures?.periodSeconds ?? 60}
        activations={view.activations}
        span={spanInWords(view)}
        index={marked < 0 ? null : marked}
        newest={periodOf(times, null, figures?.newest ?? null)}
        leads={pointing?.chart === id}
        zone={zone}
        onPoint={(at) => setPointing(at === null ? null : { chart: id, at })}
        onZoom={zoom}
      />
    );
  };
  return (
    <div className="space-y-6">
      <p id="chart-keys" className="sr-only">
        Arrow keys go from period to period, Page Up and Page Down by ten, Home and End to the first and the
        last. Plus zooms in, minus zooms out, Escape leads back.
      </p>
      <div className="grid gap-6 xl:grid-cols-3">
        {['invocations', 'errors', 'success'].map((id) => (
          <Panel key={id} title={charts.find((each) => each.id === id)?.title ?? ''}>
            {block(id)}
          </Panel>
        ))}
        <Panel title="Duration" note="Of all callers: CloudWatch gives no percentiles by caller." wide>
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
      <div className="flex flex-wrap justify-between gap-x-6 gap-y-1 text-xs text-muted">
        <ActivationList activations={view.activations} />
        <p>Times in {zoneName(new Date(view.window.to * 1000), zone)}</p>
      </div>
      <PeriodsTables view={view} zone={zone} />
    </div>
  );
}

function Panel({
  title,
  note,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly note?: string;
  readonly wide?: boolean;
  readonly children: React.ReactNode;
}) {
  const heading = useId();
  return (
    <section
      aria-labelledby={heading}
      className={`min-w-0 border border-line bg-plate px-5 pt-4 pb-4 ${wide ? 'xl:col-span-3' : ''}`}
    >
      <div className="mb-1 flex flex-wrap items-baseline justify-between gap-x-6">
        <h2 id={heading} className="text-sm">
          {title}
        </h2>
        {note ? <p className="text-xs text-muted">{note}</p> : null}
      </div>
      {children}
    </section>
  );
}
