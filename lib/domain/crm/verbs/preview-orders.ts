import { z } from 'zod';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { proposeReading, readHead } from '../order-head';
import {
  type OrderReading,
  orderHeadBytes,
  orderSeparators,
  type ReadingProposal,
  type ReadOrder,
} from '../ports';
import { orderReading } from '../schemas';

const shownOrders = 5;

const input = z.object({
  /** The first bytes of the file. */
  head: z.instanceof(Uint8Array).refine((head) => head.byteLength <= orderHeadBytes, 'is too long'),
  /** Whether they are all of it. */
  whole: z.boolean(),
  /** Absent: the one that fits best. */
  separator: z.enum(orderSeparators).optional(),
  reading: orderReading.optional(),
  /** Columns of which to propose how their values are written. */
  columns: z.object({ orderedAt: z.string(), amount: z.string() }).partial().optional(),
  /** Without a reading, to use the proposed one, if nothing is left to choose. */
  proposed: z.boolean().default(false),
});

/** The first lines of an order file, and what an import would make of them. */
export interface OrderPreview {
  readonly proposal: ReadingProposal;
  /** Values as they stand in the file, by line. */
  readonly lines: readonly (readonly string[])[];
  /** The first orders, as the import would read them. Null: something is to be chosen first, or an order cannot be read. */
  readonly orders: readonly ReadOrder[] | null;
  /** Why an order cannot be read. */
  readonly fault: string | null;
}

/**
 * Reads the first lines of an order file: proposes how the file is to be read, and shows the first orders as the import would read
 * them. Stores nothing. Throws `forbidden`, and `invalid` for what is no text.
 */
export const previewOrders = tenantVerb(
  'orders.import',
  input,
  async (ctx, { head, whole, separator, reading, columns, proposed }): Promise<OrderPreview> => {
    const found = readHead(head, { whole, separator });
    const proposal = proposeReading(found, columns);
    const lines = found.lines.slice(0, shownOrders);
    const used = reading ?? (proposed ? readingOf(proposal) : null);
    if (used === null) return { proposal, lines, orders: null, fault: null };
    try {
      const orders = await ctx.ports.orders.preview(wholeLines(head, whole), used, shownOrders);
      return { proposal, lines, orders, fault: null };
    } catch (error) {
      if (!isAnnexError(error, 'invalid')) throw error;
      return { proposal, lines, orders: null, fault: error.message };
    }
  },
);

/** The reading that `proposal` makes; null if somebody has to choose something. The quantity may stay open. */
function readingOf({
  customerId,
  orderedAt,
  quantity,
  amount,
  separator,
  decimal,
  format,
}: ReadingProposal): OrderReading | null {
  if (customerId === null || orderedAt === null || amount === null || format === null) return null;
  const layout = { customerId, orderedAt, quantity, amount, separator, decimal };
  return format === '' ? { layout } : { layout, format };
}

const lineFeed = 0x0a;

async function* wholeLines(head: Uint8Array, whole: boolean): AsyncGenerator<Uint8Array> {
  const end = whole ? head.byteLength : head.lastIndexOf(lineFeed) + 1;
  if (end > 0) yield head.subarray(0, end);
}
