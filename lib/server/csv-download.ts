import { utcDay } from '@/lib/domain/time';
/**
 * The answer to `request` that saves `chunks` as `<parts>-<day>.csv`. It pulls chunk by chunk as the reader takes them; a reader
 * that leaves ends the reading at the source, and one who asks for the headers alone begins none. Throws what the first chunk
 * fails with: it is answered, not downloaded.
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
  // Next answers HEAD by GET, and leaves the body alone.
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

/** `chunks`, which end when the connection of `request` does: Next cancels no body of a reader who left before it began. */
async function* whileWaitedFor(request: Request, chunks: AsyncGenerator<string>): AsyncGenerator<string> {
  // What still fails at the source then has nobody to tell.
  const end = () => void chunks.return(undefined).catch(() => undefined);
  request.signal.addEventListener('abort', end, { once: true });
  try {
    if (request.signal.aborted) end();
    yield* chunks;
  } finally {
    request.signal.removeEventListener('abort', end);
  }
}
