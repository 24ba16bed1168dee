import { z } from 'zod';
import type { AuditEvent } from '@/lib/domain/audit/ports';
import { auditEvent, record } from '@/lib/domain/audit/record';
import type { TenantContext } from '@/lib/domain/context';
import { tenantVerb } from '@/lib/domain/verb';
import { isAnnexError } from '@/lib/errors';
import { proposeReading, readHead } from '../order-head';
import { type ImportSummary, type OrderReading, orderHeadBytes, type ReadingProposal } from '../ports';
import { orderReading } from '../schemas';
import { type WatchedFile, watchedFile } from '../watched-file';

const input = z.object({
  /** The bytes of a CSV file, streamed. */
  csv: z.custom<AsyncIterable<Uint8Array>>(
    (value) => typeof value === 'object' && value !== null && Symbol.asyncIterator in value,
    'must be a stream of bytes',
  ),
  reading: orderReading.default({}),
  /** What is known of the file beforehand. */
  file: z
    .object({ name: z.string().max(255).nullable(), bytes: z.number().int().min(0).nullable() })
    .default({ name: null, bytes: null }),
});

export interface ImportResult extends ImportSummary {
  /**
   * Whether new scores were requested just now. `later`: the queue did not take the request; the sweep makes it again until it
   * does. `current`: the scores are those of these orders.
   */
  readonly scores: 'requested' | 'later' | 'current';
}

/**
 * Imports a file of orders and its audit row, all or nothing, and requests a refit if orders changed. Its progress and its end are
 * recorded. Throws `forbidden`; `conflict` while another import of the tenant is under way; `invalid` with the line at fault.
 */
export const importOrders = tenantVerb('orders.import', input, async (ctx, { csv, reading, file }) => {
  const { name: fileName, bytes: fileBytes } = file;
  await ctx.ports.orderImports.begin({
    id: ctx.requestId,
    startedBy: ctx.actor.name,
    fileName,
    fileBytes,
    reading,
  });
  const summary = await recorded(ctx, watchedFile(csv), reading);
  return { ...summary, scores: await requestScores(ctx) } satisfies ImportResult;
});

const importAction = { action: 'orders.import', subject: 'orders' } as const;

/** The audit event of an import that is done. */
const doneEvent = (
  ctx: TenantContext,
  { orders, newOrders, newCustomers, refunds }: ImportSummary,
): AuditEvent =>
  auditEvent(ctx, {
    ...importAction,
    detail: { orders, newOrders, newCustomers, refunds },
    key: ctx.requestId,
  });

const progressEveryMs = 1000;

/** Imports `file` under the record of the import, which tells its progress, and why it ended if it failed. */
async function recorded(
  ctx: TenantContext,
  file: WatchedFile,
  reading: OrderReading,
): Promise<ImportSummary> {
  const { orders, orderImports } = ctx.ports;
  let state: 'reading' | 'storing' = 'reading';
  let telling: Promise<void> = Promise.resolve();
  const tell = () => {
    const { readBytes, readLines } = file;
    telling = telling
      .then(() => orderImports.progress(ctx.requestId, { state, readBytes, readLines }))
      .catch((error: unknown) => ctx.log.warn({ err: error }, 'the progress of an import could not be told'));
  };
  const timer = setInterval(tell, progressEveryMs);
  const onRead = () => {
    state = 'storing';
    tell();
  };
  try {
    const audit = (summary: ImportSummary) => doneEvent(ctx, summary);
    return await orders.import(file.bytes, reading, { id: ctx.requestId, onRead, audit });
  } catch (error) {
    await telling;
    await end(ctx, file, reading, error);
    throw error;
  } finally {
    clearInterval(timer);
    await telling;
  }
}

const unknownReason = 'Something went wrong on our side. Nothing was imported. Try again.';

async function end(
  ctx: TenantContext,
  file: WatchedFile,
  reading: OrderReading,
  error: unknown,
): Promise<void> {
  const refused = isAnnexError(error, 'invalid');
  const state = file.brokeOff ? 'interrupted' : refused ? 'refused' : 'failed';
  const reason = isAnnexError(error) ? error.message : unknownReason;
  const proposal = state === 'refused' ? proposalOf(file, reading) : null;
  try {
    await ctx.ports.orderImports.end(ctx.requestId, { state, reason, proposal });
    // Without the reason, which may quote the file.
    const result = state === 'refused' ? 'refused' : 'failed';
    await record(ctx, { ...importAction, result, detail: { state }, key: `${ctx.requestId}/end` });
  } catch (failure) {
    ctx.log.warn({ err: failure }, 'the end of an import could not be recorded');
  }
}

function proposalOf(file: WatchedFile, reading: OrderReading): ReadingProposal | null {
  try {
    const { separator } = reading.layout ?? {};
    const head = readHead(file.head(), { whole: file.readBytes <= orderHeadBytes, separator });
    // A separator that makes one column of all was not the file's.
    return proposeReading(
      head.columns.length > 1 ? head : readHead(file.head(), { whole: file.readBytes <= orderHeadBytes }),
    );
  } catch (error) {
    if (isAnnexError(error, 'invalid')) return null;
    throw error;
  }
}

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
