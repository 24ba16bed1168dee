import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DurableState, openState } from '../core/state';
import { fakeStandIn } from '../testing/fake-stand-in';
import { floorTo, resolutionFor } from './resolutions';
import { addValue } from './sketch';
import { statisticOf } from './statistics';
import { MetricStore } from './store';

const day = 86_400;
const start = Date.UTC(2026, 2, 1) / 1000;
const metric = {
  accountId: '222222222222',
  region: 'us-east-1',
  namespace: 'AWS/SageMaker',
  name: 'ModelLatency',
  dimensions: [
    { name: 'VariantName', value: 'AllTraffic' },
    { name: 'EndpointName', value: 'churn' },
  ],
};

let dir: string;
let state: DurableState;
let now: number;
let store: MetricStore;

const make = () => new MetricStore(fakeStandIn().standIn, state, () => now);
const put = (at: number, value: number, unit = 'Microseconds', high = false) =>
  store.put(metric, unit, at, high, (bucket) => addValue(bucket, value));
async function read(stat: string, period: number, from: number, to: number, unit?: string) {
  await store.flush();
  const found = await store.read(metric, unit, period, from, to);
  return Object.fromEntries(
    [...found].sort(([a], [b]) => a - b).map(([at, bucket]) => [at - start, statisticOf(stat)(bucket)]),
  );
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-metrics-'));
  state = await openState(dir);
  now = start + day;
  store = make();
});
afterEach(async () => {
  await state.close();
  await rm(dir, { recursive: true, force: true });
});

describe('the metric store', () => {
  it('puts samples into the periods that they fall into, and leaves out those without any', async () => {
    for (const [at, value] of [
      [0, 1],
      [59.9, 3],
      [60, 5],
      [240, 7],
      [3600, 100],
    ] as const)
      put(start + at, value);
    expect(await read('Sum', 60, start, start + 300)).toEqual({ 0: 4, 60: 5, 240: 7 });
    expect(await read('Average', 300, start, start + 3600)).toEqual({ 0: 4 });
    expect(await read('Sum', 3600, start, start + 7200)).toEqual({ 0: 16, 3600: 100 });
    // A period that the end cuts is a whole period.
    expect(await read('Sum', 300, start, start + 61)).toEqual({ 0: 16 });
  });

  it('sums up the same at every resolution', async () => {
    const sample = fc.tuple(fc.integer({ min: 0, max: 6 * 3600 - 1 }), fc.integer({ min: 0, max: 1000 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(sample, { minLength: 1, maxLength: 60 }),
        fc.constantFrom(60, 300, 900, 3600, 7200),
        async (samples, period) => {
          await state.close();
          await rm(dir, { recursive: true, force: true });
          state = await openState(dir);
          store = make();
          const expected: Record<number, number> = {};
          for (const [at, value] of samples) {
            put(start + at, value);
            const begin = floorTo(at, period);
            expected[begin] = (expected[begin] ?? 0) + value;
          }
          expect(await read('Sum', period, start, start + 6 * 3600)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('takes what comes late or again after a restart, and tells units apart', async () => {
    put(start + 10, 1);
    await store.flush();
    store = make();
    put(start + 20, 9);
    put(start + 20, 500, 'Count');
    expect(await read('Sum', 60, start, start + 60, 'Microseconds')).toEqual({ 0: 10 });
    expect(await read('Sum', 60, start, start + 60)).toEqual({ 0: 510 });
    expect(await read('Sum', 60, start, start + 60, 'Bytes')).toEqual({});
    expect(await store.metrics(metric.accountId, metric.namespace)).toMatchObject([
      { units: ['Microseconds', 'Count'] },
    ]);
    expect(await store.metrics('333333333333')).toEqual([]);
  });

  it('keeps minutes for 15 days, five minutes for 63, hours for 455, and then nothing', async () => {
    put(start + 60, 5);
    await store.flush();
    const seen = async (period: number) => Object.keys(await read('Sum', period, start, start + 3600)).length;
    const kept = async (days: number) => {
      now = start + days * day;
      await store.prune();
      return [await seen(60), await seen(300), await seen(3600)];
    };
    expect(await kept(14)).toEqual([1, 1, 1]);
    expect(await kept(17)).toEqual([0, 1, 1]);
    expect(await kept(66)).toEqual([0, 0, 1]);
    expect(await kept(460)).toEqual([0, 0, 0]);
    expect(await store.metrics(metric.accountId)).toEqual([]);
  });

  it('keeps seconds of a high-resolution metric for three hours', async () => {
    now = start + 30;
    put(start + 1.2, 5, 'None', true);
    put(start + 2, 6, 'None', true);
    expect(await read('Sum', 1, start, start + 10)).toEqual({ 1: 5, 2: 6 });
    expect(await read('Sum', 5, start, start + 10)).toEqual({ 0: 11 });
    expect(await read('Sum', 60, start, start + 60)).toEqual({ 0: 11 });
  });

  it('reads the coarsest resolution that a period is made of', () => {
    const at = start + 30 * day;
    expect(resolutionFor(300, start + 29 * day, at).period).toBe(300);
    expect(resolutionFor(300, start + 29 * day + 60, at).period).toBe(60);
    expect(resolutionFor(3600, start, at).period).toBe(3600);
    expect(resolutionFor(60, start, at).period).toBe(60);
  });
});
