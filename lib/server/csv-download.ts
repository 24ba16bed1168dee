/**
 * The answer that saves `chunks` as `<parts>-<day>.csv`. It pulls chunk by chunk as the reader takes them; a reader that
 * leaves ends the reading at the source. Throws what the first chunk fails with: it is answered, not downloaded.
 */
export async function csvDownload(
  parts: readonly (string | undefined)[],
  now: Date,
  chunks: AsyncGenerator<string>,
): Promise<Response> {
  const name = [...parts, now.toISOString().slice(0, 10)]
    .filter(Boolean)
    .join('-')
    .replace(/[^\w.-]/g, '_');
  const encoder = new TextEncoder();
  let first: IteratorResult<string> | null = await chunks.next();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = first ?? (await chunks.next());
      first = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
  });
}
