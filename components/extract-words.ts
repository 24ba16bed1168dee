import type { ColumnType, Mask } from '@/lib/domain/extracts/ports';

/** What each mask does to a column. */
export const maskWords: Readonly<Record<Mask, string>> = {
  none: 'Unmasked',
  redact: 'Redacted',
  hash: 'Salted hash',
  partial: 'Partially masked',
  generalize: 'Generalised',
  drop: 'Dropped',
};

export const typeWords: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  int: 'whole number',
  float: 'number',
  timestamp: 'date and time, UTC',
  date: 'date',
};
