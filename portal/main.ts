import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type next from 'next';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { knownActions } from '@/lib/server/known-actions';
import { createFront } from './front';

// Next's own `server.js` opens the port itself, with no place before it. This does the same with `createFront` in front.
const dir = import.meta.dirname;
process.chdir(dir);

/** Connections that are busy get this long to finish after SIGTERM, ms. */
const graceMs = 4_000;

/** A file of the build. */
const built = <T>(name: string): T => JSON.parse(readFileSync(join(dir, '.next', name), 'utf8')) as T;

async function main(): Promise<void> {
  const settings = env();
  const { config } = built<{ config: object }>('required-server-files.json');
  const { node: actions } = built<{ node: object }>('server/server-reference-manifest.json');
  // As `server.js` does: the configuration is part of the build.
  process.env.__NEXT_PRIVATE_STANDALONE_CONFIG = JSON.stringify(config);
  const createNext = createRequire(import.meta.url)('next') as typeof next;
  const hostname = process.env.HOSTNAME || '0.0.0.0';
  const port = Number(process.env.PORT) || 3000;
  // Next answers upgrades of a connection, past the front and its limits, on the server that it is given or finds. Nothing ever
  // connects to this one, and without a listener Node takes such a request for an ordinary one.
  const httpServer = createServer();
  // Quiet: Next would print each error a second time, as text; `onRequestError` logs it.
  const app = createNext({ dir, dev: false, hostname, port, httpServer, quiet: true });
  await app.prepare();
  const handle = app.getRequestHandler();
  for (const id of Object.keys(actions)) knownActions.add(id);
  const server = createFront(handle, settings, knownActions);
  if (process.env.KEEP_ALIVE_TIMEOUT) server.keepAliveTimeout = Number(process.env.KEEP_ALIVE_TIMEOUT);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hostname, resolve);
  });
  log.info({ hostname, port }, 'portal is listening');

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    server.close(() => void app.close().finally(() => process.exit(0)));
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), graceMs);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  log.fatal(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
