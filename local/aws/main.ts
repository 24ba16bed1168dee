import { join } from 'node:path';
import { awsNames } from '../aws-names';
import { endUnstarted } from '../cannot-start';
import { createLog } from './core/log';
import { type RunningAws, startAws } from './server';

/** A whole number from the environment, or `standard`. Throws a sentence on anything else. */
function whole(name: string, standard: number): number {
  const value = Number(process.env[name] ?? standard);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`${name}=${process.env[name]} must be a whole number.`);
}

const log = createLog();
let running: RunningAws | null = null;
let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  try {
    await running?.stop();
    process.exit(0);
  } catch (error) {
    log.error({ err: error }, 'The stand-ins did not stop cleanly.');
    process.exit(1);
  }
}

async function main(): Promise<void> {
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // One bad request must not end the others; what it was is in the log.
  process.on('uncaughtException', (error) => log.error({ err: error }, 'Uncaught exception.'));
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'Unhandled rejection.'));
  running = await startAws({
    dir: process.env.ANNEX_STATE_DIR ?? join(process.cwd(), '.local'),
    port: whole('ANNEX_AWS_PORT', 4566),
    stepMs: whole('ANNEX_EMBEDDED_STEP_MS', 1500),
    ...(process.env.ANNEX_REPLICA_URL ? { replicaUrl: process.env.ANNEX_REPLICA_URL } : {}),
    cognito: {
      port: whole('ANNEX_COGNITO_PORT', 4567),
      portals: [process.env.ANNEX_URL ?? 'http://localhost:3000'],
      demoPassword: process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword,
    },
    log,
  });
  const hello = { ready: true, origin: running.origin };
  process.stdout.write(`${JSON.stringify(hello)}\n`);
  process.send?.(hello);
}

main().catch(endUnstarted);
