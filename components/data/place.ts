import { formatCount, formatUnits } from '../format';

/** Where a page is: the rank of its first row, from 1, among all rows. Null: unknown. */
export type Place = { readonly first: number; readonly total: number } | null;

/** `51–100 of 1,234 tenants`. Where the place is unknown, `Showing 25 extracts`, and what `order` says: `, newest first`. */
export function whereIn(place: Place, shown: number, one: string, order?: string): string {
  if (!place) return `Showing ${formatUnits(shown, one)}${order === undefined ? '' : `, ${order}`}`;
  const { first, total } = place;
  return `${formatCount(first)}–${formatCount(first + shown - 1)} of ${formatUnits(total, one)}`;
}
