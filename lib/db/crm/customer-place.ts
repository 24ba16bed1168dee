import type { CustomerPage } from '@/lib/domain/crm/ports';

/** What a page knows about its place in the list. */
export interface PageReading {
  /** Rank of its first row, from 1, as its address has it; null when the address has none that holds. */
  readonly first: number | null;
  readonly rows: number;
  readonly before: boolean;
  readonly after: boolean;
  /** Rows of the list by the stored counts; null when unknown. */
  readonly total: number | null;
}

/**
 * The place of a page in its list, or null when it is unknown. A rank from an address is believed only where it agrees with what
 * was read: 1 where nothing precedes, the total where nothing follows, and between them elsewhere.
 */
export function placeOf({ first, rows, before, after, total }: PageReading): CustomerPage['place'] {
  if (first === null || total === null || rows === 0) return null;
  const last = first + rows - 1;
  const agrees = (before ? first > 1 : first === 1) && (after ? last < total : last === total);
  return agrees ? { first, total } : null;
}
