import {
  Agent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { Transform } from 'node:stream';
import { finished } from 'node:stream/promises';

interface Piped {
  readonly end: 'whole' | 'broken' | 'reader-gone';
  readonly kept: Buffer;
}

/** How a container answered one `POST /invocations`. */
export type ModelAnswer =
  | {
      readonly kind: 'answered';
      readonly contentType: string;
      readonly customAttributes: string | null;
      readonly length: number | null;
      /** Streams the body on, `through` what frames it, and keeps its first `keepBytes`. The reader is cut off where the model broke off. */
      pipeTo(response: ServerResponse, keepBytes: number, through?: Transform): Promise<Piped>;
    }
  /** A status other than 2xx. */
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }
  /** The connection broke, or the time ran out. */
  | { readonly kind: 'silent'; readonly reason: string }
  /** Nobody listens. */
  | { readonly kind: 'unreachable'; readonly reason: string };

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const timeoutReason =
  'Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.';
/** What of an error's body is kept. */
const maxErrorBytes = 16 * 1024;

/** Sends an invocation to the container on `port`. The answer must be there, to its end, within `timeoutMs`. */
export function callModel(
  port: number,
  headers: IncomingHttpHeaders,
  body: Buffer,
  timeoutMs: number,
): Promise<ModelAnswer> {
  return new Promise((resolve) => {
    let timedOut = false;
    const outgoing = httpRequest({
      agent,
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/invocations',
      headers: {
        'content-type': headers['content-type'] ?? 'application/octet-stream',
        'content-length': body.length,
        accept: headers.accept ?? '*/*',
        ...pick(headers, 'x-amzn-sagemaker-custom-attributes'),
        ...pick(headers, 'x-amzn-sagemaker-inference-id'),
      },
    });
    const timer = setTimeout(() => {
      timedOut = true;
      outgoing.destroy(new Error(timeoutReason));
    }, timeoutMs);
    outgoing.once('close', () => clearTimeout(timer));
    outgoing.once('error', (error: NodeJS.ErrnoException) => {
      const nobody = error.code === 'ECONNREFUSED';
      const reason = timedOut
        ? timeoutReason
        : `The connection to container primary broke (${error.message}).`;
      resolve({ kind: nobody ? 'unreachable' : 'silent', reason });
    });
    outgoing.once('response', (incoming) => {
      const status = incoming.statusCode ?? 0;
      if (status >= 200 && status < 300) return resolve(answered(incoming));
      textOf(incoming).then(
        (text) => resolve({ kind: 'refused', status, body: text }),
        () => resolve({ kind: 'silent', reason: timedOut ? timeoutReason : 'The answer broke off.' }),
      );
    });
    outgoing.end(body);
  });
}

function pick(headers: IncomingHttpHeaders, name: string): Record<string, string> {
  const value = headers[name];
  return typeof value === 'string' ? { [name]: value } : {};
}

function answered(incoming: IncomingMessage): ModelAnswer {
  const length = incoming.headers['content-length'];
  const attributes = incoming.headers['x-amzn-sagemaker-custom-attributes'];
  return {
    kind: 'answered',
    contentType: incoming.headers['content-type'] ?? 'application/octet-stream',
    customAttributes: typeof attributes === 'string' ? attributes : null,
    length: length === undefined ? null : Number(length),
    pipeTo: (response, keepBytes, through) => pipe(incoming, response, keepBytes, through),
  };
}

async function pipe(
  incoming: IncomingMessage,
  response: ServerResponse,
  keepBytes: number,
  through?: Transform,
): Promise<Piped> {
  const nothing = Buffer.alloc(0);
  if (response.destroyed) {
    incoming.destroy();
    return { end: 'reader-gone', kept: nothing };
  }
  const chunks: Buffer[] = [];
  let left = keepBytes;
  let gone = false;
  incoming.on('data', (chunk: Buffer) => {
    if (left <= 0) return;
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
  });
  // A reader that has gone needs no more of it.
  response.once('close', () => {
    gone = !response.writableFinished && !incoming.destroyed;
    incoming.destroy();
  });
  (through ? incoming.pipe(through) : incoming).pipe(response);
  try {
    await Promise.all([finished(incoming), finished(response)]);
    return { end: 'whole', kept: Buffer.concat(chunks) };
  } catch {
    incoming.destroy();
    response.destroy();
    return { end: gone ? 'reader-gone' : 'broken', kept: nothing };
  }
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (bytes < maxErrorBytes) chunks.push(chunk.subarray(0, maxErrorBytes - bytes));
    bytes += chunk.length;
  }
  return Buffer.concat(chunks).toString();
}
