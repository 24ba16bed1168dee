import { z } from 'zod';
import type { CustomerStore, OrderPage } from '@/lib/domain/crm/ports';
import { edgeAt, pageAt } from '../core/keyset';
import type { RunQuery } from '../core/transaction';
import { Prisma } from '../generated/client';

/** An instant of PostgreSQL in UTC, to the microsecond, which a `Date` does not hold. There is no year 0. */
const instant = z.iso.datetime({ local: true }).refine((text) => !text.startsWith('0000'));

const amount = z.string().regex(/^-?\d{1,30}(\.\d{1,20})?$/);

/** The sort key of an order: time, quantity, amount and occurrence. PostgreSQL can read all that it accepts. */
export const orderPosition = z.tuple([instant, z.int32(), amount, z.int32()]);
type Position = z.output<typeof orderPosition>;

/** A customer with more orders has no place: counting them would take longer than reading the page. */
const mostCounted = 10_000;

interface OrderRow {
  readonly ordered_at: Date;
  readonly at: string;
  readonly quantity: number;
  readonly amount: string;
  readonly occurrence: number;
}

/** One page of the customer's orders, newest first. Throws `invalid` for a cursor of another list. */
export async function readOrders(
  run: RunQuery,
  tenantId: string,
  customerId: string,
  { cursor, limit, placed = false }: Parameters<CustomerStore['orders']>[1],
): Promise<OrderPage> {
  const edge = edgeAt(orderPosition, cursor);
  const back = edge?.d === 'p';
  const ofCustomer = Prisma.sql`crm.customer_order WHERE tenant_id = ${tenantId} AND customer_id = ${customerId}`;
  const beyond = edge ? Prisma.sql`AND ${compared(back ? '>' : '<', edge.k)}` : Prisma.empty;
  const way = Prisma.raw(back ? 'ASC' : 'DESC');
  const found = await run<OrderRow>(Prisma.sql`
    SELECT ordered_at, to_char(ordered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') AS at, quantity, amount::text AS amount, occurrence
    FROM ${ofCustomer} ${beyond}
    ORDER BY ordered_at ${way}, quantity ${way}, amount ${way}, occurrence ${way} LIMIT ${limit + 1}`);
  const { rows, ...links } = pageAt(found, { edge, limit, keyOf: positionOf });
  const [first] = rows;
  return {
    ...links,
    orders: rows.map((row) => ({
      orderedAt: row.ordered_at,
      quantity: row.quantity,
      amount: Number(row.amount),
    })),
    place: placed && first ? await placeOf(run, ofCustomer, first) : null,
  };
}

async function placeOf(run: RunQuery, ofCustomer: Prisma.Sql, first: OrderRow): Promise<OrderPage['place']> {
  const newer = Prisma.sql`${ofCustomer} AND ${compared('>', positionOf(first))}`;
  const counted = (from: Prisma.Sql) =>
    Prisma.sql`(SELECT count(*)::integer FROM (SELECT FROM ${from} LIMIT ${mostCounted + 1}) AS counted)`;
  const [counts] = await run<{ total: number; newer: number }>(
    Prisma.sql`SELECT ${counted(ofCustomer)} AS total, ${counted(newer)} AS newer`,
  );
  return counts && counts.total <= mostCounted ? { first: counts.newer + 1, total: counts.total } : null;
}

/** Compares an order with the one at `key`: `>` is newer. */
const compared = (operator: '<' | '>', [at, quantity, sum, occurrence]: Position): Prisma.Sql =>
  Prisma.sql`(ordered_at, quantity, amount, occurrence) ${Prisma.raw(operator)}
    (${at}::timestamp AT TIME ZONE 'UTC', ${quantity}::integer, ${sum}::numeric, ${occurrence}::integer)`;

const positionOf = ({ at, quantity, amount: sum, occurrence }: OrderRow): Position => [
  at,
  quantity,
  sum,
  occurrence,
];
