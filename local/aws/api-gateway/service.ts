import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError, type HttpService, type StandIn } from '../core/service';
import type { HttpApis } from '../core/services';
import { readBody } from '../wire/http/body';
import { createApiParts } from './parts';
import { type ApiRecord, apiStore } from './record';
import { type ApiRequest, apiInRequest, bodyOf, commonEvent, routeOf } from './request';
import { sendMessage, sendResult } from './response';
import { createThrottle } from './throttle';

/** API Gateway's limit of a request, bytes. */
const maxBytes = 10 * 1024 * 1024;
/** Lambda's limit of a payload, which a body of base64 reaches earlier. */
const maxEventBytes = 6_291_456;
const service = 'apigateway.amazonaws.com';
const authorizerTimeoutMs = 10_000;

type Invoked = { readonly payload: Buffer; readonly error: string | null } | 'late';

/** API Gateway: HTTP APIs in front of functions, at their hosts and below a path. Also `HttpApis`. */
export function createApiGateway(standIn: StandIn): HttpService & HttpApis {
  const store = apiStore(standIn);
  const throttle = createThrottle();

  async function invoke(
    api: ApiRecord,
    name: string,
    arn: string,
    event: object,
    limitMs: number,
  ): Promise<Invoked> {
    const source = {
      service,
      accountId: api.accountId,
      arn: `arn:aws:execute-api:${standIn.region}:${api.accountId}:${api.apiId}/${arn}`,
    };
    const running = standIn.services.lambda.invokeAs(
      source,
      name,
      randomUUID(),
      Buffer.from(JSON.stringify(event)),
    );
    // What comes after the limit concerns nobody any more.
    running.catch(() => undefined);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), limitMs);
    });
    return Promise.race([running, late]).finally(() => clearTimeout(timer));
  }

  /** What the authorizer says of the caller, or the status of the refusal. */
  async function authorized(call: ApiRequest, request: IncomingMessage): Promise<object | 401 | 403 | 500> {
    const { api, route } = call;
    const authorizer = api.authorizers[route.authorizerId ?? ''];
    if (route.authorizerId === null) return {};
    if (!authorizer) return 500;
    const common = commonEvent(call, request);
    const identity = authorizer.identitySource.map((source) => identityIn(source, common));
    if (identity.some((value) => !value)) return 401;
    const routeArn = `arn:aws:execute-api:${standIn.region}:${api.accountId}:${api.apiId}/${sourceOf(call, request)}`;
    const event = {
      ...common,
      type: 'REQUEST',
      routeArn,
      identitySource: identity.length > 0 ? identity : null,
    };
    const answer = await invoke(
      api,
      authorizer.functionName,
      `authorizers/${authorizer.id}`,
      event,
      authorizerTimeoutMs,
    );
    if (answer === 'late' || answer.error !== null) return 500;
    const { isAuthorized, context = {} } = Object(JSON.parse(answer.payload.toString()));
    if (typeof isAuthorized !== 'boolean' || typeof context !== 'object') return 500;
    return isAuthorized ? { authorizer: { lambda: context } } : 403;
  }

  async function serve(call: ApiRequest, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, maxBytes).catch((error: unknown) => {
      if (error instanceof AwsError && error.status === 413) return null;
      throw error;
    });
    if (body === null) {
      response.setHeader('connection', 'close');
      return sendMessage(response, 413, 'Request Entity Too Large');
    }
    const { api, route, stage } = call;
    const settings = api.stages[stage];
    if (settings && !throttle(`${api.apiId}/${stage}`, settings))
      return sendMessage(response, 429, 'Too Many Requests');
    const grant = await authorized(call, request);
    if (typeof grant === 'number') return sendMessage(response, grant, refusals[grant]);
    const integration = api.integrations[route.integrationId];
    if (!integration) return sendMessage(response, 500, refusals[500]);
    const common = commonEvent(call, request);
    const event = {
      ...common,
      requestContext: { ...Object(common.requestContext), ...grant },
      ...bodyOf(request, body),
    };
    if (Buffer.byteLength(JSON.stringify(event)) > maxEventBytes)
      return sendMessage(response, 413, 'Request Entity Too Large');
    const answer = await invoke(
      api,
      integration.functionName,
      sourceOf(call, request),
      event,
      integration.timeoutMs,
    );
    if (answer === 'late') return sendMessage(response, 503, 'Service Unavailable');
    if (answer.error !== null || !sendResult(response, answer.payload))
      sendMessage(response, 500, refusals[500]);
  }

  return {
    ...createApiParts(standIn),
    name: 'execute-api',
    async handle(request, response, _caller, requestId) {
      response.setHeader('apigw-requestid', requestId);
      const asked = apiInRequest(request);
      const api = asked ? await store.find(asked.apiId) : undefined;
      const routed = asked && api ? routeOf(api, request.method ?? '', asked.url) : null;
      if (!asked || !api || !routed) return sendMessage(response, 404, 'Not Found');
      try {
        await serve({ api, url: asked.url, requestId, ...routed }, request, response);
      } catch (error) {
        const throttled = error instanceof AwsError && error.code === 'TooManyRequestsException';
        standIn.log.warn({ err: error, requestId, apiId: api.apiId }, 'An API could not use its function.');
        if (throttled) sendMessage(response, 503, 'Service Unavailable');
        else sendMessage(response, 500, refusals[500]);
      }
    },
  };
}

const refusals = { 401: 'Unauthorized', 403: 'Forbidden', 500: 'Internal Server Error' } as const;

/** The end of the ARN by which a function's policy knows the route. */
function sourceOf({ stage, route }: ApiRequest, request: IncomingMessage): string {
  if (route.key === '$default') return `${stage}/$default`;
  const [method = '', path = ''] = route.key.split(' ');
  return `${stage}/${method === 'ANY' ? request.method : method}${path}`;
}

function identityIn(
  source: string,
  { headers, queryStringParameters }: Record<string, unknown>,
): string | undefined {
  const [, kind, name = ''] = /^\$request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
  const value = kind === 'header' ? Object(headers)[name.toLowerCase()] : Object(queryStringParameters)[name];
  return value === undefined ? undefined : String(value);
}
