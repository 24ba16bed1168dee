import { describe, expect, it } from 'vitest';
import type { TenantContext } from '@/lib/domain/context';
import type {
  Activation,
  EndpointDescription,
  ModelVersion,
  RegisteredEndpoint,
} from '@/lib/domain/models/ports';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { AnnexError } from '@/lib/errors';
import { type EndpointMetrics, type EndpointReading, endpointMetricNames, type MetricSeries } from '../ports';
import { timesOf } from '../windows';
import { type EndpointMetricsView, getMetrics } from './get-metrics';

const modelVersion = (version: number, endpointName: string): ModelVersion => ({
  version,
  endpointName,
  contentType: 'text/csv',
  report: {
    endpointName,
    testedAt: new Date(0),
    deployment: null,
    passed: true,
    contentTypes: ['text/csv'],
    checks: [],
    latencyMs: { rows1: null, rows100: null },
  },
  registeredBy: 'ada',
  registeredAt: new Date(0),
});

const description = (name: string, more: Partial<EndpointDescription> = {}): EndpointDescription => ({
  name,
  status: 'InService',
  changedAt: new Date(0),
  failureReason: null,
  variants: [
    { name: 'blue', instances: 1 },
    { name: 'green', instances: 1 },
  ],
  ...more,
});

type Asked = Parameters<EndpointMetrics['read']>[0];

const blueGreen: RegisteredEndpoint = { endpointName: 'churn-b', versions: [3, 2], registered: 2 };
const first: RegisteredEndpoint = { endpointName: 'churn-a', versions: [1], registered: 1 };

/** A tenant with version 1 at `churn-a`, and versions 2 (active) and 3 at `churn-b`. */
class Monitored {
  readonly asked: Asked[] = [];
  active: ModelVersion | null = modelVersion(2, 'churn-b');
  /** Endpoints too old for the list. */
  older: readonly RegisteredEndpoint[] = [];
  describe: (name: string) => Promise<EndpointDescription | null> = async (name) => description(name);
  variants: () => Promise<readonly string[]> = async () => [];
  /** Invocations of the newest periods. */
  calls: readonly (number | null)[] = [4];
  /** Annex’s health checks in the newest periods. */
  looks: readonly (number | null)[] = [];
  activations: readonly Activation[] = [];
  failure: AnnexError | null = null;
  accountId: string | null = '222222222222';

  context(role: 'scientist' | 'member' = 'scientist'): TenantContext {
    const base = new WorkbenchWorld().as(role);
    return {
      ...base,
      tenant: { ...base.tenant, accountId: this.accountId },
      ports: {
        ...base.ports,
        models: {
          ...base.ports.models,
          endpoints: async ({ name }) =>
            name === undefined
              ? [blueGreen, first]
              : [blueGreen, first, ...this.older].filter(({ endpointName }) => endpointName === name),
          active: async () => this.active,
          activations: async () => this.activations,
        },
        endpoints: { ...base.ports.endpoints, describe: (name) => this.describe(name) },
        endpointMetrics: { read: async (request) => this.read(request), variants: () => this.variants() },
      },
    };
  }

  async view(input: Parameters<typeof getMetrics>[1] = {}): Promise<EndpointMetricsView> {
    const view = await getMetrics(this.context(), input);
    if (view.state !== 'endpoint') throw new Error(view.state);
    return view;
  }

  private read(request: Asked): EndpointReading {
    this.asked.push(request);
    if (this.failure) throw this.failure;
    const length = timesOf(request.window).length;
    const empty = new Array<number | null>(length).fill(null);
    const series = Object.fromEntries(
      endpointMetricNames.map((name): [string, MetricSeries] => [name, { values: empty, problem: null }]),
    ) as EndpointReading['series'];
    const tail = (values: typeof this.calls) => ({
      values: [...empty, ...values].slice(-length),
      problem: null,
    });
    return {
      window: request.window,
      readAt: request.window.end,
      series: { ...series, invocations: tail(this.calls), lookCalls: tail(this.looks) },
      messages: [],
    };
  }
}

const denied = new AnnexError('dependency_denied', 'AWS refused.');

describe('getMetrics', () => {
  it('reads the first variant of the active model’s endpoint, once', async () => {
    const world = new Monitored();
    const view = await world.view({ range: '7d' });
    expect(view).toMatchObject({
      range: '7d',
      chosen: { ...blueGreen, active: 2 },
      choices: [
        { ...blueGreen, active: 2 },
        { ...first, active: null },
      ],
      endpoint: { state: 'there', status: 'InService' },
      variant: 'blue',
      variants: ['blue', 'green'],
      metrics: {
        state: 'read',
        figures: { all: { calls: { total: 4 }, success: { total: 1 } }, apps: 'several_variants' },
      },
    });
    expect(world.asked).toHaveLength(1);
    expect(world.asked[0]).toMatchObject({
      accountId: '222222222222',
      endpointName: 'churn-b',
      variantName: 'blue',
    });
  });

  it('tells Annex’s own calls from the others where one variant responds', async () => {
    const world = new Monitored();
    world.describe = async (name) => description(name, { variants: [{ name: 'blue', instances: 1 }] });
    world.calls = [9, 6];
    world.looks = [2, 3];
    const { metrics } = await world.view({ range: '1h' });
    expect(metrics).toMatchObject({
      state: 'read',
      figures: {
        apps: { calls: { total: 10 } },
        own: { look: { calls: { total: 5 } }, test: { calls: { total: null } } },
        all: { calls: { total: 15 } },
      },
    });
  });

  it('reads two chosen instants, and what became active between them', async () => {
    const world = new Monitored();
    const at = (minutes: number) => new Date(world.context().now().getTime() + minutes * 60_000);
    world.activations = [-30, -90, -200].map((minutes, index) => ({
      version: index === 1 ? null : 3 - index,
      by: 'ada',
      at: at(minutes),
    }));
    const span = { from: at(-120).getTime() / 1000, to: at(-60).getTime() / 1000 };
    const { window, activations } = await world.view({ span });
    expect(window).toMatchObject({ periodSeconds: 60, pinned: true });
    expect(world.asked[0]?.window).toEqual(window);
    expect(activations).toEqual([{ version: null, at: at(-90) }]);
    expect((await world.view({ range: '1h' })).activations).toEqual([{ version: 3, at: at(-30) }]);
  });

  it('reads another endpoint or variant on request, but only a registered endpoint', async () => {
    const world = new Monitored();
    const view = await world.view({ endpoint: 'churn-a', variant: 'green' });
    expect(view).toMatchObject({ chosen: { endpointName: 'churn-a', active: null }, variant: 'green' });
    expect(world.asked[0]).toMatchObject({ endpointName: 'churn-a', variantName: 'green' });
    await expect(world.view({ endpoint: 'somebodys' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(world.view({ endpoint: 'https://x' })).rejects.toMatchObject({ code: 'invalid' });
    expect(world.asked).toHaveLength(1);
    await expect(world.view({ variant: '../x' })).rejects.toMatchObject({ code: 'invalid' });
  });

  it('lists the chosen endpoint, however old its versions are', async () => {
    const world = new Monitored();
    world.older = [{ endpointName: 'ancient', versions: [0], registered: 1 }];
    const { chosen, choices } = await world.view({ endpoint: 'ancient' });
    expect(chosen.endpointName).toBe('ancient');
    expect(choices.map(({ endpointName }) => endpointName)).toEqual(['ancient', 'churn-b', 'churn-a']);
  });

  it('says when there is no account, or no model to look at', async () => {
    const world = new Monitored();
    world.active = null;
    expect(await getMetrics(world.context(), {})).toMatchObject({
      state: 'no_model',
      choices: [{ endpointName: 'churn-b', active: null }, { endpointName: 'churn-a' }],
    });
    expect(await world.view({ endpoint: 'churn-b' })).toMatchObject({ chosen: { active: null } });
    world.accountId = null;
    expect(await getMetrics(world.context(), {})).toEqual({ state: 'no_account' });
    await expect(getMetrics(world.context('member'), {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(world.asked).toHaveLength(1);
  });

  it('shows what CloudWatch still has of an endpoint that is gone', async () => {
    const world = new Monitored();
    world.describe = async () => null;
    expect(await world.view()).toMatchObject({
      endpoint: { state: 'gone' },
      variant: null,
      metrics: { state: 'nothing' },
    });
    expect(world.asked).toHaveLength(0);
    world.variants = async () => ['AllTraffic'];
    expect(await world.view()).toMatchObject({
      endpoint: { state: 'gone' },
      variant: 'AllTraffic',
      metrics: { state: 'read' },
    });
  });

  it.each([
    ['dependency_denied', 'AWS refused.'],
    ['throttled', 'AWS is throttling requests.'],
    ['dependency_failed', 'AWS did not answer.'],
  ] as const)('does not take %s for the silence of an endpoint that is gone', async (code, message) => {
    const world = new Monitored();
    world.describe = async () => null;
    world.variants = () => Promise.reject(new AnnexError(code, message));
    expect(await world.view()).toMatchObject({
      endpoint: { state: 'gone' },
      variant: null,
      metrics: { state: 'failed', failure: { code, message } },
    });
    // The URL names the variant, so its metrics can be read.
    expect(await world.view({ variant: 'blue' })).toMatchObject({ metrics: { state: 'read' } });
  });

  it('distinguishes an unreachable endpoint from one that is gone, and a refusal from a failure', async () => {
    const world = new Monitored();
    world.failure = denied;
    expect(await world.view()).toMatchObject({
      endpoint: { state: 'there' },
      metrics: { state: 'failed', failure: { code: 'dependency_denied', message: 'AWS refused.' } },
    });
    world.failure = new AnnexError('throttled', 'AWS is throttling requests.');
    expect(await world.view()).toMatchObject({
      metrics: { state: 'failed', failure: { code: 'throttled' } },
    });
    world.describe = async () => Promise.reject(denied);
    world.variants = async () => Promise.reject(denied);
    expect(await world.view()).toMatchObject({
      endpoint: { state: 'unknown', failure: { code: 'dependency_denied' } },
      metrics: { state: 'failed', failure: { code: 'dependency_denied' } },
    });
    world.variants = async () => [];
    expect(await world.view()).toMatchObject({
      endpoint: { state: 'unknown' },
      metrics: { state: 'failed', failure: { code: 'dependency_denied' } },
    });
    world.describe = async () => Promise.reject(new Error('a mistake of ours'));
    await expect(world.view()).rejects.toThrow('a mistake of ours');
  });

  it('calls no endpoint late that is not in service', async () => {
    const world = new Monitored();
    world.calls = [3, 3, 3, 3, 3, 3, null, null, null];
    const late = async () => {
      const { metrics } = await world.view({ range: '1h' });
      return metrics.state === 'read' && metrics.figures.late;
    };
    expect(await late()).toBe(true);
    world.describe = async (name) => description(name, { status: 'Updating' });
    expect(await late()).toBe(false);
  });
});
