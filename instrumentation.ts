import type { Instrumentation } from 'next';

/** Writes what a page failed with to the log, under the reference that the person sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  const { log } = await import('@/lib/log');
  const reference = error instanceof Error && 'digest' in error ? error.digest : undefined;
  log.error(
    { err: error, reference, request: request.headers['x-request-id'], route: context.routePath },
    'a request failed for an unknown reason',
  );
};
