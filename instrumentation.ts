import type { Instrumentation } from 'next';

/** Ends the portal at once, with one message that names every setting that is missing or wrong. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { env } = await import('@/lib/env');
  try {
    env();
  } catch (error) {
    const { log } = await import('@/lib/log');
    log.fatal(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

/** Writes what a page failed with to the log, under the reference that the person sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  const { log } = await import('@/lib/log');
  const reference = error instanceof Error && 'digest' in error ? error.digest : undefined;
  log.error(
    { err: error, reference, request: request.headers['x-request-id'], route: context.routePath },
    'request failed unexpectedly',
  );
};
