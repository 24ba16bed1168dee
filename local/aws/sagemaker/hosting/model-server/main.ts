import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { LoadContainer } from './container';
import { containerServer } from './server';

// A hosted model: one container in a process of its own. It ends with the process that started it.

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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      container: { type: 'string' },
      model: { type: 'string' },
      options: { type: 'string' },
      // Told apart by these in a list of processes.
      endpoint: { type: 'string' },
      variant: { type: 'string' },
    },
  });
  process.once('disconnect', () => process.exit(0));
  process.once('SIGTERM', () => process.exit(0));
  const { load } = (await import(pathToFileURL(values.container ?? '').href)) as { load: LoadContainer };
  const container = await load(values.model ?? '', JSON.parse(values.options ?? 'null'));
  const server = containerServer(container);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${new Date().toISOString()} listening on ${port}\n`);
    say({ kind: 'listening', port });
    reportUsage();
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
