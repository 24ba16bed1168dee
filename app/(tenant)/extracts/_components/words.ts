import type { Extract, ExtractFormat, ExtractState } from '@/lib/domain/extracts/ports';

const stateWords: Readonly<Record<ExtractState, string>> = {
  queued: 'Queued',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** The name of each format, and what it is and who reads it. */
export const formatWords: Readonly<Record<ExtractFormat, readonly [name: string, what: string]>> = {
  csv: [
    'CSV',
    'With a header row; missing values are empty. For pandas, R and spreadsheets; training jobs can’t read it.',
  ],
  xgboost: [
    'CSV for SageMaker XGBoost',
    'Numbers only, no header; in training data the label comes first. For training jobs in Studio and SageMaker’s built-in XGBoost.',
  ],
  parquet: ['Parquet', 'Typed columns, compressed. For pandas, Spark and Athena.'],
};

export const isOpen = ({ state }: Pick<Extract, 'state'>): boolean =>
  state === 'queued' || state === 'running';

/** `Cancelling` while a run is being stopped. */
export const stateOf = (extract: Pick<Extract, 'state' | 'cancelAskedAt'>): string =>
  isOpen(extract) && extract.cancelAskedAt ? 'Cancelling' : stateWords[extract.state];

/** How long the attempt's run took, or has taken until `now`, ms; null while no run is known. */
export const lengthOf = ({ runId, startedAt, finishedAt }: Extract, now: Date): number | null =>
  runId && startedAt ? (finishedAt ?? now).getTime() - startedAt.getTime() : null;
