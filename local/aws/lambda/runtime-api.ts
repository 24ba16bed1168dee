import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readBody } from '../wire/http/body';

/** What an execution environment hears from its runtime. Bodies are JSON. */
export interface RuntimeListener {
  /** The runtime waits for an event, which `answer` gives it. */
  next(answer: ServerResponse): void;
  response(requestId: string, body: Buffer, maxRssKb: number): void;
  error(requestId: string, body: Buffer, maxRssKb: number): void;
  initError(body: Buffer): void;
}

/** Lambda's Runtime API for the environments of this process, on a port of 127.0.0.1 that is free. */
export interface RuntimeApi {
  /** The value of `AWS_LAMBDA_RUNTIME_API` for one environment, which no other one can guess. */
  register(listener: RuntimeListener): { readonly address: string; readonly forget: () => void };
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Beyond what a function may answer, so that the answer can be refused for its size. */
const maxBytes = 7 * 1024 * 1024;
const path =
  /^\/([\w-]+)\/2018-06-01\/runtime\/(?:(init)\/error|invocation\/(?:(next)|([\w-]+)\/(response|error)))$/;

export function createRuntimeApi(): RuntimeApi {
  const listeners = new Map<string, RuntimeListener>();
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 });
  server.on('request', (request, response) => {
    handle(listeners, request, response).catch(() => response.destroy());
  });
  return {
    register(listener) {
      const token = randomBytes(18).toString('base64url');
      listeners.set(token, listener);
      const { port } = server.address() as AddressInfo;
      return { address: `127.0.0.1:${port}/${token}`, forget: () => void listeners.delete(token) };
    },
    start: () => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  listeners: ReadonlyMap<string, RuntimeListener>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [, token = '', init, next, requestId = '', kind] = path.exec(request.url ?? '') ?? [];
  const listener = listeners.get(token);
  if (!listener || request.method !== (next ? 'GET' : 'POST')) return answer(response, 404);
  if (next) return listener.next(response);
  // An answer that is too long is refused by its length, which one byte more than the limit shows.
  const body = await readBody(request, maxBytes).catch(() => Buffer.alloc(maxBytes));
  const maxRssKb = Number(request.headers['annex-max-rss-kb']) || 0;
  answer(response, 202);
  if (init) listener.initError(body);
  else if (kind === 'response') listener.response(requestId, body, maxRssKb);
  else listener.error(requestId, body, maxRssKb);
}

function answer(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end('{}');
}
