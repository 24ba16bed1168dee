import { z } from 'zod';
import { record } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { AnnexError, isAnnexError } from '@/lib/errors';
import type { ImportSummary } from '../ports';

const input = z.object({
  /** The bytes of a CSV file, streamed. */
  csv: z.custom<AsyncIterable<Uint8Array>>(
    (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
    'must be a stream of bytes',
  ),
  /** As `OrderDates`. */
  dates: z
    .object({
      format: z.string().min(1).max(100).optional(),
      timeZone: z.string().min(1).max(100).optional(),
      allowFuture: z.boolean().optional(),
    })
    .optional(),
});

export interface ImportResult extends ImportSummary {
  /**
   * Whether new scores were requested just now. `later`: the queue did not take the request; the sweep makes it again until it
   * does. `current`: the scores are those of these orders.
   */
  readonly scores: 'requested' | 'later' | 'current';
}

/**
 * Imports a file of orders, all or nothing, and requests a refit if orders changed. Throws `forbidden`; `invalid` with the line
 * at fault; `dependency_failed` when the import could not be audited (it is kept then, and the message says so).
 */
export const importOrders = tenantVerb('orders.import', input, async (ctx, { csv, dates }) => {
  const summary = await ctx.ports.orders.import(csv, dates);
  try {
    await record(ctx, {
      action: 'orders.import',
      subject: 'orders',
      detail: { orders: summary.orders, newOrders: summary.newOrders, newCustomers: summary.newCustomers },
      key: ctx.requestId,
    });
  } catch (error) {
    throw new AnnexError(
      'dependency_failed',
      'The orders were imported and are kept, but the import is missing in the audit log. Run the same import again. This won’t create duplicates.',
      { cause: error },
    );
  }
  return { ...summary, scores: await requestScores(ctx) } satisfies ImportResult;
});

/** The orders are in, and somebody waits for the result. */
const queueWithinSeconds = 4;

/** Not only when there are new orders: the request for earlier ones may have been lost. */
async function requestScores(ctx: TenantContext): Promise<ImportResult['scores']> {
  try {
    const { scoring } = await ctx.ports.customers.overview();
    if (scoring.state !== 'stale') return 'current';
    await ctx.ports.jobs.send({ kind: 'churn.refit' }, { withinSeconds: queueWithinSeconds });
    return 'requested';
  } catch (error) {
    // What is expected to happen is in the result.
    if (!isAnnexError(error)) ctx.log.warn({ err: error }, 'scores could not be requested after an import');
    return 'later';
  }
}
