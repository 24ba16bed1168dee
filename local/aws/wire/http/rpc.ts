import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import {
  AwsError,
  type Caller,
  type LegacyQuery,
  type OpenOperation,
  type Operation,
  type RpcService,
  type StandInLog,
} from '@/local/aws/core/service';
import type { CredentialStore } from '@/local/aws/iam/credentials';
import { authenticate } from '../auth/authenticate';
import { type Signature, sha256 } from '../auth/sigv4';
import { readBody } from './body';
import { awsErrorOf, type Shape, sendError, sendJson, sendXml } from './errors';
import { parseQuery, queryAnswer } from './query';

const maxBodyBytes = 16 * 1024 * 1024;
const maxOpenBodyBytes = 64 * 1024;

export interface RpcDeps {
  readonly region: string;
  readonly credentials: CredentialStore;
  readonly log: StandInLog;
  service(name: string): RpcService | undefined;
  fault(point: string, subject: string, caller?: Caller): string | null;
  /** The time by AWS's clock. */
  now(): Date;
}

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** How to respond to one request: its protocol and, if that differs, the service's own protocol. */
interface Dialect {
  readonly service: RpcService | undefined;
  readonly shape: Shape;
  /** Set when the client speaks Query with a JSON service. */
  readonly legacy: LegacyQuery | undefined;
}

/** Handles a signed request to a JSON or Query service. */
export async function handleRpc(
  deps: RpcDeps,
  request: IncomingMessage,
  response: ServerResponse,
  signature: Signature,
  requestId: string,
  signal: AbortSignal,
): Promise<void> {
  const dialect = dialectOf(deps.service(signature.service), request);
  let named = '';
  try {
    const body = await readBody(request, maxBodyBytes);
    const message = { method: request.method ?? '', url: request.url ?? '/', headers: request.headers };
    const { caller } = authenticate(
      deps.credentials,
      deps.region,
      message,
      signature,
      sha256(body),
      deps.now(),
    );
    const call = readCall(dialect, request, await plainBody(request, body));
    named = `${signature.service}.${call.operation}`;
    const operation = operationOf(dialect, call, named);
    injectFault(deps.fault('request', named, caller));
    const output = await operation(call.input, caller, requestId, signal);
    injectFault(deps.fault('answer', named, caller));
    answer(response, dialect, call, output, requestId);
  } catch (error) {
    fail(deps, response, dialect, error, requestId, { named, request });
  }
}

/** An operation of a JSON service that nobody signs. */
export interface OpenCall {
  readonly service: RpcService;
  readonly run: OpenOperation;
}

/** Handles a call of an open operation. Who signed it nevertheless has no other rights than anybody. */
export async function handleOpen(
  deps: RpcDeps,
  { service, run }: OpenCall,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const dialect: Dialect = { service, legacy: undefined, shape: service.protocol };
  let named = '';
  try {
    const call = readJsonCall(request, await readBody(request, maxOpenBodyBytes));
    named = `${service.name}.${call.operation}`;
    injectFault(deps.fault('request', named));
    const output = await run(call.input);
    injectFault(deps.fault('answer', named));
    answer(response, dialect, call, output, requestId);
  } catch (error) {
    fail(deps, response, dialect, error, requestId, { named, request });
  }
}

/** The uncompressed body. The signature covers the compressed bytes. */
async function plainBody(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  if (request.headers['content-encoding'] !== 'gzip') return body;
  try {
    return await promisify(gunzip)(body, { maxOutputLength: maxBodyBytes });
  } catch {
    throw new AwsError('SerializationException', 'The body is not gzip, or too large.');
  }
}

function dialectOf(service: RpcService | undefined, request: IncomingMessage): Dialect {
  const guess = guessShape(request);
  const legacy = guess === 'query' ? service?.legacyQuery : undefined;
  return { service, legacy, shape: legacy ? 'query' : (service?.protocol ?? guess) };
}

function readCall({ shape, legacy }: Dialect, request: IncomingMessage, body: Buffer): Call {
  if (shape !== 'query') return readJsonCall(request, body);
  const call = readQueryCall(new URLSearchParams(body.toString() || request.url?.split('?')[1]));
  return legacy ? { ...call, input: legacy.input(call.input) } : call;
}

function operationOf({ service, shape }: Dialect, call: Call, named: string): Operation {
  const known = service && Object.hasOwn(service.operations, call.operation);
  const operation = known ? service.operations[call.operation] : undefined;
  if (operation) return operation;
  if (shape === 'query') throw new AwsError('InvalidAction', `Could not find operation ${named}.`);
  throw new AwsError('UnknownOperationException', `The operation ${named} is not here.`);
}

function answer(
  response: ServerResponse,
  { service, shape, legacy }: Dialect,
  { operation }: Call,
  output: unknown,
  requestId: string,
): void {
  if (shape === 'json-1.0' || shape === 'json-1.1') {
    sendJson(response, shape, 200, output, requestId);
    return;
  }
  const namespace = legacy?.namespace ?? service?.namespace ?? '';
  const result = legacy ? legacy.output(operation, output) : output;
  sendXml(
    response,
    200,
    queryAnswer(operation, namespace, result, requestId, legacy !== undefined),
    requestId,
  );
}

function fail(
  deps: RpcDeps,
  response: ServerResponse,
  { service, shape, legacy }: Dialect,
  error: unknown,
  requestId: string,
  { named, request }: { readonly named: string; readonly request: IncomingMessage },
): void {
  let known = awsErrorOf(error, shape);
  if (known && /^(UnknownOperationException|InvalidAction)$/.test(known.code)) {
    deps.log.warn(
      { requestId, operation: named },
      'An operation was called that the stand-in does not have.',
    );
  }
  if (!known) {
    deps.log.error({ requestId, operation: named, err: error }, 'An operation failed unexpectedly.');
    known = new AwsError('InternalFailure', `The stand-in failed; its log has ${requestId}.`, 500);
  }
  const queryCode = service?.queryCodes?.[known.code];
  if (legacy) known = inQueryWords(known, queryCode);
  else if (queryCode && !response.headersSent) {
    response.setHeader('x-amzn-query-error', `${queryCode};Sender`);
  }
  // Otherwise the unread rest of the body would be taken for the next request.
  if (!request.complete && !response.headersSent) response.setHeader('connection', 'close');
  sendError(response, shape, known, requestId, legacy?.namespace ?? service?.namespace);
}

function inQueryWords(error: AwsError, code: string | undefined): AwsError {
  if (error.code === 'AccessDeniedException') return new AwsError('AccessDenied', error.message, 403);
  return code === undefined ? error : new AwsError(code, error.message, error.status);
}

/** The protocol that a request seems to use, for errors before its service is known. */
export function guessShape(request: IncomingMessage): Shape {
  if (request.headers['x-amz-target'] !== undefined) {
    return request.headers['content-type']?.includes('1.1') ? 'json-1.1' : 'json-1.0';
  }
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return form || /[?&]Action=/.test(request.url ?? '') ? 'query' : 's3';
}

function readQueryCall(parameters: URLSearchParams): Call {
  const { Action: operation, ...input } = parseQuery(parameters);
  if (typeof operation !== 'string') throw new AwsError('MissingAction', 'The request names no Action.', 400);
  return { operation, input };
}

function readJsonCall(request: IncomingMessage, body: Buffer): Call {
  const target = String(request.headers['x-amz-target'] ?? '');
  const operation = target.slice(target.lastIndexOf('.') + 1);
  let input: unknown;
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString());
  } catch {
    input = null;
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new AwsError('SerializationException', 'The body is not a JSON object.');
  }
  return { operation, input: input as Record<string, unknown> };
}

/** Throws the error of a fault. Its message is `<Code>: <text>`. A throttling code responds `throttled`, other refusals 400, the rest 500. */
export function injectFault(message: string | null, throttled = 400): void {
  if (message === null) return;
  const [, code = 'InternalFailure', text = message] = /^(\w+): (.*)$/s.exec(message) ?? [];
  if (/Throttl|TooMany|SlowDown/.test(code)) throw new AwsError(code, text, throttled);
  throw new AwsError(
    code,
    text,
    /Denied|Rejected|Validation|NotFound|Conflict|Exceeded/.test(code) ? 400 : 500,
  );
}
