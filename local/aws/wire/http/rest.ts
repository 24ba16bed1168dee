import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { AwsError, type HttpService } from '@/local/aws/core/service';
import { AuthError } from '../auth/auth-error';
import { authenticate } from '../auth/authenticate';
import { type Signature, sha256 } from '../auth/sigv4';
import { readBody } from './body';
import { awsErrorOf } from './errors';
import { injectFault, type RpcDeps } from './rpc';

/** A REST-JSON service, whose operations are paths. */
export interface RestRoute {
  readonly service: HttpService;
  /** The operation's name for the fault point `request`, e.g. `sagemaker.InvokeEndpoint`. */
  readonly operation: string;
  readonly maxBodyBytes: number;
}

/** Handles a signed request to a REST-JSON service. */
export async function handleRest(
  deps: RpcDeps,
  { service, operation, maxBodyBytes }: RestRoute,
  request: IncomingMessage,
  response: ServerResponse,
  signature: Signature | null,
  requestId: string,
): Promise<void> {
  try {
    if (!signature) throw new AuthError('missing', 'Missing Authentication Token');
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
    injectFault(deps.fault('request', operation, caller));
    const payload = { body: Readable.from([body]), length: body.length, trailers: () => ({}) };
    await service.handle(request, response, caller, requestId, payload);
  } catch (error) {
    fail(deps, request, response, error, { requestId, operation, maxBodyBytes });
  }
}

function fail(
  deps: RpcDeps,
  request: IncomingMessage,
  response: ServerResponse,
  error: unknown,
  { requestId, operation, maxBodyBytes }: { requestId: string; operation: string; maxBodyBytes: number },
): void {
  let known = awsErrorOf(error, 'json-1.1');
  if (!known) {
    deps.log.error({ requestId, operation, err: error }, 'An operation failed unexpectedly.');
    known = new AwsError('InternalFailure', `The stand-in failed; its log has ${requestId}.`, 500);
  }
  // Otherwise the unread rest of the body would be taken for the next request.
  if (!request.complete && !response.headersSent) response.setHeader('connection', 'close');
  const denied = error instanceof AuthError || known.code === 'AccessDeniedException';
  if (known.code === 'RequestEntityTooLarge') {
    // AWS refuses this before the service sees it, without an error code.
    sendRest(response, 413, { message: `HTTP content length exceeded ${maxBodyBytes} bytes.` }, requestId);
    return;
  }
  if (!response.headersSent) response.setHeader('x-amzn-errortype', known.code);
  const body = { ...known.detail, Message: known.message };
  sendRest(response, denied ? 403 : known.status, body, requestId);
}

function sendRest(response: ServerResponse, status: number, body: object, requestId: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': requestId,
  });
  response.end(text);
}
