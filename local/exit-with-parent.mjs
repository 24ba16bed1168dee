// Preloaded into every part before anything else. When the process that started it is gone, however it went, the part
// goes too, whatever it is doing.
import { isMainThread } from 'node:worker_threads';

/** How long a part may take to stop by itself, ms. The supervisor promises that nothing outlives it by 5 s. */
const graceMs = 4000;

function leave() {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
  process.kill(process.pid, 'SIGTERM');
}

// A process that this one forks, as the build does, has a channel of its own, which has to keep it running.
process.execArgv = process.execArgv.filter((option) => !option.includes('exit-with-parent.mjs'));

// `connected` is false when the parent was gone before this line, and undefined without an IPC channel.
if (isMainThread && process.connected !== undefined) {
  if (process.connected) process.on('disconnect', leave);
  else leave();
  process.channel?.unref();
}
