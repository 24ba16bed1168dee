import { z } from 'zod';
import { type SortDirection, sortDirections } from '../sort-direction';
import { type CustomerSort, customerSorts, decimalMarks, orderSeparators } from './ports';
import { riskBands } from './risk-bands';
import { defaultDirection } from './sorting';

/** Default rows per page of customers. */
const pageSize = 50;

const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max, `at most ${max} characters`)
    .transform((text) => text || undefined)
    .optional();

const selection = z.object({
  sort: z.enum(customerSorts).default('risk'),
  direction: z.enum(sortDirections).optional(),
  band: z.enum(riskBands).optional(),
  search: optionalText(200),
});

const withDirection = <T extends { sort: CustomerSort; direction?: SortDirection | undefined }>(
  query: T,
) => ({
  ...query,
  direction: query.direction ?? defaultDirection[query.sort],
});

/** A selection of customers and its order. */
export const customerSelection = selection.transform(withDirection);

/** A page of customers. */
export const customerQuery = selection
  .extend({
    cursor: optionalText(1000),
    limit: z.number().int().min(1).max(200).default(pageSize),
  })
  .transform(withDirection);

export const customerId = z.string().min(1).max(200);

/** A page of one customer's orders, newest first. */
export const orderQuery = z.object({
  customerId,
  cursor: optionalText(1000),
  /** Whether the place of the page is asked for, which costs a count. */
  placed: z.boolean().default(false),
  limit: z.number().int().min(1).max(1000).default(pageSize),
});

const columnName = z.string().min(1).max(500);

const orderLayout = z.object({
  customerId: columnName,
  orderedAt: columnName,
  quantity: columnName.nullable(),
  amount: columnName,
  separator: z.enum(orderSeparators),
  decimal: z.enum(decimalMarks),
});

/** As `OrderReading`. */
export const orderReading = z.object({
  format: z.string().min(1).max(100).optional(),
  timeZone: z.string().min(1).max(100).optional(),
  allowFuture: z.boolean().optional(),
  layout: orderLayout.optional(),
});
