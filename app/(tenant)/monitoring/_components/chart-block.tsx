import type { ComponentProps } from 'react';
import { Status } from '@/components/ui/status';
import { isDrawn, type PanelNote } from '../panels';
import { Swatch } from './swatch';
import { TimeChart } from './time-chart';

/** A chart with its headline, notes and legend. */
export function ChartBlock({
  span,
  ...shown
}: ComponentProps<typeof TimeChart> & {
  /** `in the last hour` */
  readonly span: string;
}) {
  const { headline, note, lines } = shown.chart;
  return (
    <>
      {headline !== null || note ? (
        <p className="figures flex min-h-8 flex-wrap items-baseline gap-x-3 text-sm">
          {headline === null ? null : <span className="text-xl font-semibold">{headline}</span>}
          {note && isGrave(note) ? (
            <Status tone="failed">{note.text}</Status>
          ) : (
            <span className="text-muted">{note?.text ?? span}</span>
          )}
        </p>
      ) : null}
      {isDrawn(shown.chart) ? (
        <TimeChart {...shown} />
      ) : (
        <div aria-hidden="true" className="mt-2 h-46 border-b border-l border-line" />
      )}
      <ul className="mt-2 flex min-h-5 flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
        {lines.map(({ id, name, look }) => (
          <li key={id} className="flex items-center gap-2">
            <Swatch look={look} />
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

const isGrave = ({ state }: PanelNote): boolean => state === 'failed' || state === 'denied';
