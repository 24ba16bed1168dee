import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { awsNames } from '../aws-names';
import { fromLoopback } from '../from-loopback';
import { apiInRequest } from './api-gateway/request';
import { AwsError, type Caller, type HttpService } from './core/service';
import { lambdaCall, maxLambdaBytes } from './lambda/routes';
import { bucketInHost } from './s3/exchange';
import { isFormPost } from './s3/form-post';
import { maxInvocationBytes, runtimeOperation } from './sagemaker/runtime/service';
import { maxMailBytes } from './ses/service';
import type { Calls } from './trials/calls';
import type { Faults } from './trials/faults';
import { AuthError } from './wire/auth/auth-error';
import { authenticate } from './wire/auth/authenticate';
import { payloadCoding, RequestPayload } from './wire/auth/payload';
import { authenticateQuery, type QuerySignature, readQuerySignature } from './wire/auth/sigv2';
import { readSignature, type Signature, type SignedMessage, unsignedPayload } from './wire/auth/sigv4';
import { awsErrorOf, sendError } from './wire/http/errors';
import type { Exchange } from './wire/http/listen';
import { handleRest, type RestRoute } from './wire/http/rest';
import { guessShape, handleOpen, handleRpc, injectFault, type OpenCall, type RpcDeps } from './wire/http/rpc';

export interface DispatchDeps extends RpcDeps {
  readonly faults: Faults;
  readonly calls: Calls;
  http(name: string): HttpService | undefined;
  /** What nobody signs, by `X-Amz-Target`. */
  open(target: string): OpenCall | undefined;
}

/** Answers one request: by its path where nobody signs, else by the service in its credential scope. */
export async function dispatch(deps: DispatchDeps, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const requestId = randomUUID();
  try {
    if (isForStudio(request))
      return await deps.http('studio')?.handle(request, response, null, requestId, null);
    // A browser runs nothing of what tenants have stored, and guesses nothing into it.
    response.setHeader('content-security-policy', 'sandbox');
    response.setHeader('x-content-type-options', 'nosniff');
    // By it, SDKs correct their own.
    response.setHeader('date', deps.now().toUTCString());
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (apiInRequest(request)) return await callApi(deps, exchange, path, requestId);
    if (path.startsWith('/_annex/')) return await control(deps, exchange, path);
    await onItsWay(deps.faults);
    const open = deps.open(String(request.headers['x-amz-target'] ?? ''));
    if (open) {
      if (exchange.expectsContinue) response.writeContinue();
      return await handleOpen(deps, open, request, response, requestId);
    }
    const message = { method: request.method ?? '', url: request.url ?? '/', headers: request.headers };
    const signature = readSignature(message);
    const rest = restRoute(deps, message.method, path, signature);
    if (rest) {
      if (exchange.expectsContinue) response.writeContinue();
      return await handleRest(deps, rest, request, response, signature, requestId);
    }
    const older = signature ? null : readQuerySignature(message);
    if (older) return await handleOlderS3(deps, exchange, message, older, requestId);
    if (!signature && isFormPost(request)) return await callUnsignedS3(deps, exchange, requestId);
    if (!signature) throw new AuthError('missing', 'Request is missing Authentication Token');
    if (signature.service === 's3') return await handleS3(deps, exchange, message, signature, requestId);
    if (exchange.expectsContinue) response.writeContinue();
    await handleRpc(deps, request, response, signature, requestId, exchange.signal);
  } catch (error) {
    const shape = isForS3(request) ? 's3' : guessShape(request);
    fail(deps, exchange, shape, error, requestId);
  }
}

/** The way to AWS and back, in ms, as a fault asks for it. */
async function onItsWay(faults: Faults): Promise<void> {
  const ms = faults.standing('latency', '*');
  if (ms !== null) await delay(Number(ms) || 0);
}

/** By its credential scope, even where the rest of the signature cannot be read. */
const isForS3 = (request: IncomingMessage): boolean =>
  /\/s3\/aws4_request|%2Fs3%2Faws4_request|[?&]AWSAccessKeyId=/i.test(
    `${request.headers.authorization ?? ''}${request.url ?? ''}`,
  );

function fail(
  deps: DispatchDeps,
  { request, response, signal }: Exchange,
  shape: ReturnType<typeof guessShape>,
  error: unknown,
  requestId: string,
): void {
  let known = awsErrorOf(error, shape);
  if (!known) {
    // A client that hung up is no fault of ours.
    if (!signal.aborted)
      deps.log.error({ requestId, method: request.method, err: error }, 'A request failed unexpectedly.');
    known = new AwsError('InternalError', `The stand-in failed; its log has ${requestId}.`, 500);
  }
  if (known.code === 'NotImplemented') {
    deps.log.warn(
      { requestId, method: request.method, what: known.message },
      'An operation was called that the stand-in does not have.',
    );
  }
  sendError(response, shape, known, requestId);
}

/**
 * These services have hosts of their own on AWS. Here the signature tells InvokeEndpoint's path from an object in a bucket, and
 * SES and Lambda are who signs for them.
 */
function restRoute(
  deps: DispatchDeps,
  method: string,
  path: string,
  signature: Signature | null,
): RestRoute | undefined {
  if (signature?.service === 'ses') {
    const service = deps.http('ses');
    return service && { service, operation: 'ses.SendEmail', maxBodyBytes: maxMailBytes };
  }
  if (signature?.service === 'lambda') {
    const service = deps.http('lambda');
    const operation = lambdaCall(method, path)?.operation ?? 'unknown';
    return service && { service, operation: `lambda.${operation}`, maxBodyBytes: maxLambdaBytes };
  }
  const operation = runtimeOperation(path);
  if (!operation || (signature && signature.service !== 'sagemaker')) return undefined;
  const service = deps.http('sagemaker-runtime');
  return service && { service, operation: `sagemaker.${operation.name}`, maxBodyBytes: maxInvocationBytes };
}

/** Studio has a host of its own, where it serves its pages alone: what tenants store must not share its origin. */
const isForStudio = ({ headers }: IncomingMessage): boolean =>
  (headers.host ?? '').toLowerCase().replace(/:\d{1,5}$/, '') === awsNames.studioHost;

async function handleOlderS3(
  deps: DispatchDeps,
  exchange: Exchange,
  message: SignedMessage,
  signature: QuerySignature,
  requestId: string,
): Promise<void> {
  const { request, response, expectsContinue } = exchange;
  const bucket = bucketInHost(request.headers.host ?? '');
  const { caller } = authenticateQuery(deps.credentials, message, signature, bucket);
  const payload = new RequestPayload(request, response, unsignedPayload, null, expectsContinue);
  await callS3(deps, exchange, caller, payload, requestId);
}

async function handleS3(
  deps: DispatchDeps,
  exchange: Exchange,
  message: SignedMessage,
  signature: Signature,
  requestId: string,
): Promise<void> {
  const { request, response, expectsContinue } = exchange;
  const declared = declaredHash(request, signature);
  payloadCoding(declared);
  const credential = authenticate(deps.credentials, deps.region, message, signature, declared, deps.now());
  const signing = { signature, secret: credential.secretAccessKey };
  const payload = new RequestPayload(request, response, declared, signing, expectsContinue);
  await callS3(deps, exchange, credential.caller, payload, requestId);
}

async function callS3(
  deps: DispatchDeps,
  { request, response }: Exchange,
  caller: Caller,
  payload: RequestPayload,
  requestId: string,
): Promise<void> {
  // S3 throttles with 503, by which clients know it even in an answer to HEAD, which has no body.
  injectFault(deps.fault('request', `s3.${request.method}`, caller), 503);
  const service = deps.http('s3');
  if (!service) throw new AwsError('ServiceUnavailable', 'S3 is not here.', 503);
  try {
    await service.handle(request, response, caller, requestId, payload);
  } catch (error) {
    if (payload.unanswered && !response.headersSent) response.setHeader('connection', 'close');
    throw error;
  }
}

/** A form that a browser posts: its fields are signed instead of the request. */
async function callUnsignedS3(
  deps: DispatchDeps,
  { request, response, expectsContinue }: Exchange,
  requestId: string,
): Promise<void> {
  if (expectsContinue) response.writeContinue();
  await deps.http('s3')?.handle(request, response, null, requestId, null);
}

function declaredHash(request: IncomingMessage, signature: Signature): string {
  const header = request.headers['x-amz-content-sha256'];
  if (typeof header === 'string') return header;
  if (signature.expiresSeconds !== null) return unsignedPayload;
  throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
}

/** An HTTP API, which nobody signs. Below the path, it shares a host with AWS itself: no web page of another name may ask there. */
async function callApi(
  deps: DispatchDeps,
  { request, response, expectsContinue }: Exchange,
  path: string,
  requestId: string,
): Promise<void> {
  if (path.startsWith('/_annex/') && !fromLoopback(request))
    throw new AwsError('AccessDenied', 'Only programs on this machine may ask this.', 403);
  await onItsWay(deps.faults);
  if (expectsContinue) response.writeContinue();
  await deps.http('execute-api')?.handle(request, response, null, requestId, null);
}

/** What trials and the start script ask; only programs on this machine may, and no web page through its browser. */
async function control(deps: DispatchDeps, { request, response }: Exchange, path: string): Promise<void> {
  if (path === '/_annex/health') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"status":"ok"}');
    return;
  }
  if (/^\/_annex\/marketplace(?:\/|$)/.test(path)) {
    return await deps.http('marketplace')?.handle(request, response, null, randomUUID(), null);
  }
  if (!fromLoopback(request) || request.headers.origin !== undefined) {
    throw new AwsError('AccessDenied', 'Only programs on this machine may ask this.', 403);
  }
  if (path === '/_annex/calls') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(deps.calls.list()));
    return;
  }
  if (path !== '/_annex/faults') throw new AwsError('NoSuchKey', `There is no ${path}.`, 404);
  await deps.faults.handle(request, response);
}
