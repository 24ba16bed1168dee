import { type CsvColumn, csvLines } from '../csv';
import type { Order } from './ports';

const columns: readonly CsvColumn<Order>[] = [
  { name: 'ordered_at', value: ({ orderedAt }) => orderedAt },
  { name: 'quantity', value: ({ quantity }) => quantity },
  { name: 'amount', value: ({ amount }) => amount },
];

/** Orders as CSV. */
export const ordersCsv = (orders: AsyncIterable<Order>): AsyncGenerator<string> => csvLines(columns, orders);
