import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contractTest } from '@/lib/domain/models/contract-test';
import type { ContractReport, EndpointAnswer } from '@/lib/domain/models/ports';
import { type Behaviour, type ProductAws, startProductAws } from '@/local/testing/product-aws';
import type { CallOutcome } from '../monitoring/own-calls';
import { invokeEndpoint, OneTryRuntimeClient } from './invoke-endpoint';
import { modelEndpoints } from './model-endpoints';

const accounts = { foo: '222222222222', bar: '333333333333' } as const;
let stack: ProductAws;

beforeAll(async () => {
  stack = await startProductAws();
  for (const [tenant, account] of Object.entries(accounts)) {
    await stack.vend(tenant, account);
  }
});
afterAll(() => stack?.stop());

const endpointsOf = (tenant: keyof typeof accounts, account: string = accounts[tenant]) =>
  modelEndpoints(tenant, async () => account);
const host = (name: string, behaviour: Behaviour) => stack.hostModel(accounts.foo, name, behaviour);
const row = '3,12,41.5,640,4,166,57.91,0';
const ask = (endpointName: string, more: { deadlineMs?: number; maxBytes?: number; body?: string } = {}) =>
  endpointsOf('foo').invoke({
    endpointName,
    contentType: 'text/csv',
    body: row,
    inferenceId: 'annex-test-1',
    deadlineMs: 30_000,
    maxBytes: 4096,
    ...more,
  });
const text = ({ body }: EndpointAnswer) => new TextDecoder().decode(body);

describe('modelEndpoints', () => {
  it('lists and describes the endpoints of the tenant’s own account, by name and pages', async () => {
    for (const name of ['list-b', 'list-a', 'list-c']) await host(name, { kind: 'good' });
    const first = await endpointsOf('foo').list({ limit: 2 });
    expect(first.endpoints).toEqual([
      { name: 'list-a', status: 'InService', changedAt: expect.any(Date) },
      { name: 'list-b', status: 'InService', changedAt: expect.any(Date) },
    ]);
    const second = await endpointsOf('foo').list({ limit: 2, after: first.next ?? '' });
    expect(second).toMatchObject({ endpoints: [{ name: 'list-c' }], next: null });
    expect(await endpointsOf('foo').describe('list-a')).toMatchObject({
      name: 'list-a',
      status: 'InService',
      failureReason: null,
      variants: [{ name: 'AllTraffic', instances: 1 }],
    });
    expect(await endpointsOf('foo').describe('nowhere')).toBeNull();
  });

  it('gives what the container said, also when it refused', async () => {
    await host('good', { kind: 'good' });
    const answer = await ask('good');
    expect(answer).toMatchObject({ status: 200, contentType: expect.stringContaining('text/csv') });
    expect(Number(text(answer))).toBeGreaterThan(0);
    expect(answer.ms).toBeGreaterThan(0);
    expect(await ask('good', { body: 'a,b' })).toMatchObject({ status: 400 });
    await host('broken', { kind: 'error', status: 500 });
    expect(await ask('broken')).toMatchObject({ status: 500 });
  });

  it('says that it did not answer in time, hung, dripped or broke off', async () => {
    await host('hang', { kind: 'hang' });
    await host('drip', { kind: 'drip', ms: 20 });
    await host('slow', { kind: 'slow', ms: 20_000 });
    for (const name of ['hang', 'drip', 'slow']) {
      await expect(ask(name, { deadlineMs: 300, maxBytes: 1_000_000 }), name).rejects.toMatchObject({
        code: 'dependency_failed',
        message: 'The endpoint did not answer within 300 ms.',
      });
    }
    await host('cut', { kind: 'cut' });
    await expect(ask('cut')).rejects.toMatchObject({ code: 'dependency_failed' });
    const model = await host('down', { kind: 'good' });
    await model.down();
    await expect(ask('down')).rejects.toMatchObject({ code: 'dependency_failed', transient: true });
  });

  it('lets no more of 200 MB in than was asked for', async () => {
    await host('huge', { kind: 'huge' });
    const before = process.memoryUsage();
    await expect(ask('huge')).rejects.toMatchObject({
      code: 'dependency_failed',
      transient: false,
      message: expect.stringContaining('longer than the limit of 4096 bytes'),
    });
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(60_000_000);
  });

  it('keeps missing, denied and throttled apart', async () => {
    await expect(ask('nowhere')).rejects.toMatchObject({ code: 'not_found' });
    await host('apart', { kind: 'good' });
    for (const [message, code] of [
      ['AccessDeniedException: no', 'dependency_denied'],
      ['ThrottlingException: slow down', 'throttled'],
    ] as const) {
      await stack.fault('request', 'sagemaker.InvokeEndpoint', { message });
      await expect(ask('apart'), code).rejects.toMatchObject({ code });
    }
    await expect(endpointsOf('bar').describe('apart')).resolves.toBeNull();
  });

  it('does not reach another tenant’s account', async () => {
    await host('theirs', { kind: 'good' });
    const denied = { code: 'dependency_denied' };
    const spy = endpointsOf('bar', accounts.foo);
    await expect(spy.list({ limit: 5 })).rejects.toMatchObject(denied);
    await expect(spy.describe('theirs')).rejects.toMatchObject(denied);
    await expect(
      spy.invoke({
        endpointName: 'theirs',
        contentType: 'text/csv',
        body: row,
        inferenceId: 'annex-test-1',
        deadlineMs: 30_000,
        maxBytes: 100,
      }),
    ).rejects.toMatchObject(denied);
    expect((await endpointsOf('bar').list({ limit: 5 })).endpoints).toEqual([]);
  });
});

/** What no hosted model can do: break the protocol between SageMaker and us. */
describe('an answer', () => {
  let headers: IncomingHttpHeaders = {};
  const bare: Server = createServer((request, response) => {
    headers = request.headers;
    handler(request.url ?? '', response);
  });
  let handler: (url: string, response: ServerResponse) => void = () => {};
  let client: OneTryRuntimeClient;
  /** How the calls of a test count. */
  let outcomes: CallOutcome[] = [];
  beforeEach(() => {
    outcomes = [];
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
    client = new OneTryRuntimeClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`,
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
  });
  afterAll(() => {
    client.destroy();
    bare.closeAllConnections();
    bare.close();
  });

  const invoke = (maxBytes = 1000, deadlineMs = 30_000) =>
    invokeEndpoint(
      client,
      {
        endpointName: 'e',
        contentType: 'text/csv',
        body: '1',
        inferenceId: 'annex-look-1',
        deadlineMs,
        maxBytes,
      },
      (outcome) => outcomes.push(outcome),
    );

  it('is asked for under an id that data capture keeps', async () => {
    handler = (_url, response) => response.end('0.5');
    await invoke();
    expect(headers['x-amzn-sagemaker-inference-id']).toBe('annex-look-1');
  });

  it('that has no end is cut off at the wire', async () => {
    let closed = false;
    handler = (_url, response) => {
      const more = () => {
        while (!response.destroyed && response.write('9'.repeat(65_536)));
      };
      response.on('drain', more).on('close', () => {
        closed = true;
      });
      more();
    };
    await expect(invoke()).rejects.toMatchObject({
      message: expect.stringContaining('longer than the limit of 1000 bytes'),
    });
    await expect.poll(() => closed, { timeout: 60_000 }).toBe(true);
    expect(outcomes).toEqual(['succeeded']);
  });

  it('may be exactly as long as was let in', async () => {
    handler = (_url, response) => response.end('7'.repeat(1000));
    expect((await invoke()).body).toHaveLength(1000);
    await expect(invoke(999)).rejects.toMatchObject({ code: 'dependency_failed' });
  });

  it('is asked for once, whatever came', async () => {
    let asked = 0;
    handler = (_url, response) => {
      asked += 1;
      response.writeHead(500, { 'x-amzn-errortype': 'InternalFailure' }).end('{"Message":"no"}');
    };
    await expect(invoke()).rejects.toMatchObject({ code: 'dependency_failed', transient: true });
    expect(asked).toBe(1);
    expect(outcomes).toEqual([]);
  });

  it('that never came from the container is no answer of it', async () => {
    handler = (_url, response) =>
      response
        .writeHead(424, { 'x-amzn-errortype': 'ModelError' })
        .end('{"Message":"timed out","OriginalStatusCode":0,"OriginalMessage":""}');
    await expect(invoke()).rejects.toMatchObject({ code: 'dependency_failed' });
    handler = (_url, response) =>
      response.writeHead(429, { 'x-amzn-errortype': 'ModelNotReadyException' }).end('{"Message":"loading"}');
    await expect(invoke()).rejects.toMatchObject({ message: expect.stringContaining('loading its model') });
    expect(outcomes).toEqual(['server_error']);
  });

  it('that refuses in many words is still a refusal', async () => {
    const OriginalMessage = '<p>'.repeat(5000);
    handler = (_url, response) =>
      response
        .writeHead(424, { 'x-amzn-errortype': 'ModelError' })
        .end(JSON.stringify({ Message: 'm', OriginalStatusCode: 415, OriginalMessage }));
    expect(await invoke(100)).toMatchObject({ status: 415 });
    expect(outcomes).toEqual(['client_error']);
  });
});

const failed = ({ checks }: ContractReport) =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
const tested = (name: string, requestMs = 20_000) =>
  contractTest(endpointsOf('foo'), name, {
    now: () => new Date(),
    limits: { requestMs, totalMs: 60_000 },
  });

describe('the contract test over the wire', () => {
  it('passes a good model, and says how fast it is', async () => {
    await host('whole', { kind: 'good' });
    const report = await tested('whole');
    expect(failed(report)).toEqual([]);
    expect(report).toMatchObject({ passed: true, contentTypes: ['text/csv', 'application/json'] });
    expect(report.latencyMs.rows100).toBeGreaterThan(0);
  });

  it.each<[Behaviour['kind'], string]>([
    ['csv-only', 'text/csv'],
    ['json-only', 'application/json'],
    ['comma-separated', 'text/csv'],
    ['fills-in', 'text/csv'],
  ])('passes one that is %s', async (kind, contentType) => {
    await host('partly', { kind } as Behaviour);
    expect(await tested('partly')).toMatchObject({ passed: true });
    expect((await tested('partly')).contentTypes[0]).toBe(contentType);
  });

  it.each<[Behaviour, string]>([
    [{ kind: 'too-many' }, 'one-answer-a-row'],
    [{ kind: 'too-few' }, 'one-answer-a-row'],
    [{ kind: 'nan' }, 'in-range'],
    [{ kind: 'out-of-range' }, 'in-range'],
    [{ kind: 'html' }, 'content-types'],
    [{ kind: 'empty' }, 'content-types'],
    [{ kind: 'huge' }, 'reachable'],
    [{ kind: 'hang' }, 'reachable'],
    [{ kind: 'shuffled' }, 'order'],
    [{ kind: 'reversed' }, 'order'],
    [{ kind: 'random' }, 'deterministic'],
    [{ kind: 'answers-anything' }, 'malformed'],
    [{ kind: 'error', status: 500 }, 'content-types'],
  ])('fails %j', async (behaviour, id) => {
    await host('bad', behaviour);
    const report = await tested('bad', behaviour.kind === 'hang' ? 700 : undefined);
    expect(report.passed).toBe(false);
    expect(failed(report)).toContain(id);
  });
});
