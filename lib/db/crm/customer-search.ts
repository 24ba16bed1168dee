import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';

/** Sorts after every character. In byte order, texts that begin with `x` lie between `x` and `x` followed by this. */
const last = '\u{10FFFF}';
const mostWords = 6;
/** Up to this many matches, fetching and sorting them is cheaper than walking the list and skipping the rest. */
const fewMatches = 2000;

/** The part of a list that a search selects. */
export interface SearchFilter {
  /** The only ids that can match, if they are few. */
  readonly ids: readonly string[] | null;
  /** The condition on a customer id for what `ids` does not cover. */
  matches(id: Prisma.Sql): Prisma.Sql;
}

/** A list without a search. */
const everyCustomer: SearchFilter = { ids: null, matches: () => Prisma.sql`TRUE` };

/**
 * If `search` begins an id, which may contain blanks, it selects such ids. Otherwise every word of it must begin the id, a word of
 * the name, or the e-mail address. Any case. Ranges instead of LIKE: under row-level security only leakproof operators reach
 * an index.
 */
export async function searchFilter(
  run: RunQuery,
  tenantId: string,
  search: string | undefined,
): Promise<SearchFilter> {
  const whole = (search ?? '').trim();
  if (whole === '') return everyCustomer;
  const words = (await beginsAnId(run, tenantId, whole)) ? [whole] : whole.split(/\s+/).slice(0, mostWords);
  let few: { readonly word: string; readonly ids: readonly string[] } | null = null;
  for (const word of words) {
    const ids = await fewThatMatch(run, tenantId, word);
    if (ids && (few === null || ids.length < few.ids.length)) few = { word, ids };
  }
  const unsaid = words.filter((word) => word !== few?.word);
  return {
    ids: few?.ids ?? null,
    matches: (id) =>
      unsaid.length === 0
        ? Prisma.sql`TRUE`
        : Prisma.join(
            unsaid.map((word) => Prisma.sql`(${condition(tenantId, word, id)})`),
            ' AND ',
          ),
  };
}

/** Only ids have terms with blanks. */
const beginsAnId = async (run: RunQuery, tenantId: string, whole: string): Promise<boolean> =>
  /\s/.test(whole) && (await fewThatMatch(run, tenantId, whole))?.length !== 0;

function condition(tenantId: string, word: string, id: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${inRange(id, word)} OR EXISTS (
    SELECT FROM crm.customer_term t
    WHERE t.tenant_id = ${tenantId} AND t.customer_id = ${id} AND ${inRange(Prisma.sql`t.term`, word)})`;
}

/** The ids that match `word`; null when there are many. */
async function fewThatMatch(
  run: RunQuery,
  tenantId: string,
  word: string,
): Promise<readonly string[] | null> {
  const limit = fewMatches + 1;
  const [found] = await run<{ ids: readonly string[] | null; many: boolean }>(Prisma.sql`
    SELECT count(*) > ${fewMatches} AS many, CASE WHEN count(*) <= ${fewMatches} THEN array_agg(DISTINCT id) END AS ids
    FROM (
      (SELECT c.id FROM crm.customer c
       WHERE c.tenant_id = ${tenantId} AND ${inRange(Prisma.sql`c.id`, word)} ORDER BY c.id LIMIT ${limit})
      UNION ALL
      (SELECT t.customer_id FROM crm.customer_term t
       WHERE t.tenant_id = ${tenantId} AND ${inRange(Prisma.sql`t.term`, word)} ORDER BY t.term, t.customer_id LIMIT ${limit})
    ) AS matches`);
  return found?.many ? null : (found?.ids ?? []);
}

function inRange(column: Prisma.Sql, word: string): Prisma.Sql {
  return Prisma.sql`${column} >= lower(${word}::text) AND ${column} < lower(${word}::text) || ${last}::text`;
}
