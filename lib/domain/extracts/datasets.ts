import { featureCountInWords } from '../churn/feature-rows';
import { churnFeatures } from '../churn/features';
import type { ColumnType, DatasetName, ExtractFormat } from './ports';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  /** `days`, `currency` …; null for what has none. */
  readonly unit: string | null;
  readonly meaning: string;
}

export interface DatasetDefinition {
  readonly name: DatasetName;
  readonly label: string;
  readonly meaning: string;
  /** All columns that there could be, in the order of an extract. What a tenant gets of them is the policy's to say. */
  readonly columns: readonly ColumnDefinition[];
  /** The column that a date range narrows; null when it cannot be narrowed. */
  readonly dated: string | null;
  /** Where the features' date comes from. */
  readonly asOf: 'none' | 'newest' | 'chosen';
  /** The column that a model learns to foretell. */
  readonly target: string | null;
  readonly formats: readonly ExtractFormat[];
}

const customerId = text('customer_id', 'Id of the customer, as it was imported');
const features: readonly ColumnDefinition[] = churnFeatures.map(({ name, type, unit, meaning }) => ({
  name,
  type,
  unit,
  meaning,
}));
const churned: ColumnDefinition = {
  name: 'churned',
  type: 'int',
  unit: null,
  meaning: 'Label: 1 when no order came in the 90 days that begin with the date, else 0',
};

const anyTable: readonly ExtractFormat[] = ['csv', 'parquet'];

/** The datasets that there are. */
export const datasets: Readonly<Record<DatasetName, DatasetDefinition>> = {
  customers: {
    name: 'customers',
    label: 'Customers',
    meaning: 'One row a customer',
    columns: [
      customerId,
      text('name', 'Name of the customer'),
      text('email', 'E-mail address of the customer'),
      timestamp('created_at', 'When the customer came into the CRM'),
    ],
    dated: 'created_at',
    asOf: 'none',
    target: null,
    formats: anyTable,
  },
  orders: {
    name: 'orders',
    label: 'Orders',
    meaning: 'One row an order',
    columns: [
      customerId,
      timestamp('ordered_at', 'When it was ordered'),
      { name: 'quantity', type: 'int', unit: 'items', meaning: 'Items in the order' },
      { name: 'amount', type: 'float', unit: 'currency', meaning: 'Amount of the order' },
    ],
    dated: 'ordered_at',
    asOf: 'none',
    target: null,
    formats: anyTable,
  },
  tickets: {
    name: 'tickets',
    label: 'Tickets',
    meaning: 'One row a support ticket',
    columns: [
      text('ticket_id', 'Id of the ticket'),
      customerId,
      timestamp('opened_at', 'When it was opened'),
      text('subject', 'What the customer wrote as its subject'),
    ],
    dated: 'opened_at',
    asOf: 'none',
    target: null,
    formats: anyTable,
  },
  churn_features: {
    name: 'churn_features',
    label: 'Churn features',
    meaning: `One row a customer: the ${featureCountInWords} features of the churn interface, at the date that risk is computed for`,
    columns: [customerId, ...features],
    dated: null,
    asOf: 'newest',
    target: null,
    formats: ['csv', 'xgboost', 'parquet'],
  },
  churn_training: {
    name: 'churn_training',
    label: 'Churn training',
    meaning: `One row a customer: the ${featureCountInWords} features before an earlier date, and whether no order came in the 90 days from it on`,
    columns: [customerId, churned, ...features],
    dated: null,
    asOf: 'chosen',
    target: 'churned',
    formats: ['csv', 'xgboost', 'parquet'],
  },
};

function text(name: string, meaning: string): ColumnDefinition {
  return { name, type: 'text', unit: null, meaning };
}

function timestamp(name: string, meaning: string): ColumnDefinition {
  return { name, type: 'timestamp', unit: null, meaning };
}
