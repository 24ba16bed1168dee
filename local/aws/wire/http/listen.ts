import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

const hosts = ['127.0.0.1', '::1'] as const;
/** Longer than SDK clients keep an idle connection, so that a connection is never closed during a request. */
const keepAliveMs = 75_000;

/** One request and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the client waits for `100 Continue` before it sends the body. */
  readonly expectsContinue: boolean;
  readonly signal: AbortSignal;
}

export interface Listener {
  /** Finishes the requests in progress. Closes connections that are idle or last longer than `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/**
 * Listens on `port` of both loopback addresses, so that `localhost` works whichever way it resolves. Throws a sentence
 * when the port is taken.
 */
export async function listen(port: number, handle: (exchange: Exchange) => Promise<void>): Promise<Listener> {
  const open = new Set<AbortController>();
  const servers: Server[] = [];
  let closing = false;
  const closeIdle = () => {
    for (const server of servers) server.closeIdleConnections();
  };
  const onRequest = (expectsContinue: boolean) => (request: IncomingMessage, response: ServerResponse) => {
    const controller = new AbortController();
    open.add(controller);
    response.once('close', () => {
      open.delete(controller);
      controller.abort();
      if (closing) setImmediate(closeIdle);
    });
    handle({ request, response, expectsContinue, signal: controller.signal }).catch(() => response.destroy());
  };
  for (const host of hosts) {
    const server = createServer({
      keepAliveTimeout: keepAliveMs,
      requestTimeout: 0,
      maxHeaderSize: 64 * 1024,
    });
    server.on('request', onRequest(false));
    server.on('checkContinue', onRequest(true));
    server.on('clientError', (_, socket) => socket.destroy());
    const taken = await bind(server, port, host);
    if (servers.length > 0 && taken === 'absent') continue;
    if (taken !== null) {
      await Promise.all(servers.map((other) => new Promise((resolve) => other.close(resolve))));
      throw new Error(sentence(port, host, taken));
    }
    servers.push(server);
  }
  return {
    async close(graceMs) {
      closing = true;
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      for (const controller of open) controller.abort();
      closeIdle();
      const timer = setTimeout(() => {
        for (const server of servers) server.closeAllConnections();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(timer);
    },
  };
}

type Failure = 'taken' | 'absent' | 'refused';

function bind(server: Server, port: number, host: string): Promise<Failure | null> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve('taken');
      else resolve(error.code === 'EACCES' ? 'refused' : 'absent');
    });
    server.listen(port, host, () => resolve(null));
  });
}

function sentence(port: number, host: string, failure: Failure): string {
  const why = failure === 'taken' ? 'is taken by another program' : 'cannot be listened on';
  return `Port ${port} of ${host} ${why}. Stop that program, or set ANNEX_AWS_PORT to another port.`;
}
