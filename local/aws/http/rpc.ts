import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate } from '../auth/authenticate';
import type { CredentialStore } from '../auth/credentials';
import { type Signature, sha256 } from '../auth/sigv4';
import { AwsError, type RpcService, type StandInLog } from '../service';
import { readBody } from './body';
import { awsErrorOf, type Shape, sendError, sendJson, sendXml } from './errors';
import { parseQuery, queryAnswer } from './query';

const maxBodyBytes = 16 * 1024 * 1024;

export interface RpcDeps {
  readonly region: string;
  readonly credentials: CredentialStore;
  readonly log: StandInLog;
  service(name: string): RpcService | undefined;
  fault(point: string, subject: string): string | null;
}

interface Call {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** Answers a signed request of a JSON or Query service. */
export async function handleRpc(
  deps: RpcDeps,
  request: IncomingMessage,
  response: ServerResponse,
  signature: Signature,
  requestId: string,
  signal: AbortSignal,
): Promise<void> {
  const service = deps.service(signature.service);
  const shape = service?.protocol ?? guessShape(request);
  let named = '';
  try {
    const body = await readBody(request, maxBodyBytes);
    const message = { method: request.method ?? '', url: request.url ?? '/', headers: request.headers };
    const { caller } = authenticate(deps.credentials, deps.region, message, signature, sha256(body));
    const query =
      shape === 'query' ? new URLSearchParams(body.toString() || request.url?.split('?')[1]) : null;
    const call = query ? readQueryCall(query) : readJsonCall(request, body);
    named = `${signature.service}.${call.operation}`;
    const operation =
      service && Object.hasOwn(service.operations, call.operation)
        ? service.operations[call.operation]
        : undefined;
    if (!service || !operation) throw unknownOperation(shape, named);
    injectFault(deps.fault('request', named));
    const output = await operation(call.input, caller, requestId, signal);
    if (service.protocol === 'query') {
      sendXml(
        response,
        200,
        queryAnswer(call.operation, service.namespace ?? '', output, requestId),
        requestId,
      );
    } else sendJson(response, service.protocol, 200, output, requestId);
  } catch (error) {
    fail(deps, response, shape, error, requestId, { service, named, request });
  }
}

function fail(
  deps: RpcDeps,
  response: ServerResponse,
  shape: Shape,
  error: unknown,
  requestId: string,
  at: { service: RpcService | undefined; named: string; request: IncomingMessage },
): void {
  let known = awsErrorOf(error, shape);
  if (known && /^(UnknownOperationException|InvalidAction)$/.test(known.code)) {
    deps.log.warn({ requestId, operation: at.named }, 'An operation was called that is not here.');
  }
  if (!known) {
    deps.log.error({ requestId, operation: at.named, err: error }, 'An operation failed unforeseen.');
    known = new AwsError('InternalFailure', `The stand-in failed; its log has ${requestId}.`, 500);
  }
  const queryCode = at.service?.queryCodes?.[known.code];
  if (queryCode && !response.headersSent) response.setHeader('x-amzn-query-error', `${queryCode};Sender`);
  // What was not read of the body would be taken for the next request.
  if (!at.request.complete && !response.headersSent) response.setHeader('connection', 'close');
  sendError(response, shape, known, requestId, at.service);
}

/** The protocol that a request seems to speak, for answering where no service says so. */
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

function unknownOperation(shape: Shape, named: string): AwsError {
  if (shape === 'query') {
    return new AwsError('InvalidAction', `Could not find operation ${named}.`);
  }
  return new AwsError('UnknownOperationException', `The operation ${named} is not here.`);
}

/** A fault's message is `<Code>: <text>`; a throttling code answers 400, any other 500. */
function injectFault(message: string | null): void {
  if (message === null) return;
  const [, code = 'InternalFailure', text = message] = /^(\w+): (.*)$/s.exec(message) ?? [];
  throw new AwsError(
    code,
    text,
    /Throttl|TooMany|Denied|Validation|NotFound|Conflict|Exceeded/.test(code) ? 400 : 500,
  );
}
