import { horizonDays } from '../time';

// The one SQL source for the features (`features.ts`): stored scores and extracted features must not differ.

/** SQL expressions, usually placeholders, for a tenant and an instant. */
interface Instant {
  readonly tenant: string;
  /** timestamptz, the start of a day; only what happened before it counts. */
  readonly asOf: string;
  /** timestamptz, 90 days earlier, included: the window is 90 whole days. */
  readonly windowStart: string;
}

/** The start of the features' window before `asOf`, both timestamptz. */
export const windowStartSql = (asOf: string): string =>
  `${asOf}::timestamptz - interval '${horizonDays} days'`;

/**
 * Whether a row of `crm.customer_order`, under `alias`, is a purchase. A row with a negative amount is a refund: it lowers what a
 * customer has spent, and is no sign that the customer is still one. BG/NBD models purchases only.
 */
export const isPurchaseSql = (alias = 'customer_order'): string => `${alias}.amount >= 0`;

/**
 * One row per customer with a purchase before `asOf`: customer_id, order_days, since_first, since_last, orders, amount, orders_90d,
 * spend_90d; `day` is the UTC day of `asOf`. Days and numbers of orders are those of purchases; refunds count in the two sums.
 * The primary key of the orders holds every column used here, in the order of the grouping: the query is one pass over an index,
 * and rows come in order of customer. Callers pass the bounds as expressions, because date arithmetic for each order would cost as
 * much as the rest.
 */
export const orderHistorySql = ({
  tenant,
  asOf,
  windowStart,
  day,
}: Instant & { readonly day: string }): string => {
  const purchase = isPurchaseSql();
  const recent = `ordered_at >= ${windowStart}::timestamptz`;
  return `
  SELECT customer_id,
    count(DISTINCT date_bin('1 day', ordered_at, '2000-01-01Z')) FILTER (WHERE ${purchase}) AS order_days,
    ${day}::date - (min(ordered_at) FILTER (WHERE ${purchase}) AT TIME ZONE 'UTC')::date AS since_first,
    ${day}::date - (max(ordered_at) FILTER (WHERE ${purchase}) AT TIME ZONE 'UTC')::date AS since_last,
    count(*) FILTER (WHERE ${purchase}) AS orders,
    sum(amount)::float8 AS amount,
    count(*) FILTER (WHERE ${purchase} AND ${recent}) AS orders_90d,
    coalesce(sum(amount) FILTER (WHERE ${recent})::float8, 0) AS spend_90d
  FROM crm.customer_order
  WHERE tenant_id = ${tenant} AND ordered_at < ${asOf}::timestamptz
  GROUP BY customer_id
  HAVING count(*) FILTER (WHERE ${purchase}) > 0`;
};

/** Adds the terms of the features' expressions to `histories` (an SQL relation with the columns above): repeats, recency, age. */
export const historyTermsSql = (histories: string): string => `
  SELECT *, order_days - 1 AS repeats, since_first - since_last AS recency, since_first AS age FROM ${histories}`;

/** customer_id and tickets: how many each customer opened in the 90 days. */
export const ticketCountsSql = ({ tenant, asOf, windowStart }: Instant): string => `
  SELECT customer_id, count(*)::integer AS tickets
  FROM crm.ticket
  WHERE tenant_id = ${tenant} AND opened_at >= ${windowStart} AND opened_at < ${asOf}::timestamptz
  GROUP BY customer_id`;
