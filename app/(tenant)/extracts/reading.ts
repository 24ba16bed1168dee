import type { Reading } from '@/components/live/reading';
import { datasets } from '@/lib/domain/extracts/datasets';
import type { Extract, ExtractFormat, ExtractPage, ExtractState } from '@/lib/domain/extracts/ports';
import { isOpen, lengthOf, stateOf } from './_components/words';
import { type Step, stepsOf } from './[id]/_components/steps';

/** One page of the list as JSON values. Instants are ISO 8601. */
export interface ExtractsReading extends Reading {
  readonly lines: readonly ExtractLine[];
  /** Cursors of the next page and of the previous one. */
  readonly next: string | null;
  readonly previous: string | null;
}

export interface ExtractLine {
  readonly requestId: string;
  readonly label: string;
  readonly state: ExtractState;
  readonly stateWords: string;
  readonly rows: number | null;
  readonly bytes: number | null;
  /** ms */
  readonly length: number | null;
  readonly format: ExtractFormat;
  readonly requestedAt: string;
  readonly by: string;
}

/** A page of the list as it stood at `now`. */
export function extractsReading({ extracts, next, previous }: ExtractPage, now: Date): ExtractsReading {
  const open = extracts.filter(isOpen).length;
  return {
    at: now.toISOString(),
    underWay: open > 0,
    mark: '',
    words: `Extracts under way: ${open}`,
    lines: extracts.map((extract) => lineOf(extract, now)),
    next,
    previous,
  };
}

function lineOf(extract: Extract, now: Date): ExtractLine {
  const { requestId, dataset, state, file, format, requestedAt, requestedBy } = extract;
  return {
    requestId,
    label: datasets[dataset].label,
    state,
    stateWords: stateOf(extract),
    rows: file?.rows ?? null,
    bytes: file?.bytes ?? null,
    length: lengthOf(extract, now),
    format,
    requestedAt: requestedAt.toISOString(),
    by: requestedBy.name,
  };
}

/** The progress of one extract as JSON values. */
export interface ExtractReading extends Reading {
  readonly steps: readonly (Omit<Step, 'at'> & { readonly at: string | null })[];
}

/** An extract as it stood at `now`. */
export const extractReading = (extract: Extract, now: Date): ExtractReading => ({
  at: now.toISOString(),
  underWay: isOpen(extract),
  mark: `${extract.attempt} ${stateOf(extract)}`,
  words: `${datasets[extract.dataset].label}: ${stateOf(extract)}`,
  steps: stepsOf(extract, now).map(({ at, ...step }) => ({ ...step, at: at?.toISOString() ?? null })),
});
