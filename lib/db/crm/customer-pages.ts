import { z } from 'zod';
import type { CustomerPage, CustomerQuery } from '@/lib/domain/crm/ports';
import { decodeCursor, encodeCursor, pageWithin, wrongCursor } from '@/lib/domain/cursor';
import { listId } from '../core/keyset';
import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';
import { placeOf } from './customer-place';
import { type CustomerRow, customerColumns } from './customer-rows';
import { searchFilter } from './customer-search';
import { type SegmentName, type Slice, segmentNames, segmentSql, segmentsOf } from './customer-segments';
import { type ShownScores, shownScores } from './shown-scores';

export type CustomerSelection = Omit<CustomerQuery, 'cursor' | 'limit'>;

/** A row of a list, and its segment. */
interface Placed {
  readonly row: CustomerRow;
  readonly segment: SegmentName;
}

export interface RowPage extends Omit<CustomerPage, 'customers'> {
  readonly rows: readonly CustomerRow[];
}

/** Where a page of customers begins or ends. */
export const customerPosition = z.object({
  /** Fingerprint of the list to which the position belongs. */
  l: z.string(),
  /** Direction: next (`n`) or previous (`p`). */
  d: z.enum(['n', 'p']),
  s: z.enum(segmentNames),
  k: z.number().nullable(),
  i: z.string(),
  /** Rank of the row, from 1. Absent when it was unknown. */
  r: z.int().min(1).optional(),
  /** Fingerprint of the edition in which the row has this rank. */
  e: z.string().optional(),
});
type Cursor = z.output<typeof customerPosition>;

/**
 * A smaller band is sorted when a list by id asks for it. A larger band has enough customers for every page to be found
 * by walking the index.
 */
const fewInBand = 5000;

/** Creates pages of a selection of a tenant's customers. `run` keeps them in one transaction. */
export async function pagesOf(run: RunQuery, tenantId: string, selection: CustomerSelection) {
  const { sort, direction, band, search } = selection;
  const list = listId([sort, direction, band ?? '', search ?? '']);
  const filter = await searchFilter(run, tenantId, selection.search);
  const shown = await shownScores(run, tenantId);
  const edition = listId(shown.edition);
  const counts = keptCounts(shown, selection);
  const slice = {
    tenantId,
    sheet: shown.sheet,
    query: selection,
    filter,
    fewInBand: counts.inBand <= fewInBand,
  };

  /** Up to `limit` rows after `cursor`, in reading order. */
  async function read(cursor: Cursor | null, back: boolean, limit: number): Promise<Placed[]> {
    const names = segmentsOf(selection).filter(
      (name) => name === 'keyed' || selection.sort === 'id' || counts.unkeyed > 0,
    );
    if (back) names.reverse();
    const from = cursor ? names.indexOf(cursor.s) : 0;
    const found: Placed[] = [];
    for (const segment of from < 0 ? [] : names.slice(from)) {
      const after = cursor && segment === cursor.s ? { key: cursor.k, id: cursor.i } : null;
      const ascending =
        (segment === 'unkeyed' && selection.sort !== 'id' ? true : selection.direction === 'asc') !== back;
      const rows = await readSlice(run, segment, { ...slice, ascending, after, limit: limit - found.length });
      found.push(...rows.map((row) => ({ row, segment })));
      if (found.length >= limit) break;
    }
    return found;
  }

  const cursorAt = (d: Cursor['d'], placed: Placed | undefined, rank: number | undefined): string | null =>
    placed
      ? encodeCursor({
          l: list,
          d,
          s: placed.segment,
          k: placed.row.sort_key,
          i: placed.row.id,
          ...(rank === undefined ? {} : { r: rank, e: edition }),
        } satisfies Cursor)
      : null;

  return async (cursorText: string | undefined, limit: number): Promise<RowPage> => {
    const cursor = cursorText === undefined ? null : decodeCursor(customerPosition, cursorText);
    if (cursor && cursor.l !== list) throw wrongCursor();
    const back = cursor?.d === 'p';
    const found = await read(cursor, back, limit + 1);
    const { rows: page, before, after } = pageWithin(found, { limit, back, fromCursor: cursor !== null });
    const first = cursor ? firstRank(cursor, page.length) : 1;
    const place = placeOf({ first, rows: page.length, before, after, total: counts.total });
    const last = place ? place.first + page.length - 1 : undefined;
    return {
      rows: page.map(({ row }) => row),
      place,
      previous: before ? cursorAt('p', page[0], place?.first) : null,
      next: after ? cursorAt('n', page.at(-1), last) : null,
    };
  };

  /** The rank of the first of `rows` rows at a cursor; null when the list has changed since. */
  function firstRank({ d, r, e }: Cursor, rows: number): number | null {
    if (r === undefined || e !== edition) return null;
    return d === 'n' ? r + 1 : r - rows;
  }
}

async function readSlice(run: RunQuery, segment: SegmentName, slice: Slice): Promise<readonly CustomerRow[]> {
  const direction = Prisma.raw(slice.ascending ? 'ASC' : 'DESC');
  const key =
    segment === 'keyed' && slice.query.sort !== 'id' ? Prisma.sql`p.sort_key ${direction}, ` : Prisma.empty;
  return run<CustomerRow>(Prisma.sql`
    SELECT ${customerColumns}, p.sort_key
    FROM (${segmentSql(segment, slice)}) AS p
    JOIN crm.customer c ON c.tenant_id = ${slice.tenantId} AND c.id = p.customer_id
    LEFT JOIN ${slice.sheet} s ON s.tenant_id = ${slice.tenantId} AND s.customer_id = p.customer_id
    ORDER BY ${key}p.customer_id ${direction}`);
}

/**
 * From the stored counts: the number of customers without the sort key, in the requested band, and in the list, which is null
 * when unknown.
 */
function keptCounts({ customers, featured, bands }: ShownScores, { sort, band, search }: CustomerSelection) {
  const keyed = sort === 'risk' ? bands.low + bands.medium + bands.high : featured;
  // Without an import there may still be customers. There are no stored counts of them, so this assumes one.
  const unkeyed = customers === null ? 1 : customers - keyed;
  const inBand = band ? bands[band] : 0;
  return { unkeyed, inBand, total: search ? null : band ? inBand : customers };
}
