import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestDatabase } from '@/local/testing/postgres';
import { dropConnections, fillWithScores, startTestDatabase } from '../local/testing/database';
import { type Behaviour, type ProductAws, startProductAws } from '../local/testing/product-aws';
import { tenantContextForSystem } from './deps';
import type { TenantContext } from './domain/context';
import type { Customer } from './domain/crm/ports';
import type { ContentType } from './domain/models/ports';
import { limits } from './domain/scoring/limits';
import { scoreAllNow } from './domain/scoring/verbs/score-all-now';
import { scoreCustomers } from './domain/scoring/verbs/score-customers';
import { isAnnexError } from './errors';

const account = '222222222222';
/** More than one whole batch. */
const customers = limits.batchRows * 1.5;
let stack: ProductAws;
let postgres: TestDatabase;

beforeAll(async () => {
  stack = await startProductAws();
  postgres = await startTestDatabase(['foo']);
  await stack.vend('foo', account);
  await (await system()).ports.tenant.recordAccount(account);
  await fillWithScores(postgres.adminUrl, 'foo', customers);
});
afterAll(async () => {
  await postgres?.stop();
  await stack?.stop();
});

/** Annex with the product's own ports, but for the queue. */
async function system(message = 'message-1'): Promise<TenantContext> {
  const context = await tenantContextForSystem('foo', message);
  return { ...context, ports: { ...context.ports, jobs: { send: async () => {} } } };
}

/** What becomes of the job in the end: as the queue does, hands it out again when it failed in a way that may pass. */
async function redelivered(message: string, receives = 5): Promise<unknown> {
  try {
    return await scoreCustomers(await system(message), undefined);
  } catch (error) {
    if (receives <= 1 || !isAnnexError(error) || !error.transient) throw error;
    return redelivered(message, receives - 1);
  }
}

/** Makes the endpoint what scores come from, without the contract test that it would not pass. */
async function activate(endpointName: string, contentType: ContentType = 'text/csv'): Promise<void> {
  const { models, endpoints } = (await system()).ports;
  const report = {
    endpointName,
    testedAt: new Date(),
    deployment: (await endpoints.deployed(endpointName))?.deployment ?? null,
    passed: true,
    contentTypes: [contentType],
    checks: [],
    latencyMs: { rows1: 1, rows100: 1 },
  };
  const at = new Date();
  const made = await models.register({
    endpointName,
    contentType,
    report,
    registeredBy: 'ada',
    registeredAt: at,
  });
  await models.activate({ version: made.version, by: 'ada', at });
}

const host = (name: string, behaviour: Behaviour, configName?: string) =>
  stack.hostModel(account, name, behaviour, configName);

async function score(message: string) {
  const context = await system(message);
  await scoreAllNow({ ...context, actor: { id: 'ada', name: 'ada', roles: ['scientist'] } }, undefined);
  return scoreCustomers(context, undefined);
}

async function everybody(): Promise<Customer[]> {
  const found: Customer[] = [];
  const { customers: store } = (await system()).ports;
  for await (const customer of store.export({ sort: 'id', direction: 'asc' })) found.push(customer);
  return found;
}

/** A run has stored something, and is not over. */
async function untilInTheMiddle({ ports }: TenantContext): Promise<void> {
  await vi.waitFor(
    async () => {
      const { latest } = await ports.scoring.read();
      expect(latest?.state === 'running' && latest.rowsDone).toBeGreaterThan(0);
    },
    { timeout: 30_000 },
  );
}

describe('scoring through a hosted endpoint', () => {
  it.each(['text/csv', 'application/json'] as const)(
    'gives everybody the model’s score by %s',
    async (contentType) => {
      await host('good', { kind: 'good' });
      await activate('good', contentType);
      expect(await score(`good ${contentType}`)).toBe('scored');
      const found = await everybody();
      expect(found).toHaveLength(customers);
      for (const { features, score: given } of found) {
        expect(given?.source).toBe('model');
        expect(given?.probability).toBeCloseTo(
          1 / (1 + Math.exp(-((features?.recencyDays ?? 0) - 90) / 60)),
          6,
        );
      }
    },
  );

  it.each([
    { kind: 'too-many' },
    { kind: 'too-few' },
    { kind: 'none' },
    { kind: 'nan' },
    { kind: 'text' },
    { kind: 'html' },
    { kind: 'empty' },
    { kind: 'out-of-range' },
    { kind: 'shuffled' },
    { kind: 'reversed' },
    { kind: 'random' },
    { kind: 'huge' },
    { kind: 'error', status: 400 },
    { kind: 'json-only' },
  ] as const)(
    'of a model that is $kind fails once, in words, and everybody keeps the default’s score',
    async (behaviour) => {
      await host('bad', behaviour);
      await activate('bad');
      const before = await everybody();
      expect(await score(`bad ${behaviour.kind}`)).toBe('failed');
      const context = await system();
      const { state, latest } = await context.ports.scoring.read();
      expect(latest).toMatchObject({ state: 'failed', failure: expect.stringMatching(/./) });
      expect(state).toMatchObject({
        mode: 'fallback',
        breaker: { cause: 'answers' },
        reason: latest?.failure,
      });
      const after = await everybody();
      expect(after.every(({ score: given }) => given?.source === 'default')).toBe(true);
      if (before[0]?.score?.source === 'default') expect(after).toEqual(before);
      expect((await context.ports.customers.overview()).source).toMatchObject({ kind: 'fallback' });
    },
  );

  it('says that an endpoint is gone', async () => {
    await activate('never-there');
    expect(await score('gone')).toBe('failed');
    const { latest } = await (await system()).ports.scoring.read();
    expect(latest?.failure).toMatch(/never-there no longer exists/);
  });

  it('ends when another model takes the place of the tested one in the middle', async () => {
    await host('swapped', { kind: 'hang-after', rows: customers / 2 }, 'swapped-1');
    await activate('swapped');
    const context = await system('swapped');
    const scored = scoreCustomers(context, undefined);
    await untilInTheMiddle(context);
    await host('swapped', { kind: 'good' }, 'swapped-2');
    expect(await scored).toBe('failed');
    const { state, latest } = await context.ports.scoring.read();
    expect(state).toMatchObject({ mode: 'fallback', reason: latest?.failure });
    expect(latest?.failure).toMatch(
      /no longer serves the model .*the configuration swapped-2; version \d+ was swapped-1/,
    );
    expect((await everybody()).every(({ score: given }) => given?.source === 'default')).toBe(true);
  });

  it('goes on where it was after the database dropped every connection in the middle', async () => {
    await host('stuck', { kind: 'hang-after', rows: customers / 2 });
    await activate('stuck');
    const context = await system('first');
    const first = scoreCustomers(context, undefined).catch((error: unknown) => error);
    await untilInTheMiddle(context);
    await dropConnections(postgres);
    await host('stuck', { kind: 'good' });
    const outcome = await first;
    // It may not even notice; a job that does comes again, under its own name, until no connection of the pool is a dead one.
    if (outcome instanceof Error) expect(outcome).toMatchObject({ transient: true });
    expect(['scored', 'current']).toContain(await redelivered('first'));
    const { shown } = await context.ports.scoring.read();
    expect(shown).toMatchObject({ state: 'done', rowsDone: customers });
    expect((await everybody()).every(({ score: given }) => given?.source === 'model')).toBe(true);
  });
});
