import { formatCount, formatMilliseconds, formatShare, formatUnits } from '@/components/format';
import type { Figures, Latency, Problem } from '@/lib/domain/monitoring/figures';
import type { LiveView } from './live-view';
import { rangeNames } from './view';

type Values = readonly (number | null)[];

/** One line of a chart and one column of a table. */
export interface Line {
  readonly id: string;
  readonly name: string;
  readonly values: Values;
  readonly stroke: 'bar' | 'line' | 'dashed' | 'dotted' | 'failed-bar';
  format(value: number): string;
  /** In the legend and the table, but not drawn: a component of a drawn line. */
  readonly quiet?: boolean;
}

export interface PanelChart {
  readonly id: string;
  readonly title: string;
  readonly kind: 'count' | 'time' | 'share';
  readonly lines: readonly Line[];
  readonly note: PanelNote | null;
  readonly headline: string | null;
}

/** Why a panel does not show full data; the reasons are kept distinct. */
export interface PanelNote {
  readonly state: 'failed' | 'denied' | 'partial' | 'none' | 'zero';
  readonly text: string;
}

/** CloudWatch keeps metrics longer than it lists them, but reading them then requires the variant's name. */
export const nothingListed = 'CloudWatch lists no metrics for this endpoint from the last two weeks.';

/** The charts of a view in order; a chart with nothing to draw says why. */
export function chartsOf(view: LiveView): readonly PanelChart[] {
  const { metrics } = view;
  if (metrics.state === 'read') return chartsOfFigures(metrics.figures, view);
  const note: PanelNote =
    metrics.state === 'nothing'
      ? { state: 'none', text: nothingListed }
      : metrics.failure.code === 'dependency_denied'
        ? { state: 'denied', text: 'AWS doesn’t allow Annex to read this metric.' }
        : { state: 'failed', text: 'This metric could not be read.' };
  return (
    [
      ['invocations', 'Invocations', 'count'],
      ['errors', 'Errors', 'count'],
      ['success', 'Success rate', 'share'],
      ['model', 'Model latency', 'time'],
      ['overhead', 'Overhead latency', 'time'],
    ] as const
  ).map(([id, title, kind]) => ({ id, title, kind, lines: [], note, headline: null }));
}

function chartsOfFigures(figures: Figures, view: LiveView): readonly PanelChart[] {
  const { invocations, errors, success, model, overhead } = figures;
  // If the number of calls is unknown, missing data points do not mean zero calls.
  const silence = `No ${invocations.problem ? 'data points' : 'calls'} in the last ${rangeNames[view.range][1]}.`;
  const zero =
    invocations.total === null ? 'No errors.' : `No errors in ${formatUnits(invocations.total, 'call')}.`;
  const count = (total: number | null) => (total === null ? null : formatCount(total));
  return [
    {
      id: 'invocations',
      title: 'Invocations',
      kind: 'count',
      lines: [{ id: 'calls', name: 'Calls', values: invocations.values, stroke: 'bar', format: formatCount }],
      note:
        problemNote(invocations.problem) ?? emptyNote(invocations.total, silence, 'Zero calls were counted.'),
      headline: count(invocations.total),
    },
    {
      id: 'errors',
      title: 'Errors',
      kind: 'count',
      lines: [
        { id: 'errors', name: '4XX + 5XX', values: errors.values, stroke: 'failed-bar', format: formatCount },
        { id: '4xx', name: '4XX', values: errors.client, stroke: 'line', format: formatCount, quiet: true },
        { id: '5xx', name: '5XX', values: errors.server, stroke: 'line', format: formatCount, quiet: true },
      ],
      note: problemNote(errors.problem) ?? emptyNote(errors.total, silence, zero),
      headline: count(errors.total),
    },
    {
      id: 'success',
      title: 'Success rate',
      kind: 'share',
      lines: [
        {
          id: 'rate',
          name: '1 − errors / calls',
          values: success.values,
          stroke: 'line',
          format: formatShare,
        },
      ],
      note:
        problemNote(success.problem) ??
        (success.total === null ? { state: 'none', text: 'No calls, so there is no success rate.' } : null),
      headline: success.total === null ? null : formatShare(success.total),
    },
    latencyChart('model', 'Model latency', model, silence),
    latencyChart('overhead', 'Overhead latency', overhead, silence),
  ];
}

function latencyChart(id: string, title: string, latency: Latency, silence: string): PanelChart {
  const known = [...latency.p50, ...latency.p90, ...latency.p99].some((value) => value !== null);
  const line = (name: 'p50' | 'p90' | 'p99', stroke: Line['stroke']): Line => ({
    id: name,
    name,
    values: latency[name],
    stroke,
    format: formatMilliseconds,
  });
  return {
    id,
    title,
    kind: 'time',
    lines: [line('p50', 'line'), line('p90', 'dashed'), line('p99', 'dotted')],
    note: problemNote(latency.problem) ?? (known ? null : { state: 'none', text: silence }),
    headline: null,
  };
}

function problemNote(problem: Problem): PanelNote | null {
  switch (problem) {
    case 'denied':
      return { state: 'denied', text: 'AWS doesn’t allow Annex to read this metric.' };
    case 'failed':
      return { state: 'failed', text: 'CloudWatch could not return this metric.' };
    case 'partial':
      return { state: 'partial', text: 'CloudWatch returned only part of this metric.' };
    default:
      return null;
  }
}

const emptyNote = (total: number | null, none: string, zero: string): PanelNote | null =>
  total === null ? { state: 'none', text: none } : total === 0 ? { state: 'zero', text: zero } : null;

/** True when there is something to draw, including partial lines and lines of zeros. */
export const isDrawn = ({ lines, note }: PanelChart): boolean =>
  lines.some(({ values }) => values.some((value) => value !== null)) && note?.state !== 'denied';

/**
 * The index of the period that began at `chosen`, s, however far the periods have moved on since somebody chose it. Without
 * it, of the period of the newest data, or the last one.
 */
export function periodOf(times: readonly number[], chosen: number | null, newest: number | null): number {
  const find = (at: number | null) => (at === null ? -1 : times.indexOf(at));
  return [find(chosen), find(newest), times.length - 1].find((index) => index >= 0) ?? 0;
}

/** Indexes of the periods in which any line has a value, newest first. */
export function periodsWithData(lines: readonly Line[], length: number): readonly number[] {
  return Array.from({ length }, (_, index) => length - 1 - index).filter((index) =>
    lines.some(({ values }) => (values[index] ?? null) !== null),
  );
}

/** One value as text, or a dash for a period without one. */
export const readingOf = ({ values, format }: Line, index: number): string => {
  const value = values[index] ?? null;
  return value === null ? '–' : format(value);
};
