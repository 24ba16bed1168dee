// Ends the programs of its parent when the parent is gone. A program that computes does not notice that by itself.

const pids = new Set();

process.on('message', ({ began, ended }) => {
  if (began !== undefined) pids.add(began);
  if (ended !== undefined) pids.delete(ended);
});
process.once('disconnect', () => {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended already.
    }
  }
});
// Ctrl-C reaches every process of a terminal. The parent decides how its programs end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
