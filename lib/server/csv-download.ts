import type { AuditEvent } from '@/lib/domain/audit/ports';
import { type RecordingContext, record } from '@/lib/domain/audit/record';
import { utcDay } from '@/lib/domain/time';

/** What a CSV file holds, and what it is called: `<parts>-<day>.csv`. */
export interface CsvExport {
  readonly parts: readonly (string | undefined)[];
  /** Its day is that of the name. */
  readonly at: Date;
  /** What is exported, for the audit: `customers`, `customer/C1/orders`. */
  readonly subject: string;
  /** What the lines are limited to, for the audit. No text that a person typed: it may name somebody. */
  readonly filter?: AuditEvent['detail'];
}

/**
 * The response to `request` that saves `chunks` as the CSV file `file`. It pulls each chunk when the reader is ready
 * for it. If the reader leaves, reading at the source ends; a HEAD request does not start it. Throws the error of the
 * first chunk, so that it becomes an error response and not a download. The export is audited before anything of it
 * leaves; without that, nothing does.
 */
export async function csvDownload(
  ctx: RecordingContext,
  request: Request,
  { parts, at, subject, filter }: CsvExport,
  chunks: AsyncGenerator<string>,
): Promise<Response> {
  const name = [...parts, utcDay(at)]
    .filter(Boolean)
    .join('-')
    .replace(/[^\w.-]/g, '_');
  const headers = {
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="${name}.csv"`,
  };
  // Next answers HEAD with GET and does not read the body.
  if (request.method === 'HEAD') {
    await chunks.return(undefined);
    return new Response(null, { headers });
  }
  const encoder = new TextEncoder();
  const read = whileWaitedFor(request, chunks);
  let first: IteratorResult<string> | null = await read.next();
  try {
    await record(ctx, { action: 'csv.exported', subject, ...(filter && { detail: filter }) });
  } catch (error) {
    await read.return(undefined);
    throw error;
  }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = first ?? (await read.next());
      first = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await read.return(undefined);
    },
  });
  return new Response(body, { headers });
}

/**
 * `chunks`, ended when the connection of `request` ends: Next does not cancel the body for a reader who left before
 * it started.
 */
async function* whileWaitedFor(request: Request, chunks: AsyncGenerator<string>): AsyncGenerator<string> {
  // Nobody is left to receive a later error of the source.
  const end = () => void chunks.return(undefined).catch(() => undefined);
  request.signal.addEventListener('abort', end, { once: true });
  try {
    if (request.signal.aborted) end();
    yield* chunks;
  } finally {
    request.signal.removeEventListener('abort', end);
  }
}
