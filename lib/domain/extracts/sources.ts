import { historyTermsSql, isPurchaseSql, orderHistorySql, ticketCountsSql } from '../churn/feature-sql';
import { churnFeatures } from '../churn/features';
import type { BoundValue, DatasetName } from './ports';

/** Types of the values that a statement can need. In SQL, `{name}` stands for one. */
export const parameterTypes = {
  tenant: 'text',
  /** The range: at or after `from`, before `before`. */
  from: 'timestamptz',
  before: 'timestamptz',
  /** The date of the features, the start of their 90 days, its UTC day, and the end of the label's 90 days. */
  asOf: 'timestamptz',
  windowStart: 'timestamptz',
  day: 'date',
  end: 'timestamptz',
} as const satisfies Record<string, BoundValue['type']>;

export type Parameter = keyof typeof parameterTypes;

/** In the order of their placeholders. */
export const parameters: readonly Parameter[] = [
  'tenant',
  'from',
  'before',
  'asOf',
  'windowStart',
  'day',
  'end',
];

/** Where the rows of a dataset come from. */
export interface Source {
  readonly from: string;
  /** SQL expressions by column. */
  readonly columns: Readonly<Record<string, string>>;
  /** A condition that always applies; null if `from` contains it. */
  readonly where: string | null;
  /** Columns that tell rows apart, in the order of an index. */
  readonly key: readonly string[];
}

const ofTenant = 'source.tenant_id = {tenant}';
const instant = { tenant: '{tenant}', asOf: '{asOf}', windowStart: '{windowStart}' };

const features: Source = {
  from: `(${historyTermsSql(`(${orderHistorySql({ ...instant, day: '{day}' })}) AS histories`)}) AS source
LEFT JOIN (${ticketCountsSql(instant)}) AS ticketed USING (customer_id)`,
  columns: {
    customer_id: 'source.customer_id',
    ...Object.fromEntries(
      churnFeatures.map(({ name, type, sql }) => [
        name,
        `(${sql})::${type === 'int' ? 'integer' : 'double precision'}`,
      ]),
    ),
  },
  where: null,
  key: ['customer_id'],
};

/** SQL of all datasets. `infra/glue/datasets.json` is a copy for the job that production runs. */
export const sources: Readonly<Record<DatasetName, Source>> = {
  customers: {
    from: 'crm.customer AS source',
    columns: {
      customer_id: 'source.id',
      name: 'source.name',
      email: 'source.email',
      created_at: 'source.created_at',
    },
    where: ofTenant,
    key: ['customer_id'],
  },
  orders: {
    from: 'crm.customer_order AS source',
    columns: {
      customer_id: 'source.customer_id',
      ordered_at: 'source.ordered_at',
      quantity: 'source.quantity',
      amount: 'source.amount',
    },
    where: ofTenant,
    // Every column of the primary key that can be extracted.
    key: ['customer_id', 'ordered_at', 'quantity', 'amount'],
  },
  tickets: {
    from: 'crm.ticket AS source',
    columns: {
      ticket_id: 'source.id',
      customer_id: 'source.customer_id',
      opened_at: 'source.opened_at',
      subject: 'source.subject',
    },
    where: ofTenant,
    key: ['ticket_id'],
  },
  churn_features: features,
  /** Also whether an order came in the 90 days from the date on. */
  churn_training: {
    ...features,
    from: `${features.from}
LEFT JOIN (
  SELECT DISTINCT customer_id FROM crm.customer_order
  WHERE tenant_id = {tenant} AND ordered_at >= {asOf} AND ordered_at < {end} AND ${isPurchaseSql()}
) AS returned USING (customer_id)`,
    columns: { ...features.columns, churned: '(returned.customer_id IS NULL)::integer' },
  },
};
