import type { AddressInfo, Server } from 'node:net';
import type { LoadContainer } from './container';
import { load as linearLearner } from './linear-learner';
import { blockNetwork } from './network-block';
import { load as packaged } from './packaged';
import { containerServer } from './server';
import { load as testingContainer } from './testing-container';
import { load as xgboost } from './xgboost';

// A hosted model: one container in a process of its own. It ends with the process that started it.

const containers = {
  xgboost,
  'linear-learner': linearLearner,
  packaged,
  'testing-container': testingContainer,
} satisfies Record<string, LoadContainer>;

/** A container that this program has. */
export type ContainerName = keyof typeof containers;

/** What the process is told first. */
export interface ModelServerOrder {
  readonly container: ContainerName;
  readonly options: unknown;
  /** Folder of the unpacked model artefact. */
  readonly modelDir: string;
  /** Variables that the model names. They are settings of the container, never of the process. */
  readonly environment: Readonly<Record<string, string>>;
}

export type ModelServerMessage =
  | { readonly kind: 'listening'; readonly port: number }
  /** CPU of the last interval, in percent of one core; resident memory in percent of the machine's. */
  | { readonly kind: 'usage'; readonly cpu: number; readonly memoryBytes: number };

const usageEveryMs = 60_000;

function say(message: ModelServerMessage): void {
  if (process.connected) process.send?.(message, () => undefined);
}

function reportUsage(): void {
  let before = process.cpuUsage();
  let at = performance.now();
  setInterval(() => {
    const used = process.cpuUsage(before);
    const now = performance.now();
    const cpu = ((used.user + used.system) / 1000 / (now - at)) * 100;
    before = process.cpuUsage();
    at = now;
    say({ kind: 'usage', cpu, memoryBytes: process.memoryUsage.rss() });
  }, usageEveryMs).unref();
}

/** `listener`: of a model whose network is isolated, all that it has of one. */
async function serve(order: ModelServerOrder, listener: Server | undefined): Promise<void> {
  // Before anything of the model is read.
  if (listener) blockNetwork();
  const { container, options, modelDir, environment } = order;
  const server = containerServer(await containers[container](modelDir, options, environment));
  if (listener) {
    listener.on('connection', (socket) => server.emit('connection', socket));
    ready(listener);
  } else server.listen(0, '127.0.0.1', () => ready(server));
}

function ready(server: Server): void {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${new Date().toISOString()} listening on ${port}\n`);
  say({ kind: 'listening', port });
  reportUsage();
}

process.once('disconnect', () => process.exit(0));
process.once('SIGTERM', () => process.exit(0));
process.once('message', (order: ModelServerOrder, listener?: Server) => {
  serve(order, listener).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
});
