import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Env } from '@/lib/env';
import { log } from '@/lib/log';
import { orderUpload } from '@/lib/server/order-upload';
import { newRequestId, requestHeader } from '@/lib/server/request';
import { securityHeaders } from '@/lib/server/security-headers';
import { inTurn } from '@/lib/turn';
import { clientOf } from './client';
import { handOver } from './hand-over';
import { faultOf, pathOf } from './inspect';
import { onEnd, PacedResponse } from './paced-response';
import { type Refusal, Refused, refuse } from './refusal';
import { type SignInLimits, signInLimit, signInLimits } from './sign-in-limit';
import { createTurns } from './turns';

/** What answers the requests that are not refused: Next. */
type Serve = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

type Settings = Pick<
  Env,
  | 'ANNEX_STUDIO_ORIGIN'
  | 'ANNEX_TRUSTED_PROXIES'
  | 'COGNITO_DOMAIN'
  | 'NEXTAUTH_SECRET'
  | 'NEXTAUTH_URL'
  | 'NODE_ENV'
>;

export interface FrontLimits {
  /** Longest time for the headers of a request, and for all of it, ms. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** The same for the upload of a file by somebody who is signed in, ms. */
  readonly uploadMs: number;
  /** How often Node looks for requests that are late, ms. */
  readonly checkMs: number;
  /** Bodies of all requests in progress together, bytes. Those of `smallBytes` are always taken. */
  readonly bodiesBytes: number;
  readonly smallBytes: number;
  readonly signIns: SignInLimits;
}

const standardLimits: FrontLimits = {
  headersMs: 10_000,
  requestMs: 30_000,
  uploadMs: orderUpload.wholeMs,
  checkMs: 2_000,
  bodiesBytes: 32_000_000,
  smallBytes: 16_000,
  signIns: signInLimits,
};

/** No refusal and no static file needs more. */
const noContent = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * The portal's HTTP server. It refuses what no page may be asked, before any of it is read, bounds how much of the portal one
 * tenant or one client takes, and gives every answer its security headers. `serve` answers everything else. `actions` are the
 * ids of the server actions of this build.
 */
export function createFront(
  serve: Serve,
  settings: Settings,
  actions: ReadonlySet<string>,
  given: Partial<FrontLimits> = {},
): Server {
  const limits = { ...standardLimits, ...given };
  const clientFrom = clientOf(settings.ANNEX_TRUSTED_PROXIES);
  const signIns = signInLimit(limits.signIns);
  const takeTurn = createTurns(settings);
  const bodies = bodyBudget(limits);
  const headers = { ...securityHeaders(settings), 'content-security-policy': noContent };
  const portal = new URL(settings.NEXTAUTH_URL);

  const admit = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault =
      faultOf(request, settings.NEXTAUTH_URL, actions) ??
      (pathOf(request.url) === '/sign-in' ? await signIns(clientFrom(request)) : null);
    if (fault) throw new Refused(fault);
    const isUpload = pathOf(request.url) === orderUpload.path;
    // What is read as it arrives brings next to nothing into memory.
    if (!isUpload) onEnd(response, bodies.take(Number(request.headers['content-length'] ?? 0)));
    const allow = limitTime(request, response, () => answerLate(request, response, headers));
    allow(limits.requestMs);
    const turn = await takeTurn(request, response);
    // A stranger gets no time to keep a connection busy.
    if (isUpload && turn) allow(limits.uploadMs);
    await handOver(request, response, settings);
    request.headers[requestHeader.client] = clientFrom(request);
    // Whoever waits for this has sent nothing of a body that is refused.
    if (request.headers.expect !== undefined) response.writeContinue();
    // Next compares the origin of an action with this header, and believes any.
    request.headers['x-forwarded-host'] = portal.host;
    request.headers['x-forwarded-proto'] = portal.protocol.slice(0, -1);
    await (turn ? inTurn(turn, () => serve(request, response)) : serve(request, response));
  };

  const take = (request: IncomingMessage, response: ServerResponse, answer: Serve): void => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader(requestHeader.id, newRequestId());
    answer(request, response).catch((error: unknown) => fail(error, request, response));
  };

  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      // Of any request; `limitTime` sets that of each.
      requestTimeout: Math.max(limits.requestMs, limits.uploadMs),
      connectionsCheckingInterval: limits.checkMs,
      requireHostHeader: false,
      ServerResponse: PacedResponse,
    },
    (request, response) => take(request, response, admit),
  );
  server.on('checkContinue', (request, response) => take(request, response, admit));
  server.on('checkExpectation', (request, response) =>
    take(request, response, async () => {
      throw new Refused(unexpected);
    }),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    answerBroken(error, socket, headers),
  );
  return server;
}

/**
 * Returns a function that allows the body of `request` so much time from the beginning, ms. `late` is called if it has not arrived
 * by then.
 */
function limitTime(request: IncomingMessage, response: ServerResponse, late: () => void) {
  const startedAt = Date.now();
  let timer: NodeJS.Timeout | undefined;
  onEnd(response, () => clearTimeout(timer));
  return (ms: number): void => {
    clearTimeout(timer);
    if (request.complete || response.destroyed) return;
    timer = setTimeout(
      () => {
        if (!request.complete) late();
      },
      ms - (Date.now() - startedAt),
    ).unref();
  };
}

function answerLate(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  // An answer that has begun cannot be replaced.
  if (response.headersSent) request.socket.destroy();
  else answerBroken(late, request.socket, headers);
}

const unexpected: Refusal = {
  status: 417,
  title: 'Request not valid',
  detail: 'Annex meets no Expect other than 100-continue.',
};

const busy: Refusal = {
  status: 503,
  title: 'Too busy',
  detail: 'Annex is receiving too much at once. Nothing was changed. Try again in a moment.',
  headers: { 'retry-after': '5' },
};

function fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof Refused) {
    log.info(
      { status: error.refusal.status, method: request.method, reason: error.message },
      'request refused',
    );
    refuse(request, response, error.refusal);
    return;
  }
  log.error({ err: error }, 'request failed unexpectedly');
  response.statusCode = 500;
  response.end('Something went wrong on our side. Try again.');
}

/** Counts the bytes that bodies in progress may bring into memory. */
function bodyBudget({ bodiesBytes, smallBytes }: FrontLimits) {
  let held = 0;
  return {
    /** Reserves `bytes`. Returns a function that frees them. Throws when there is no room. */
    take(bytes: number): () => void {
      if (bytes <= smallBytes) return () => undefined;
      if (held + bytes > bodiesBytes) throw new Refused(busy);
      held += bytes;
      return () => {
        held -= bytes;
      };
    },
  };
}

const broken: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Answers what is no HTTP request, or not a whole one in time. */
function answerBroken(
  error: NodeJS.ErrnoException,
  socket: Socket,
  headers: Readonly<Record<string, string>>,
): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = broken[error.code ?? ''] ?? '400 Bad Request';
  const body = `${status}. Nothing was changed.\n`;
  const lines = Object.entries({
    ...headers,
    'content-type': 'text/plain; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  socket.end(`HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}
