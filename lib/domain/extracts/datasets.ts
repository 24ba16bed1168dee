import { featureCountInWords } from '../churn/feature-rows';
import { churnFeatures } from '../churn/features';
import type { ColumnType, DatasetName, ExtractFormat } from './ports';

export interface ColumnDefinition {
  readonly name: string;
  readonly type: ColumnType;
  /** `days`, `currency` …; null without a unit. */
  readonly unit: string | null;
  readonly meaning: string;
}

export interface DatasetDefinition {
  readonly name: DatasetName;
  readonly label: string;
  readonly meaning: string;
  /** All columns that can exist, in the order of an extract. The policy decides which of them a tenant gets. */
  readonly columns: readonly ColumnDefinition[];
  /** The column that a date range filters; null when the dataset takes no range. */
  readonly dated: string | null;
  /** How the date of the features is set. */
  readonly asOf: 'none' | 'newest' | 'chosen';
  /** The column that a model learns to predict. */
  readonly target: string | null;
  readonly formats: readonly ExtractFormat[];
}

const customerId = text('customer_id', 'Customer id, as imported');
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
  meaning: 'Label: 1 if the customer placed no order in the 90 days starting on the date, otherwise 0',
};

const anyTable: readonly ExtractFormat[] = ['csv', 'parquet'];

/** All datasets. */
export const datasets: Readonly<Record<DatasetName, DatasetDefinition>> = {
  customers: {
    name: 'customers',
    label: 'Customers',
    meaning: 'One row per customer',
    columns: [
      customerId,
      text('name', 'Customer name'),
      text('email', 'Customer’s e-mail address'),
      timestamp('created_at', 'When the customer was added to the CRM'),
    ],
    dated: 'created_at',
    asOf: 'none',
    target: null,
    formats: anyTable,
  },
  orders: {
    name: 'orders',
    label: 'Orders',
    meaning: 'One row per order',
    columns: [
      customerId,
      timestamp('ordered_at', 'When the order was placed'),
      { name: 'quantity', type: 'int', unit: 'items', meaning: 'Number of items in the order' },
      { name: 'amount', type: 'float', unit: 'currency', meaning: 'Order amount' },
    ],
    dated: 'ordered_at',
    asOf: 'none',
    target: null,
    formats: anyTable,
  },
  tickets: {
    name: 'tickets',
    label: 'Tickets',
    meaning: 'One row per support ticket',
    columns: [
      text('ticket_id', 'Ticket id'),
      customerId,
      timestamp('opened_at', 'When the ticket was opened'),
      text('subject', 'Subject, as written by the customer'),
    ],
    dated: 'opened_at',
    asOf: 'none',
    target: null,
    formats: anyTable,
  },
  churn_features: {
    name: 'churn_features',
    label: 'Churn features',
    meaning: `One row per customer: the ${featureCountInWords} features of the churn interface, as of the date for which risk is computed`,
    columns: [customerId, ...features],
    dated: null,
    asOf: 'newest',
    target: null,
    formats: ['csv', 'xgboost', 'parquet'],
  },
  churn_training: {
    name: 'churn_training',
    label: 'Churn training',
    meaning: `One row per customer: the ${featureCountInWords} features as of an earlier date, and whether the customer placed no order in the 90 days from that date`,
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
