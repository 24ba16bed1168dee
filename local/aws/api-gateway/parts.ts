import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type Caller, type StandIn } from '../core/service';
import type { HttpApis } from '../core/services';
import { optionalText, optionalWhole, structure, texts } from '../wire/rpc-input';
import {
  type ApiRecord,
  type Authorizer,
  apiStore,
  badRequest,
  type Integration,
  type Route,
  type Stage,
} from './record';

type Input = Readonly<Record<string, unknown>>;
type PartKind = 'Stage' | 'Integration' | 'Route' | 'Authorizer';

const folders = {
  Stage: 'stages',
  Integration: 'integrations',
  Route: 'routes',
  Authorizer: 'authorizers',
} as const;

/** The members of each part that this stand-in knows. */
const members: Readonly<Record<PartKind | 'Api', readonly string[]>> = {
  Api: ['Name', 'ProtocolType', 'Description', 'Version'],
  Stage: ['ApiId', 'StageName', 'AutoDeploy', 'Description', 'DefaultRouteSettings'],
  Integration: [
    'ApiId',
    'IntegrationType',
    'IntegrationUri',
    'IntegrationMethod',
    'PayloadFormatVersion',
    'TimeoutInMillis',
    'Description',
  ],
  Route: ['ApiId', 'RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId', 'OperationName'],
  Authorizer: [
    'ApiId',
    'Name',
    'AuthorizerType',
    'AuthorizerUri',
    'AuthorizerPayloadFormatVersion',
    'EnableSimpleResponses',
    'IdentitySource',
    'AuthorizerResultTtlInSeconds',
  ],
};

/** HTTP APIs and their parts, as CloudFormation makes them. */
export function createApiParts(standIn: StandIn): HttpApis {
  const store = apiStore(standIn);
  const withLock = createKeyedMutex();
  const authorize = (caller: Caller, verb: string, path: string): void =>
    standIn.authorize(caller, `apigateway:${verb}`, `arn:aws:apigateway:${standIn.region}::/apis${path}`);
  const find = async (caller: Caller, apiId: string): Promise<ApiRecord> => {
    const api = await store.find(apiId);
    if (api?.accountId === caller.accountId) return api;
    throw new AwsError(
      'NotFoundException',
      `Invalid API identifier specified ${caller.accountId}:${apiId}`,
      404,
    );
  };

  return {
    endpoint: (apiId) => `${standIn.origin}/_annex/execute-api/${apiId}`,
    async put(kind, caller, id, input) {
      checkMembers(kind, input);
      const apiId = kind === 'Api' ? id : required(input, 'ApiId');
      await withLock(apiId, async () => {
        if (kind === 'Api') {
          const api = await store.find(id);
          authorize(caller, api ? 'PATCH' : 'POST', api ? `/${id}` : '');
          if (api && api.accountId !== caller.accountId) throw badRequest('The id is taken.');
          return store.put({ ...(api ?? emptyApi(caller.accountId, id)), name: nameOf(input) });
        }
        const api = await find(caller, apiId);
        const folder = folders[kind];
        const known = Object.hasOwn(api[folder], id);
        authorize(caller, known ? 'PATCH' : 'POST', `/${apiId}/${folder}${known ? `/${id}` : ''}`);
        await store.put({ ...api, [folder]: { ...api[folder], [id]: partOf(kind, api, id, input) } });
      });
    },
    async remove(kind, caller, apiId, id) {
      await withLock(apiId, async () => {
        const api = await store.find(apiId);
        if (api?.accountId !== caller.accountId) return;
        if (kind === 'Api') {
          authorize(caller, 'DELETE', `/${apiId}`);
          return store.remove(apiId);
        }
        const folder = folders[kind];
        authorize(caller, 'DELETE', `/${apiId}/${folder}/${id}`);
        const { [id]: _, ...rest } = api[folder] as Readonly<Record<string, unknown>>;
        await store.put({ ...api, [folder]: rest });
      });
    },
  };
}

const emptyApi = (accountId: string, apiId: string): ApiRecord => ({
  accountId,
  apiId,
  name: '',
  stages: {},
  integrations: {},
  routes: {},
  authorizers: {},
});

function checkMembers(kind: PartKind | 'Api', input: Input): void {
  const unknown = Object.keys(input).find((name) => !members[kind].includes(name));
  if (unknown) throw badRequest(`${unknown} of AWS::ApiGatewayV2::${kind} is not supported here.`);
}

function nameOf(input: Input): string {
  fixed(input, 'ProtocolType', 'HTTP');
  return required(input, 'Name');
}

function partOf(
  kind: PartKind,
  api: ApiRecord,
  id: string,
  input: Input,
): Stage | Integration | Route | Authorizer {
  switch (kind) {
    case 'Stage':
      return stageOf(id, input);
    case 'Integration':
      return integrationOf(id, input);
    case 'Route':
      return routeOf(api, id, input);
    case 'Authorizer':
      return authorizerOf(id, input);
  }
}

function stageOf(id: string, input: Input): Stage {
  if (String(input.AutoDeploy) !== 'true') throw badRequest('AutoDeploy must be true here.');
  if (!/^(\$default|[\w-]{1,128})$/.test(id)) throw badRequest(`Invalid stage name ${id}`);
  const {
    ThrottlingRateLimit: rate = null,
    ThrottlingBurstLimit: burst = null,
    ...more
  } = structure(input, 'DefaultRouteSettings');
  const [unknown] = Object.keys(more);
  if (unknown) throw badRequest(`${unknown} of DefaultRouteSettings is not supported here.`);
  return { id, rate: limit('ThrottlingRateLimit', rate), burst: limit('ThrottlingBurstLimit', burst) };
}

function limit(name: string, value: unknown): number | null {
  if (value === null) return null;
  const number = Number(value);
  if (Number.isFinite(number) && number >= 0) return number;
  throw badRequest(`${name} must be a number.`);
}

function integrationOf(id: string, input: Input): Integration {
  fixed(input, 'IntegrationType', 'AWS_PROXY');
  fixed(input, 'PayloadFormatVersion', '2.0');
  if ((optionalText(input, 'IntegrationMethod') ?? 'POST') !== 'POST')
    throw badRequest('IntegrationMethod must be POST.');
  const timeoutMs = optionalWhole(input, 'TimeoutInMillis') ?? 30_000;
  if (timeoutMs < 50 || timeoutMs > 30_000) throw badRequest('TimeoutInMillis must be from 50 to 30000.');
  return { id, timeoutMs, functionName: functionNameIn(required(input, 'IntegrationUri')) };
}

function routeOf(api: ApiRecord, id: string, input: Input): Route {
  const key = required(input, 'RouteKey');
  if (
    !/^(\$default|(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|ANY) \/(?:[\w.~@:=$!'()*,;-]+|\{\w+\}|\{\w+\+\}|\/)*)$/.test(
      key,
    )
  )
    throw badRequest(`The provided route key is not formatted properly: ${key}`);
  if (Object.values(api.routes).some((route) => route.key === key && route.id !== id))
    throw new AwsError('ConflictException', `Route with key ${key} already exists for this API`, 409);
  const [, integrationId = ''] = /^integrations\/([\w-]+)$/.exec(required(input, 'Target')) ?? [];
  if (!api.integrations[integrationId]) throw badRequest(`Invalid target ${String(input.Target)}.`);
  const type = optionalText(input, 'AuthorizationType') ?? 'NONE';
  if (type === 'NONE') return { id, key, integrationId, authorizerId: null };
  const authorizerId = optionalText(input, 'AuthorizerId') ?? '';
  if (type !== 'CUSTOM') throw badRequest('AuthorizationType must be NONE or CUSTOM here.');
  if (!api.authorizers[authorizerId]) throw badRequest(`Invalid authorizer ${authorizerId}.`);
  return { id, key, integrationId, authorizerId };
}

function authorizerOf(id: string, input: Input): Authorizer {
  fixed(input, 'AuthorizerType', 'REQUEST');
  fixed(input, 'AuthorizerPayloadFormatVersion', '2.0');
  if (String(input.EnableSimpleResponses) !== 'true')
    throw badRequest('EnableSimpleResponses must be true here.');
  if ((optionalWhole(input, 'AuthorizerResultTtlInSeconds') ?? 0) !== 0)
    throw badRequest('AuthorizerResultTtlInSeconds must be 0 here: results are not cached.');
  const identitySource = texts(input, 'IdentitySource');
  const other = identitySource.find((source) => !/^\$request\.(header|querystring)\.[\w-]+$/.test(source));
  if (other) throw badRequest(`Invalid identity source ${other}.`);
  return {
    id,
    name: required(input, 'Name'),
    functionName: functionNameIn(required(input, 'AuthorizerUri')),
    identitySource,
  };
}

/** The function in its ARN, or in that of its invocations. */
function functionNameIn(uri: string): string {
  const [, name] =
    /^(?:arn:aws:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/)?arn:aws:lambda:[\w-]+:\d{12}:function:([\w-]{1,64})(?:\/invocations)?$/.exec(
      uri,
    ) ?? [];
  if (name) return name;
  throw badRequest(`Invalid function ARN or invalid Uri: ${uri}`);
}

function fixed(input: Input, name: string, value: string): void {
  const given = String(input[name] ?? '');
  if (given !== value && Number(given) !== Number(value)) throw badRequest(`${name} must be ${value} here.`);
}

function required(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value) return value;
  throw badRequest(`${name} is required.`);
}
