import { clearExtract, RunFailed, runExtract } from './extract';
import { codeOf, ExtractFailure } from './failure';
import type { RunOrder, RunReport } from './messages';

// The process of one run of the extract job. Its parent sends the order over IPC and hears reports; SIGTERM stops it.
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort(new ExtractFailure('The run was stopped.')));
// The parent process is gone, and S3 with it. Its next start clears what was sent in part.
process.once('disconnect', () => process.exit(1));
process.once('message', (order: RunOrder) => {
  carryOut(order).then(
    (last) => process.send?.(last, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    },
  );
});

async function carryOut(order: RunOrder): Promise<RunReport> {
  try {
    const { replicaUrl } = order;
    if (replicaUrl === null) {
      return { kind: 'failed', reason: 'The job has no address for the replica.', clean: true };
    }
    if (order.kind === 'clear') {
      await clearExtract({ ...order, replicaUrl });
      return { kind: 'cleared' };
    }
    process.send?.({ kind: 'running' } satisfies RunReport);
    const { rows, bytes } = await runExtract({ ...order, replicaUrl, signal: stop.signal });
    return { kind: 'succeeded', rows, bytes, peakBytes: process.resourceUsage().maxRSS * 1024 };
  } catch (error) {
    const failed = error instanceof RunFailed;
    const cause = failed ? rootOf(error) : error;
    return {
      kind: 'failed',
      reason: failed || error instanceof ExtractFailure ? error.message : 'The job failed unexpectedly.',
      clean: failed && error.clean,
      ...(cause === undefined ? {} : { detail: detailOf(cause) }),
    };
  }
}

function rootOf(error: Error): unknown {
  let cause: unknown = error.cause;
  while (cause instanceof ExtractFailure) cause = cause.cause;
  return cause;
}

/** Where it failed, without a message, which can quote a row. */
function detailOf(cause: unknown): string {
  const frames =
    cause instanceof Error ? (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : [];
  return [codeOf(cause), ...frames.slice(0, 6)].join('\n');
}
