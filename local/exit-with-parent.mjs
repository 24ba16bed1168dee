// Preloaded into every part before anything else. When the process that started it is gone, however it went, the part
// goes too, whatever it is doing.
import { isMainThread } from 'node:worker_threads';

/** How long a part may take to stop by itself, ms. The supervisor promises that nothing outlives it by 5 s. */
const graceMs = 4000;

function leave() {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
  process.kill(process.pid, 'SIGTERM');
}

// `connected` is false when the parent was gone before this line, and undefined without an IPC channel.
if (isMainThread && process.connected !== undefined) {
  if (process.connected) process.on('disconnect', leave);
  else leave();
  process.channel?.unref();
}
