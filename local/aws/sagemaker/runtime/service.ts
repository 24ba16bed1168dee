import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { AwsError, type Caller, type HttpService, type StandIn } from '@/local/aws/core/service';
import { type Deployment, type EndpointRecord, endpointArn, hostedKey } from '../hosting/endpoint-record';
import type { Endpoints } from '../hosting/endpoints';
import type { Hosting } from '../hosting/hosting';
import { type Capture, createCapture } from './capture';
import { callModel, type ModelAnswer } from './invocation';
import { payloadParts } from './response-stream';

const operations = {
  invocations: 'InvokeEndpoint',
  'async-invocations': 'InvokeEndpointAsync',
  'invocations-response-stream': 'InvokeEndpointWithResponseStream',
} as const;
const path = /^\/endpoints\/([^/]+)\/(invocations|async-invocations|invocations-response-stream)$/;

/** What `POST /endpoints/<name>/invocations` and its like ask for; null for any other path. */
export function runtimeOperation(url: string): { readonly name: string; readonly endpoint: string } | null {
  const [, endpoint = '', kind = ''] = path.exec(url.split('?', 1)[0] ?? '') ?? [];
  const found = Object.entries(operations).find(([each]) => each === kind);
  return found ? { name: found[1], endpoint } : null;
}

/** SageMaker's limit of a request, bytes. */
export const maxInvocationBytes = 6_291_456;
/** SageMaker's limit of a model's answer, ms. */
const modelTimeoutMs = 60_000;

/** SageMaker Runtime: `InvokeEndpoint`, also with a response stream. No endpoint here is asynchronous. */
export function createSageMakerRuntime(
  standIn: StandIn,
  { endpoints, hosting }: { readonly endpoints: Endpoints; readonly hosting: Hosting },
  timeoutMs = modelTimeoutMs,
): HttpService {
  const capture = createCapture(standIn);
  return {
    name: 'sagemaker-runtime',
    async handle(request, response, caller, requestId, payload) {
      if (!caller || !payload)
        throw new AwsError('AccessDeniedException', 'Missing Authentication Token', 403);
      const receivedAt = performance.now();
      const call = await resolve(standIn, endpoints, request, caller);
      const body = await buffer(payload.body);
      await invoke(
        { standIn, hosting, capture, timeoutMs, receivedAt },
        call,
        request,
        response,
        body,
        requestId,
      );
    },
  };
}

interface Call {
  readonly streams: boolean;
  readonly endpoint: EndpointRecord;
  readonly deployment: Deployment;
  readonly variantName: string;
  readonly inferenceId: string | null;
}

interface InvokeDeps {
  readonly standIn: StandIn;
  readonly hosting: Hosting;
  readonly capture: Capture;
  readonly timeoutMs: number;
  /** By `performance.now()`. */
  readonly receivedAt: number;
}

async function resolve(
  standIn: StandIn,
  endpoints: Endpoints,
  request: IncomingMessage,
  { accountId, ...caller }: Caller,
): Promise<Call> {
  const operation = runtimeOperation(request.url ?? '');
  const action = operation?.name ?? 'InvokeEndpoint';
  const name = decoded(operation?.endpoint ?? '');
  if (request.method !== 'POST') throw new AwsError('UnknownOperationException', 'Only POST is here.', 405);
  standIn.authorize({ accountId, ...caller }, `sagemaker:${action}`, endpointArn(standIn, accountId, name));
  const endpoint = /^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(name)
    ? await endpoints.find(accountId, name)
    : undefined;
  const deployment = endpoint?.current;
  if (!endpoint || !deployment || endpoint.status === 'Deleting') {
    throw new AwsError('ValidationError', `Endpoint ${name} of account ${accountId} not found.`);
  }
  if (action === 'InvokeEndpointAsync') {
    if (!request.headers['x-amzn-sagemaker-inputlocation']) throw missing('inputLocation');
    throw new AwsError(
      'ValidationError',
      `Endpoint ${name} of account ${accountId} has no AsyncInferenceConfig: only an asynchronous endpoint takes InvokeEndpointAsync.`,
    );
  }
  const target = request.headers['x-amzn-sagemaker-target-variant'];
  const variantName = typeof target === 'string' ? target : chosenVariant(deployment);
  if (!deployment.variants.some((variant) => variant.name === variantName)) {
    throw new AwsError('ValidationError', `Variant ${variantName} not found for endpoint ${name}.`);
  }
  const streams = action === 'InvokeEndpointWithResponseStream';
  return { streams, endpoint, deployment, variantName, inferenceId: inferenceIdOf(request) };
}

const missing = (member: string): AwsError =>
  new AwsError(
    'ValidationError',
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );

/** A name of a path; one that is not encoded well is no endpoint's. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function inferenceIdOf({ headers }: IncomingMessage): string | null {
  const id = headers['x-amzn-sagemaker-inference-id'];
  if (typeof id !== 'string') return null;
  if (id.length > 64) {
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${id}' at 'inferenceId' failed to satisfy constraint: Member must have length less than or equal to 64`,
    );
  }
  return id;
}

/** A variant by weight; the only one when there is one. */
function chosenVariant({ variants }: Deployment): string {
  let at = Math.random() * variants.reduce((sum, { weight }) => sum + weight, 0);
  for (const { name, weight } of variants) {
    at -= weight;
    if (at < 0) return name;
  }
  return variants[0]?.name ?? '';
}

async function invoke(
  deps: InvokeDeps,
  call: Call,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  requestId: string,
): Promise<void> {
  const { streams, endpoint, deployment, variantName, inferenceId } = call;
  const port = await deps.hosting.port(hostedKey(endpoint, deployment, variantName));
  const startedAt = performance.now();
  const answer: ModelAnswer =
    port === null
      ? { kind: 'unreachable', reason: 'no process answers' }
      : await callModel(port, request.headers, body, deps.timeoutMs);
  if (answer.kind !== 'answered') {
    report(deps, call, answer.kind === 'refused' ? answer.status : 0, startedAt);
    throw failure(deps.standIn, endpoint, answer);
  }
  response.writeHead(200, {
    ...(streams
      ? {
          'content-type': 'application/vnd.amazon.eventstream',
          'x-amzn-sagemaker-content-type': answer.contentType,
        }
      : { 'content-type': answer.contentType }),
    'x-amzn-requestid': requestId,
    'x-amzn-invoked-production-variant': variantName,
    ...(answer.customAttributes && { 'x-amzn-sagemaker-custom-attributes': answer.customAttributes }),
    ...(answer.length === null || streams ? {} : { 'content-length': answer.length }),
  });
  const kept = deployment.capture ? deps.capture.wants(deployment.capture) : null;
  const keepBytes = kept?.output ? kept.maxBytes : 0;
  const output = await answer.pipeTo(response, keepBytes, streams ? payloadParts() : undefined);
  report(deps, call, output.end === 'broken' ? 0 : 200, startedAt);
  if (!kept || !deployment.capture || output.end !== 'whole') return;
  const variant = deployment.variants.find(({ name }) => name === variantName);
  await deps.capture.record(endpoint, deployment.capture, variant?.name ?? '', variant?.roleArn ?? '', {
    eventId: randomUUID(),
    inferenceId,
    at: new Date(),
    input: { contentType: request.headers['content-type'] ?? '', data: body },
    output: { contentType: answer.contentType, data: output.kept },
  });
}

/** Metrics of one invocation; `status` 0 means that the model did not answer, or stopped in the middle. */
function report(deps: InvokeDeps, { endpoint, variantName }: Call, status: number, startedAt: number): void {
  const { cloudWatch } = deps.standIn.services;
  const now = performance.now();
  const modelMicros = Math.round((now - startedAt) * 1000);
  const overheadMicros = Math.round((startedAt - deps.receivedAt) * 1000);
  const dimensions = { EndpointName: endpoint.name, VariantName: variantName };
  const at = Date.now();
  const put = (name: string, value: number, unit: string): void =>
    cloudWatch.put(endpoint.accountId, 'AWS/SageMaker', name, dimensions, value, unit, at);
  const clientError = status >= 400 && status < 500;
  const succeeded = status >= 200 && status < 300;
  put('Invocations', 1, 'Count');
  put('InvocationsPerInstance', 1, 'Count');
  put('ModelLatency', modelMicros, 'Microseconds');
  put('OverheadLatency', overheadMicros, 'Microseconds');
  put('Invocation4XXErrors', clientError ? 1 : 0, 'Count');
  put('Invocation5XXErrors', clientError || succeeded ? 0 : 1, 'Count');
  put('InvocationModelErrors', succeeded ? 0 : 1, 'Count');
}

/** What SageMaker Runtime throws for a model that refuses, fails, is silent or is not there. */
function failure(
  { region }: StandIn,
  { accountId, name }: EndpointRecord,
  answer: Exclude<ModelAnswer, { kind: 'answered' }>,
): AwsError {
  if (answer.kind === 'unreachable') {
    return new AwsError(
      'ServiceUnavailable',
      'The request has failed due to a temporary failure of the server.',
      503,
    );
  }
  const group = `/aws/sagemaker/Endpoints/${name}`;
  const see = `See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${group} in account ${accountId} for more information.`;
  const status = answer.kind === 'refused' ? answer.status : 0;
  const text = answer.kind === 'refused' ? answer.body : answer.reason;
  const side = status >= 400 && status < 500 ? 'client' : 'server';
  return new AwsError(
    'ModelError',
    `Received ${side} error (${status}) from primary with message "${text}". ${see}`,
    424,
    {
      ErrorCode: `${side.toUpperCase()}_ERROR_FROM_MODEL`,
      OriginalStatusCode: status,
      OriginalMessage: text,
      LogStreamArn: `arn:aws:logs:${region}:${accountId}:log-group:${group}`,
    },
  );
}
