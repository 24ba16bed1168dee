'use client';

import { useEffect, useRef } from 'react';
import type uPlot from 'uplot';
import { type MountedPlot, mountWhenIdle } from '@/components/chart/mount';
import 'uplot/dist/uPlot.min.css';
import type { PanelChart } from '../panels';

interface Props {
  readonly chart: PanelChart;
  /** Starts of the periods, s. */
  readonly times: readonly number[];
  readonly periodSeconds: number;
  readonly onPoint: (at: number | null) => void;
  /** Called with the chart's id and its plot, or null once the plot is gone. */
  readonly onDrawn: (id: string, plot: uPlot | null) => void;
}

/** One chart on a canvas, visual only: the legend and the table contain the same values. */
export function ChartFrame({ chart, times, periodSeconds, onPoint, onDrawn }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const mounted = useRef<MountedPlot | null>(null);
  const latest = useRef({ chart, times });

  useEffect(() => {
    latest.current = { chart, times };
    mounted.current?.update();
  }, [chart, times]);

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const { id } = latest.current.chart;
    const plot = {
      latest: () => latest.current,
      periodSeconds,
      onPoint,
      onDrawn: (drawn: uPlot | null) => onDrawn(id, drawn),
    };
    mounted.current = mountWhenIdle(async () => {
      const { linePlot } = await import('./line-plot');
      return () => linePlot(element, plot);
    });
    return () => {
      mounted.current?.end();
      mounted.current = null;
    };
  }, [periodSeconds, onPoint, onDrawn]);

  return <div ref={frame} aria-hidden="true" className="needs-script h-42 w-full text-ink" />;
}
