import { z } from 'zod';
import { record } from '@/lib/domain/audit/record';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError } from '@/lib/errors';

const input = z.object({
  /** The bytes of a CSV file, streamed. */
  csv: z.custom<AsyncIterable<Uint8Array>>(
    (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
    'must be a stream of bytes',
  ),
});

/**
 * Imports a file of orders, all or nothing, and requests a refit if orders changed. Throws `forbidden`; `invalid` with the line
 * at fault; `dependency_failed` (the import is kept then, and the message says so).
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
    // Not only when there are new orders: after a crash, the next import requests the refit that was lost.
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
