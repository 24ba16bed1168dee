import type { Instrumentation } from 'next';

/** Ends the portal at once if settings are missing or wrong, with one message that names them all. */
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

/** Logs a page's error under the reference that the person sees. */
export const onRequestError: Instrumentation.onRequestError = async (error, request, context) => {
  const { log } = await import('@/lib/log');
  const reference = error instanceof Error && 'digest' in error ? error.digest : undefined;
  log.error(
    { err: error, reference, request: request.headers['x-request-id'], route: context.routePath },
    'request failed unexpectedly',
  );
};
