import { horizonDays } from '../time';

// What the features' SQL (`features.ts`) is computed over, once: stored scores and extracted features must not differ.

/** SQL expressions, usually placeholders, of a tenant and an instant. */
interface Instant {
  readonly tenant: string;
  /** timestamptz, the beginning of a day; what happened before it counts. */
  readonly asOf: string;
  /** timestamptz, 90 days before; what happened at it counts, so that the window is 90 whole days. */
  readonly windowStart: string;
}

/** Where the features' window before `asOf` begins, both timestamptz. */
export const windowStartSql = (asOf: string): string =>
  `${asOf}::timestamptz - interval '${horizonDays} days'`;

/**
 * One row a customer with an order before `asOf`: customer_id, order_days, since_first, since_last, orders, amount, orders_90d,
 * spend_90d; `day` is the UTC day of `asOf`. The primary key of the orders holds every column that is asked for, in the order
 * that the grouping wants: one pass over an index, and rows that come in the order of the customers. Bounds are
 * expressions of the caller because date arithmetic, done for each order, costs as much as the rest.
 */
export const orderHistorySql = ({
  tenant,
  asOf,
  windowStart,
  day,
}: Instant & { readonly day: string }): string => `
  SELECT customer_id,
    count(DISTINCT date_bin('1 day', ordered_at, '2000-01-01Z')) AS order_days,
    ${day}::date - (min(ordered_at) AT TIME ZONE 'UTC')::date AS since_first,
    ${day}::date - (max(ordered_at) AT TIME ZONE 'UTC')::date AS since_last,
    count(*) AS orders,
    sum(amount)::float8 AS amount,
    count(*) FILTER (WHERE ordered_at >= ${windowStart}::timestamptz) AS orders_90d,
    coalesce(sum(amount) FILTER (WHERE ordered_at >= ${windowStart}::timestamptz)::float8, 0) AS spend_90d
  FROM crm.customer_order
  WHERE tenant_id = ${tenant} AND ordered_at < ${asOf}::timestamptz
  GROUP BY customer_id`;

/** Rows of `histories` (an SQL relation of the columns above) with what the features' expressions are made of: repeats, recency, age. */
export const historyTermsSql = (histories: string): string => `
  SELECT *, order_days - 1 AS repeats, since_first - since_last AS recency, since_first AS age FROM ${histories}`;

/** customer_id and tickets: who opened how many in the 90 days. */
export const ticketCountsSql = ({ tenant, asOf, windowStart }: Instant): string => `
  SELECT customer_id, count(*)::integer AS tickets
  FROM crm.ticket
  WHERE tenant_id = ${tenant} AND opened_at >= ${windowStart} AND opened_at < ${asOf}::timestamptz
  GROUP BY customer_id`;
