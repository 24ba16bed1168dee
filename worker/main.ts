import { sqsQueue } from '@/lib/aws/core/queue';
import { closeDatabase } from '@/lib/db/core/client';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { consume } from './consumer';
import { handleEvent } from './handlers/event';
import { lanes, placeOf, runJob } from './handlers/job';
import { startSweeping } from './sweeper';

/** How long work in hand may take after the order to stop, ms: less than container platforms allow. */
const graceMs = 8000;

function main(): void {
  const { ANNEX_JOBS_QUEUE_URL, ANNEX_EVENTS_QUEUE_URL, ...settings } = env();
  const hiddenSeconds = settings.ANNEX_VISIBILITY_SECONDS;
  const consumers = [
    consume({
      queue: sqsQueue(ANNEX_JOBS_QUEUE_URL),
      log,
      concurrency: 8,
      lanes,
      placeOf,
      hiddenSeconds,
      handle: runJob,
    }),
    consume({
      queue: sqsQueue(ANNEX_EVENTS_QUEUE_URL),
      log,
      concurrency: 4,
      hiddenSeconds,
      handle: handleEvent,
    }),
  ];
  const stopSweeping = startSweeping({
    seconds: settings.ANNEX_SWEEP_SECONDS,
    billSeconds: settings.ANNEX_BILL_SECONDS,
    measureSeconds: settings.ANNEX_MEASURE_SECONDS,
  });
  let stopping = false;

  async function stop(why: string): Promise<void> {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'worker stopping');
    // Work returned to the queue may still hold a connection.
    setTimeout(() => process.exit(0), graceMs + 2000).unref();
    await Promise.all([stopSweeping(), ...consumers.map((consumer) => consumer.stop(graceMs))]);
    await closeDatabase();
    log.info('worker stopped');
    process.exit(0);
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
  process.on('disconnect', () => void stop('the parent process has ended'));
  Promise.all(consumers.map(({ ready }) => ready)).then(() => {
    log.info('worker ready');
    if (process.connected) process.send?.({ ready: true });
  });
}

for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(kind, (error: unknown) => {
    log.fatal({ err: error }, `worker exiting: ${kind}`);
    process.exit(1);
  });
}
try {
  main();
} catch (error) {
  log.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
