/** Calls `read` when somebody returns to the page, one call at a time. Returns what ends that and aborts the signal. */
export function onReturn(read: (signal: AbortSignal) => Promise<void>): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  let reading = false;
  const returned = async () => {
    if (reading || document.visibilityState === 'hidden') return;
    reading = true;
    await read(signal);
    reading = false;
  };
  document.addEventListener('visibilitychange', () => void returned(), { signal });
  window.addEventListener('focus', () => void returned(), { signal });
  return () => ended.abort();
}
