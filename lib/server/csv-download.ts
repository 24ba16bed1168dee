import { utcDay } from '@/lib/domain/time';
/**
 * The response to `request` that saves `chunks` as `<parts>-<day>.csv`. It pulls each chunk when the reader is ready
 * for it. If the reader leaves, reading at the source ends; a HEAD request does not start it. Throws the error of the
 * first chunk, so that it becomes an error response and not a download.
 */
export async function csvDownload(
  request: Request,
  parts: readonly (string | undefined)[],
  now: Date,
  chunks: AsyncGenerator<string>,
): Promise<Response> {
  const name = [...parts, utcDay(now)]
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
