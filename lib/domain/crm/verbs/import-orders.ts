import { z } from 'zod';
import { record } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';

const input = z.object({
  /** Bytes of a CSV file, as they come. */
  csv: z.custom<AsyncIterable<Uint8Array>>(
    (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
    'must be a stream of bytes',
  ),
});

/**
 * Takes a file of orders in, all of it or nothing, and has the scores made anew where orders changed.
 * Throws `forbidden`; `invalid` with the line at fault; `dependency_failed` (what was imported is kept then, and the
 * message says so).
 */
export const importOrders = tenantVerb('orders.import', input, async (ctx, { csv }) => {
  const summary = await ctx.ports.orders.import(csv);
  try {
    await record(ctx, {
      action: 'orders.import',
      subject: 'orders',
      detail: { orders: summary.orders, newOrders: summary.newOrders, newCustomers: summary.newCustomers },
      key: ctx.requestId,
    });
    // Not "when there are new ones": a refit that was never asked for, after a crash, is asked for by the next import.
    const { scoring } = await ctx.ports.customers.overview();
    if (scoring.state === 'stale') await ctx.ports.jobs.send({ kind: 'churn.refit' });
  } catch (error) {
    throw new AnnexError(
      'dependency_failed',
      'The orders were imported and are kept, but scoring could not be started. Run the same import again. This won’t create duplicates.',
      { cause: error },
    );
  }
  return summary;
});
