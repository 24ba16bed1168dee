import { formatCount, formatMilliseconds, formatShare, formatUnits } from '@/components/format';
import type { Figures, Latency } from '@/lib/domain/monitoring/figures';
import type { Problem, Values } from '@/lib/domain/monitoring/traffic';
import { type Caller, type CallerRow, callersOf } from './callers';
import type { LiveView } from './live-view';
import { rangeNames } from './view';

/** How a line is drawn. */
export type Look =
  | 'calls'
  | 'errors'
  | 'own-scoring'
  | 'own-look'
  | 'own-test'
  | 'line'
  | 'dashed'
  | 'dotted';

/** One line of a chart and one column of a table. */
export interface Line {
  readonly id: string;
  readonly name: string;
  readonly values: Values;
  readonly look: Look;
  format(value: number): string;
}

export interface PanelChart {
  readonly id: string;
  readonly title: string;
  /** Counts are bars on top of each other, the others are lines. */
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

/** `in the last hour`, or `in this time` for two chosen instants. */
export const spanInWords = ({ range, window }: Pick<LiveView, 'range' | 'window'>): string =>
  window.pinned ? 'in this time' : `in the last ${rangeNames[range][1]}`;

/** The charts of a view in order; a chart with nothing to draw says why. */
export function chartsOf(view: LiveView): readonly PanelChart[] {
  const { metrics } = view;
  if (metrics.state === 'read') return chartsOfFigures(metrics.figures, spanInWords(view));
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

function chartsOfFigures(figures: Figures, span: string): readonly PanelChart[] {
  const callers = callersOf(figures);
  const [lead] = callers;
  const silence = `No ${figures.all.calls.problem ? 'data points' : 'calls'} ${span}.`;
  return [
    callsChart(figures, callers, span, silence),
    errorsChart(lead, callers, silence),
    successChart(lead, callers),
    latencyChart('model', 'Model latency', figures.model, silence),
    latencyChart('overhead', 'Overhead latency', figures.overhead, silence),
  ];
}

function callsChart(
  { all }: Figures,
  callers: readonly [CallerRow, ...CallerRow[]],
  span: string,
  silence: string,
): PanelChart {
  const [{ caller, traffic }] = callers;
  const onlyAnnex = caller === 'apps' && (all.calls.total ?? 0) > 0;
  const zero = onlyAnnex ? `Only Annex called ${span}.` : 'Zero calls were counted.';
  return {
    id: 'invocations',
    title: 'Invocations',
    kind: 'count',
    lines: barsOf(callers, 'calls'),
    note: problemNote(traffic.calls.problem) ?? emptyNote(traffic.calls.total, silence, zero),
    headline: countOf(traffic.calls.total),
  };
}

function errorsChart(
  { traffic: { errors, calls } }: CallerRow,
  callers: readonly CallerRow[],
  silence: string,
): PanelChart {
  const zero = calls.total === null ? 'No errors.' : `No errors in ${formatUnits(calls.total, 'call')}.`;
  return {
    id: 'errors',
    title: 'Errors',
    kind: 'count',
    // Tests send malformed rows on purpose: that they are refused is no error.
    lines: barsOf(callers, 'errors').filter(
      ({ id, values }, at) => at === 0 || (id !== 'test' && values.some((value) => (value ?? 0) > 0)),
    ),
    note: problemNote(errors.problem) ?? emptyNote(errors.total, silence, zero),
    headline: countOf(errors.total),
  };
}

/** Tests send malformed rows on purpose, so their share says nothing about the model. */
function successChart({ traffic: { success } }: CallerRow, callers: readonly CallerRow[]): PanelChart {
  const looks: Partial<Record<Caller, Look>> = { scoring: 'dashed', look: 'dotted' };
  const lines = callers
    .filter(({ caller }, at) => at === 0 || caller in looks)
    .map(({ caller, name, traffic }): Line => {
      const look = looks[caller] ?? 'line';
      return { id: caller, name, values: traffic.success.values, look, format: formatShare };
    });
  return {
    id: 'success',
    title: 'Success rate',
    kind: 'share',
    lines: withValues(lines),
    note:
      problemNote(success.problem) ??
      (success.total === null ? { state: 'none', text: 'No calls, so there is no success rate.' } : null),
    headline: success.total === null ? null : formatShare(success.total),
  };
}

function barsOf(callers: readonly CallerRow[], of: 'calls' | 'errors'): readonly Line[] {
  return withValues(
    callers.map(({ caller, name, traffic }): Line => {
      const look = caller === 'apps' || caller === 'all' ? of : (`own-${caller}` as const);
      return { id: caller, name, values: traffic[of].values, look, format: formatCount };
    }),
  );
}

/** Without the callers that have nothing in it; the first one stays. */
const withValues = (lines: readonly Line[]): readonly Line[] =>
  lines.filter(({ values }, at) => at === 0 || values.some((value) => value !== null));

function latencyChart(id: string, title: string, latency: Latency, silence: string): PanelChart {
  const known = [...latency.p50, ...latency.p90, ...latency.p99].some((value) => value !== null);
  const line = (name: 'p50' | 'p90' | 'p99', look: Look): Line => ({
    id: name,
    name,
    values: latency[name],
    look,
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

const countOf = (total: number | null): string | null => (total === null ? null : formatCount(total));

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
