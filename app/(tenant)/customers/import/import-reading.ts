import { formatBytes, formatUnits } from '@/components/format';
import type { Reading } from '@/components/live/reading';
import { isImporting } from '@/lib/domain/crm/imports';
import type { OrderImport } from '@/lib/domain/crm/ports';

/** The state of the last import as JSON values. */
export interface ImportReading extends Reading {
  /** Of the import under way; null: none is. */
  readonly progress: ImportProgress | null;
  /** Of the last import. */
  readonly state: OrderImport['state'] | null;
  readonly startedBy: string | null;
  readonly startedAt: string | null;
}

export interface ImportProgress {
  readonly state: 'reading' | 'storing';
  readonly readBytes: number;
  /** Null: unknown. */
  readonly fileBytes: number | null;
  readonly readLines: number;
  readonly fileName: string | null;
  readonly startedBy: string;
}

/** The last import as it stood at `now`. Its mark does not change with its progress. */
export function importReading(last: OrderImport | null, now: Date): ImportReading {
  const underWay = last !== null && isImporting(last);
  return {
    at: now.toISOString(),
    underWay,
    mark: JSON.stringify(last && [last.id, underWay ? 'under way' : last.state]),
    words: importWords(last),
    progress: last && underWay ? progressOf(last) : null,
    state: last?.state ?? null,
    startedBy: last?.startedBy ?? null,
    startedAt: last?.startedAt.toISOString() ?? null,
  };
}

function progressOf({
  state,
  readBytes,
  fileBytes,
  readLines,
  fileName,
  startedBy,
}: OrderImport): ImportProgress {
  return {
    state: state === 'storing' ? 'storing' : 'reading',
    readBytes,
    fileBytes,
    readLines,
    fileName,
    startedBy,
  };
}

/** What became of the last import, or how far it is, in a sentence. */
export function importWords(last: OrderImport | null): string {
  switch (last?.state) {
    case undefined:
      return 'Nothing was imported yet.';
    case 'reading':
      return 'The file is being read.';
    case 'storing':
      return 'The orders are being stored.';
    case 'done':
      return `Imported: ${formatUnits(last.result?.orders ?? 0, 'order')}.`;
    case 'refused':
      return `The file was refused. ${last.reason ?? ''}`.trim();
    case 'interrupted':
      return 'The import broke off. Nothing was imported.';
    case 'failed':
      return `The import failed. ${last.reason ?? ''}`.trim();
  }
}

/** `12.5 MB of 40 MB read, 312,400 lines`, or what is done after that. */
export function progressWords({ state, readBytes, fileBytes, readLines }: ImportProgress): string {
  if (state === 'storing') return `${formatUnits(readLines, 'line')} read. Storing the orders.`;
  const of = fileBytes === null ? '' : ` of ${formatBytes(fileBytes)}`;
  return `${formatBytes(readBytes)}${of} read, ${formatUnits(readLines, 'line')}`;
}
