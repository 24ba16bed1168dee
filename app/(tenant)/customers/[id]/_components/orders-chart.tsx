'use client';

import { useEffect, useId, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { mountWhenIdle } from '@/components/chart/mount';
import { formatAmount, formatInstant } from '@/components/format';
import 'uplot/dist/uPlot.min.css';

export interface OrderPoint {
  /** Unix time, s. */
  readonly at: number;
  readonly amount: number;
}

/**
 * Orders over time, oldest first. The pointer, or the slider by keyboard and touch, selects one order and shows its
 * exact values. The table below lists the same orders.
 */
export function OrdersChart({ points }: { readonly points: readonly OrderPoint[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const slider = useId();
  const [index, setIndex] = useState(points.length - 1);
  const chosen = points[index];

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const onDrawn = (drawn: uPlot | null) => {
      plot.current = drawn;
    };
    return mountWhenIdle(async () => {
      const { orderPlot } = await import('./order-plot');
      return () => orderPlot(element, points, setIndex, onDrawn);
    }).end;
  }, [points]);

  const choose = (next: number) => {
    setIndex(next);
    const drawn = plot.current;
    const point = points[next];
    if (drawn && point) {
      drawn.setCursor({ left: drawn.valToPos(point.at, 'x'), top: drawn.valToPos(point.amount, 'y') }, false);
    }
  };

  const reading = chosen
    ? `${formatInstant(new Date(chosen.at * 1000), 'date', 'UTC')}: ${formatAmount(chosen.amount)}`
    : '';
  return (
    <div>
      <p className="figures flex items-baseline gap-3 text-sm" aria-hidden="true">
        <span className="font-semibold">{reading}</span>
        <span className="text-xs text-muted">
          order {index + 1} of {points.length}
        </span>
      </p>
      <div ref={frame} className="mt-2 h-56 w-full text-ink" aria-hidden="true" />
      <label htmlFor={slider} className="sr-only">
        Select an order
      </label>
      <input
        id={slider}
        type="range"
        min={0}
        max={points.length - 1}
        value={index}
        aria-valuetext={reading}
        onChange={(event) => choose(Number(event.currentTarget.value))}
        className="needs-script block h-6 w-full accent-action"
      />
    </div>
  );
}
