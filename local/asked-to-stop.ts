const npmCheckMs = 500;

/**
 * Aborted when this process is asked to stop: by a signal, by the end of the process that started it over IPC, or by
 * the end of npm. The last is not a signal: npm sends its own to the shell between the two, and that ends silently.
 */
export function askedToStop(): AbortSignal {
  const asked = new AbortController();
  const stop = () => asked.abort(new Error('Asked to stop.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  process.on('disconnect', stop);
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => {
      if (process.ppid !== parent) stop();
    }, npmCheckMs).unref();
  }
  return asked.signal;
}

/** Resolves when `signal` is aborted. */
export function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
