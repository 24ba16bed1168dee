import { expect } from 'vitest';
import {
  type Customer,
  type CustomerPage,
  type CustomerQuery,
  type CustomerStore,
  customerSorts,
} from '@/lib/domain/crm/ports';
import { bandOf, riskBands } from '@/lib/domain/crm/risk-bands';
import { sortDirections } from '@/lib/domain/sort-direction';

const featureOf = {
  recency: 'recencyDays',
  days: 'frequency',
  value: 'monetaryMean',
  spend: 'spend90d',
  orders: 'orders90d',
} as const;

/** The expected list: customers with the key first, ties by id in the same direction, then the others by id. */
export function expectedIds(
  customers: readonly Customer[],
  { sort, direction, band, search }: Omit<CustomerQuery, 'limit'>,
): string[] {
  const keyOf = ({ features, score }: Customer): number | null => {
    if (sort === 'risk') return score?.probability ?? null;
    if (sort === 'id' || features === null) return null;
    return features[featureOf[sort]];
  };
  const sign = direction === 'asc' ? 1 : -1;
  const byId = (a: Customer, b: Customer) => (a.id < b.id ? -1 : 1);
  const chosen = customers.filter((customer) => inBand(customer, band) && isFound(customer, search));
  if (sort === 'id') return chosen.toSorted((a, b) => sign * byId(a, b)).map(({ id }) => id);
  const keyed = chosen.filter((one) => keyOf(one) !== null);
  keyed.sort((a, b) => sign * ((keyOf(a) ?? 0) - (keyOf(b) ?? 0) || byId(a, b)));
  const others = band ? [] : chosen.filter((one) => keyOf(one) === null).toSorted(byId);
  return [...keyed, ...others].map(({ id }) => id);
}

function inBand({ score }: Customer, band: CustomerQuery['band']): boolean {
  if (!band) return true;
  if (!score) return false;
  return band === bandOf(score.probability);
}

function isFound({ id, name, email }: Customer, search: string | undefined): boolean {
  const terms = [id, email ?? '', ...(name ?? '').split(/\s+/)].map((term) => term.toLowerCase());
  return (search ?? '')
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((word) => terms.some((term) => term.startsWith(word)));
}

/**
 * Reads a list page by page to its end, then back to its beginning. `placed` is the share of pages that know their place; where
 * one does, it must be right.
 */
export async function walk(
  store: CustomerStore,
  query: Omit<CustomerQuery, 'cursor'>,
): Promise<{ forward: string[]; backward: string[]; placed: number }> {
  const forward: string[] = [];
  const backward: string[] = [];
  const places: { readonly known: CustomerPage['place']; readonly first: string | undefined }[] = [];
  let page = await store.list(query);
  const firstIds = page.customers.map(({ id }) => id);
  let last = page;
  for (;;) {
    places.push({ known: page.place, first: page.customers[0]?.id });
    forward.push(...page.customers.map(({ id }) => id));
    last = page;
    if (!page.next) break;
    page = await store.list({ ...query, cursor: page.next });
  }
  for (page = last; ; page = await store.list({ ...query, cursor: page.previous })) {
    places.push({ known: page.place, first: page.customers[0]?.id });
    backward.unshift(...page.customers.map(({ id }) => id));
    if (!page.previous) break;
  }
  expect(forward.slice(0, firstIds.length)).toEqual(firstIds);
  const known = places.filter((each) => each.known !== null);
  for (const { known: place, first } of known) {
    expect(place).toEqual({ first: forward.indexOf(first ?? '') + 1, total: forward.length });
  }
  return { forward, backward, placed: known.length / places.length };
}

/** All combinations of sort, direction and band. */
export const listCases = () =>
  customerSorts.flatMap((sort) =>
    sortDirections.flatMap((direction) =>
      [undefined, ...riskBands].map((band) => ({ sort, direction, band })),
    ),
  );
