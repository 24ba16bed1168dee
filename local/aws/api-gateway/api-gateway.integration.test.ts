import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../core/service';
import { zipOf } from '../core/zip';
import { buyerAccount, buyerKeys, functionRole } from '../testing/buyer';
import { startTestAws, type TestAws } from '../testing/test-aws';
import { until } from '../testing/until';

let aws: TestAws;
let base: string;

const arn = `arn:aws:iam::${buyerAccount}:role/admin`;
const caller: Caller = { accountId: buyerAccount, arn, roleArn: arn, tags: {} };
const apiId = 'abcdefghij';
const fnArn = (name: string) => `arn:aws:lambda:us-east-1:${buyerAccount}:function:${name}`;

const echo = `export const handler = async (event) => {
  const { how } = event.queryStringParameters ?? {};
  if (how === 'binary') return { statusCode: 201, headers: { 'Content-Type': 'image/png', 'x-mine': 'yes' }, cookies: ['a=1', 'b=2'], body: Buffer.from([0, 255]).toString('base64'), isBase64Encoded: true };
  if (how === 'plain') return { hello: 'world' };
  if (how === 'broken') return { statusCode: 'no' };
  if (how === 'header') return { statusCode: 200, headers: { 'bad name': 'x' } };
  if (how === 'throw') throw new Error('no');
  if (how === 'wait') await new Promise((resolve) => setTimeout(resolve, 3000));
  return event;
};`;
const guard = `export const handler = async ({ headers, identitySource }) => {
  const [token] = identitySource;
  if (token === 'broken') throw new Error('broken');
  if (token === 'odd') return 'odd';
  return { isAuthorized: token === 'right', context: { who: 'ada' } };
};`;

beforeAll(async () => {
  aws = await startTestAws();
  await buyerKeys(aws);
  const Role = await functionRole(aws);
  const { lambda, apiGateway } = aws.standIn.services;
  for (const [FunctionName, code] of Object.entries({ echo, guard, closed: echo })) {
    const Code = { ZipFile: zipOf({ 'index.mjs': code }).toString('base64') };
    await lambda.call(
      'CreateFunction',
      { FunctionName, Role, Handler: 'index.handler', Runtime: 'nodejs20.x', Code, Timeout: 60 },
      caller,
    );
    const SourceArn = `arn:aws:execute-api:us-east-1:${buyerAccount}:${apiId}/*`;
    const allowed = {
      StatementId: 'api',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn,
    };
    if (FunctionName !== 'closed') await lambda.call('AddPermission', { ...allowed, FunctionName }, caller);
  }
  const put = apiGateway.put.bind(apiGateway);
  await put('Api', caller, apiId, { Name: 'test', ProtocolType: 'HTTP' });
  const ApiId = apiId;
  for (const StageName of ['$default', 'beta'])
    await put('Stage', caller, StageName, { ApiId, StageName, AutoDeploy: true });
  const limits = { ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 };
  await put('Stage', caller, 'tight', {
    ApiId,
    StageName: 'tight',
    AutoDeploy: true,
    DefaultRouteSettings: limits,
  });
  const proxy = { ApiId, IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' };
  await put('Integration', caller, 'echo', { ...proxy, IntegrationUri: fnArn('echo') });
  await put('Integration', caller, 'hasty', {
    ...proxy,
    IntegrationUri: fnArn('echo'),
    TimeoutInMillis: 500,
  });
  await put('Integration', caller, 'closed', { ...proxy, IntegrationUri: fnArn('closed') });
  await put('Authorizer', caller, 'guard', {
    ApiId,
    Name: 'guard',
    AuthorizerType: 'REQUEST',
    AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${fnArn('guard')}/invocations`,
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
    IdentitySource: ['$request.header.Authorization'],
    AuthorizerResultTtlInSeconds: 0,
  });
  const routes = {
    r1: 'GET /',
    r2: 'POST /items',
    r3: 'ANY /items/{id}',
    r4: 'GET /files/{path+}',
    r5: 'GET /items/mine',
  };
  for (const [id, RouteKey] of Object.entries(routes))
    await put('Route', caller, id, { ApiId, RouteKey, Target: 'integrations/echo' });
  await put('Route', caller, 'r6', { ApiId, RouteKey: 'GET /hasty', Target: 'integrations/hasty' });
  await put('Route', caller, 'r7', { ApiId, RouteKey: 'GET /closed', Target: 'integrations/closed' });
  const guarded = { AuthorizationType: 'CUSTOM', AuthorizerId: 'guard' };
  await put('Route', caller, 'r8', {
    ApiId,
    RouteKey: 'GET /guarded',
    Target: 'integrations/echo',
    ...guarded,
  });
  base = apiGateway.endpoint(apiId);
  await until(
    'the functions',
    async () => (await fetch(base)).ok && (await get('/guarded', { authorization: 'right' })).status === 200,
  );
});
afterAll(() => aws.stop());

async function get(path: string, headers: Record<string, string> = {}, init: RequestInit = {}) {
  const response = await fetch(`${base}${path}`, { headers, ...init });
  const text = await response.text();
  return { status: response.status, text, json: () => JSON.parse(text), headers: response.headers };
}

test('a request becomes an event in format 2.0', async () => {
  const { status, json } = await get('/items/7?a=1&a=2&b=x%20y', { cookie: 'c=1; d=2', 'x-mine': 'yes' });
  expect(status).toBe(200);
  expect(json()).toMatchObject({
    version: '2.0',
    routeKey: 'ANY /items/{id}',
    rawPath: '/items/7',
    rawQueryString: 'a=1&a=2&b=x%20y',
    cookies: ['c=1', 'd=2'],
    headers: { 'x-mine': 'yes' },
    queryStringParameters: { a: '1,2', b: 'x y' },
    pathParameters: { id: '7' },
    requestContext: {
      accountId: buyerAccount,
      apiId,
      domainPrefix: apiId,
      http: { method: 'GET', path: '/items/7', protocol: 'HTTP/1.1' },
      routeKey: 'ANY /items/{id}',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
    },
    isBase64Encoded: false,
  });
  expect(json()).not.toHaveProperty('body');
});

test.each([
  ['/items/mine', 'GET /items/mine', '$default', '/items/mine'],
  ['/files/a/b%20c', 'GET /files/{path+}', '$default', '/files/a/b%20c'],
  ['/beta/items/1', 'ANY /items/{id}', 'beta', '/beta/items/1'],
  ['', 'GET /', '$default', '/'],
])('%s comes to %s', async (path, routeKey, stage, rawPath) => {
  expect((await get(path)).json()).toMatchObject({ routeKey, rawPath, requestContext: { stage } });
});

test('bodies of text are text, all others base64', async () => {
  const post = (type: string, body: string) =>
    get('/items', { 'content-type': type }, { method: 'POST', body });
  expect((await post('application/json; charset=utf-8', '{"ä":1}')).json()).toMatchObject({
    body: '{"ä":1}',
    isBase64Encoded: false,
  });
  expect((await post('application/x-www-form-urlencoded', 'a=1')).json()).toMatchObject({
    body: 'YT0x',
    isBase64Encoded: true,
  });
});

test('answers are sent as the function says', async () => {
  const binary = await fetch(`${base}/?how=binary`);
  expect(binary.status).toBe(201);
  expect(binary.headers.get('content-type')).toBe('image/png');
  expect(binary.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect([...new Uint8Array(await binary.arrayBuffer())]).toEqual([0, 255]);
  const plain = await get('/?how=plain');
  expect([plain.status, plain.text, plain.headers.get('content-type')]).toEqual([
    200,
    '{"hello":"world"}',
    'application/json',
  ]);
});

describe('refusals', () => {
  test.each<readonly [string, string, Record<string, string>, number, string]>([
    ['no route', '/nowhere', {}, 404, 'Not Found'],
    ['no credentials', '/guarded', {}, 401, 'Unauthorized'],
    ['credentials that the authorizer refuses', '/guarded', { authorization: 'wrong' }, 403, 'Forbidden'],
    ['an authorizer that fails', '/guarded', { authorization: 'broken' }, 500, 'Internal Server Error'],
    ['an authorizer that says nothing', '/guarded', { authorization: 'odd' }, 500, 'Internal Server Error'],
    ['a function that throws', '/?how=throw', {}, 500, 'Internal Server Error'],
    ['an answer that is none', '/?how=broken', {}, 500, 'Internal Server Error'],
    ['a header that is none', '/?how=header', {}, 500, 'Internal Server Error'],
    ['a function that does not let the API', '/closed', {}, 500, 'Internal Server Error'],
    ['a function that takes too long', '/hasty?how=wait', {}, 503, 'Service Unavailable'],
  ])('of %s', async (_, path, headers, status, message) => {
    expect(await get(path, headers)).toMatchObject({ status, text: JSON.stringify({ message }) });
  });

  test('of more than 10 MB, of too many requests, of other APIs', async () => {
    const large = await get(
      '/items',
      { 'content-type': 'text/plain' },
      { method: 'POST', body: 'x'.repeat(10 * 1024 * 1024 + 1) },
    );
    expect(large).toMatchObject({ status: 413, text: '{"message":"Request Entity Too Large"}' });
    expect((await get('/tight/')).status).toBe(200);
    expect(await get('/tight/')).toMatchObject({ status: 429, text: '{"message":"Too Many Requests"}' });
    expect((await fetch(base.replace(apiId, 'nothing'))).status).toBe(404);
  });
});

test('the authorizer’s context reaches the function', async () => {
  expect((await get('/guarded', { authorization: 'right' })).json()).toMatchObject({
    requestContext: { authorizer: { lambda: { who: 'ada' } } },
  });
});

test('an API answers at its own host, too', async () => {
  const url = `${aws.origin.replace('localhost', `${apiId}.execute-api.us-east-1.localhost`)}/items/3`;
  const { stdout } = await promisify(execFile)('curl', ['-s', '--noproxy', '*', url]);
  expect(JSON.parse(stdout)).toMatchObject({ rawPath: '/items/3' });
});

test.each<readonly [string, 'Stage' | 'Integration' | 'Route' | 'Authorizer', object, RegExp]>([
  ['a stage without AutoDeploy', 'Stage', { StageName: 'x' }, /AutoDeploy must be true/],
  [
    'an integration of another kind',
    'Integration',
    { IntegrationType: 'HTTP_PROXY' },
    /IntegrationType must be AWS_PROXY/,
  ],
  ['a route that is taken', 'Route', { RouteKey: 'GET /', Target: 'integrations/echo' }, /already exists/],
  ['a route to nowhere', 'Route', { RouteKey: 'GET /x', Target: 'integrations/none' }, /Invalid target/],
  ['what is not here', 'Route', { RequestParameters: {} }, /RequestParameters .* not supported/],
])('%s is refused', async (_, kind, properties, sentence) => {
  const { apiGateway } = aws.standIn.services;
  await expect(apiGateway.put(kind, caller, 'x', { ApiId: apiId, ...properties })).rejects.toThrow(sentence);
});
