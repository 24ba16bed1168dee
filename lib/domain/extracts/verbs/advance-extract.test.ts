import { describe, expect, it } from 'vitest';
import type { AuditLog } from '@/lib/domain/audit/ports';
import { type Killer, survive } from '@/lib/domain/testing/crash';
import { ExtractWorld, policyOf, submitted } from '@/lib/domain/testing/extract-world';
import { AnnexError } from '@/lib/errors';
import { limits } from '../limits';
import { advanceExtract } from './advance-extract';
import { cancelExtract } from './cancel-extract';
import { retryExtract } from './retry-extract';
import { submitExtract } from './submit-extract';

const draft = { dataset: 'orders' } as const;
/** As the standard plan has it. */
const runsAtOnce = 2;
const submit = (world: ExtractWorld, requestId?: string) =>
  submitExtract(world.as('scientist'), { draft, ...(requestId ? { requestId } : {}) });

const look = (world: ExtractWorld) =>
  advanceExtract(world.as('system'), { requestId: world.single().requestId });

function actions(world: ExtractWorld): string[] {
  return world.audit.map(({ action, detail }) => `${action} ${detail?.state ?? ''}`.trim());
}

describe('advanceExtract', () => {
  it('completes an extract and describes its file', async () => {
    const world = await submitted();
    await world.work();
    expect(world.single()).toMatchObject({
      state: 'done',
      runId: 'jr_1',
      attempt: 1,
      file: { name: 'data.csv', rows: 3, bytes: 99 },
    });
    expect(world.glue.runs).toHaveLength(1);
    expect(world.glue.runs[0]?.manifest).toMatchObject({
      requestId: world.single().requestId,
      attempt: 1,
      tenant: 'foo',
      dataset: 'orders',
      policyVersion: 1,
      columns: world.single().columns,
    });
    expect(actions(world)).toEqual(['extracts.submit', 'extracts.advance done']);
  });

  it('records what an interrupted request left out, under the requester’s name and id', async () => {
    const world = await submitted();
    world.audit.length = 0;
    await world.work();
    expect(world.audit).toMatchObject([
      { action: 'extracts.submit', actorId: 'sub-1', actorName: 'ada@foo.example' },
      { action: 'extracts.advance', actorId: 'worker', actorName: 'Annex' },
    ]);
  });

  it('does not trust a run whose file is missing or incomplete', async () => {
    const forgetful = await submitted();
    forgetful.glue.forgetsManifest = true;
    await forgetful.work();
    expect(forgetful.single()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('no manifest'),
    });

    const stale = await submitted();
    stale.glue.forgetsManifest = true;
    stale.glue.bucket.set(stale.single().requestId, { attempt: 1, said: 99, bytes: 98 });
    await stale.work();
    expect(stale.single()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('not complete'),
    });
  });

  it('fails with the reason, and a retry writes it again as the next attempt', async () => {
    const world = await submitted();
    world.glue.failures = 1;
    await world.work();
    const { requestId } = world.single();
    expect(world.single()).toMatchObject({ state: 'failed', reason: 'The replica does not answer.' });
    const press = () => retryExtract(world.as('scientist'), { requestId, attempt: 1 });
    expect((await Promise.all([press(), press()])).map(({ attempt }) => attempt)).toEqual([2, 2]);
    await world.work();
    expect(world.single()).toMatchObject({ state: 'done', attempt: 2, reason: null });
    expect(world.glue.runs.map(({ manifest }) => manifest.attempt)).toEqual([1, 2]);
    expect(actions(world)).toEqual([
      'extracts.submit',
      'extracts.advance failed',
      'extracts.retry',
      'extracts.advance done',
    ]);
  });

  it('fails on a permanent refusal, and waits out a temporary one', async () => {
    const world = await submitted();
    world.glue.refusals.push(
      new AnnexError('throttled', 'full'),
      new AnnexError('dependency_denied', 'no right'),
    );
    await world.work();
    expect(world.single()).toMatchObject({ state: 'failed', reason: 'no right' });
    expect(world.glue.runs).toHaveLength(0);
  });

  it('runs under the policy that is in force when it starts', async () => {
    const world = await submitted();
    world.policies.set('orders', policyOf('orders', { amount: 'redact' }, 2));
    await world.work();
    expect(world.single()).toMatchObject({ state: 'done', policyVersion: 2 });
    expect(world.single().columns.at(-1)).toEqual({ name: 'amount', type: 'float', mask: 'redact' });
    expect(world.glue.runs[0]?.manifest).toMatchObject({
      policyVersion: 2,
      columns: expect.arrayContaining([{ name: 'amount', type: 'float', mask: 'redact' }]),
    });

    const dropped = await submitted();
    dropped.policies.set('orders', policyOf('orders', { amount: 'drop' }, 2));
    await dropped.work();
    expect(dropped.single()).toMatchObject({ state: 'failed', reason: expect.stringContaining('“amount”') });
  });

  it('stops a run that never ends, and gives it up', async () => {
    const world = await submitted();
    world.glue.runMs = 10 * 3_600_000;
    await world.work(undefined, 5);
    expect(world.single().state).toBe('failed');
    expect(world.glue.runs[0]?.state).toBe('stopped');
  });

  it('fails when its run is gone', async () => {
    const world = await submitted();
    await world.work(() => world.single().runId !== null);
    world.glue.runs.length = 0;
    await world.work();
    expect(world.single()).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('no longer exists'),
    });
  });
});

describe('cancelling', () => {
  it('ends a queued extract at once, and a running one when its run has stopped', async () => {
    const waiting = await submitted();
    const { requestId } = waiting.single();
    expect(await cancelExtract(waiting.as('scientist'), { requestId })).toMatchObject({ state: 'cancelled' });
    await waiting.work();
    for (const message of waiting.messages.splice(0)) await waiting.deliver(message);
    expect(waiting.glue.runs).toHaveLength(0);
    expect(actions(waiting)).toEqual(['extracts.submit', 'extracts.cancel', 'extracts.advance cancelled']);

    const running = await submitted();
    await running.work(() => running.single().runId !== null);
    const id = { requestId: running.single().requestId };
    expect(await cancelExtract(running.as('scientist'), id)).toMatchObject({ state: 'running' });
    await running.work();
    expect(running.single().state).toBe('cancelled');
    expect(running.glue.runs[0]?.state).toBe('stopped');
    expect(await cancelExtract(running.as('scientist'), id)).toMatchObject({ state: 'cancelled' });
    expect(running.audit.filter(({ action }) => action === 'extracts.cancel')).toHaveLength(1);
  });

  it('is not recorded as the end of an extract that was finished meanwhile', async () => {
    const world = await submitted();
    const ctx = world.as('scientist');
    const audit: AuditLog = {
      append: async (event) => {
        await ctx.ports.audit.append(event);
        await world.work();
      },
    };
    const { requestId } = world.single();
    const seen = await cancelExtract({ ...ctx, ports: { ...ctx.ports, audit } }, { requestId });
    expect(seen.state).toBe('done');
    expect(actions(world)).toEqual(['extracts.submit', 'extracts.cancel', 'extracts.advance done']);
  });

  it('keeps a file that was complete before the stop', async () => {
    const world = await submitted();
    await world.work(() => world.single().runId !== null);
    world.clock += world.glue.runMs;
    await cancelExtract(world.as('scientist'), { requestId: world.single().requestId });
    await world.work();
    expect(world.single()).toMatchObject({ state: 'done', file: { rows: 3 } });
  });
});

describe('limits', () => {
  it('run few extracts per tenant at a time, oldest first, and eventually all of them', async () => {
    const world = new ExtractWorld();
    for (let n = 0; n < 9; n += 1) {
      await submit(world);
      world.clock += 5;
    }
    await world.work();
    expect(world.glue.mostAtOnce).toBe(runsAtOnce);
    expect([...world.extracts.values()].every(({ state }) => state === 'done')).toBe(true);
    const order = world.glue.runs.map(({ manifest }) => manifest.requestId);
    // Extracts that run at the same time may start in any order; no extract overtakes more than those.
    const waited = order.toSorted();
    order.forEach((requestId, turn) => {
      expect(waited.indexOf(requestId)).toBeLessThan(turn + runsAtOnce);
    });
  });

  it('hold when many are checked at once', async () => {
    const world = new ExtractWorld();
    for (let n = 0; n < 6; n += 1) await submit(world);
    const over = () => [...world.extracts.values()].every(({ state }) => state === 'done');
    for (let round = 0; round < 400 && !over(); round += 1) {
      world.clock += 700;
      const ids = [...world.extracts.keys()];
      await Promise.all(ids.map((requestId) => advanceExtract(world.as('system'), { requestId })));
    }
    expect(over()).toBe(true);
    expect(world.glue.mostAtOnce).toBeLessThanOrEqual(runsAtOnce);
    expect(world.glue.runs).toHaveLength(6);
  });

  it.each([
    [1, 1],
    [5, 5],
    // The deployment’s bound.
    [null, limits.runningInAll],
    [100, limits.runningInAll],
  ])('follow the plan: %s at once are %i', async (allowed, most) => {
    const world = new ExtractWorld();
    world.limits = { runsAtOnce: allowed };
    for (let n = 0; n < 10; n += 1) await submit(world);
    await world.work();
    expect(world.glue.mostAtOnce).toBe(most);
  });

  it('let runs end that a lower plan would not start, and fail none', async () => {
    const world = new ExtractWorld();
    for (let n = 0; n < 4; n += 1) await submit(world);
    await world.work(() => world.glue.active() === 2);
    world.limits = { runsAtOnce: 1, extractsPerDay: 1 };
    await world.work();
    expect([...world.extracts.values()].map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done']);
  });

  it('keep extracts queued while all tenants together have reached the limit of runs', async () => {
    const world = await submitted();
    world.load = limits.runningInAll;
    await expect(world.work(undefined, 0.2)).rejects.toThrow('stuck');
    expect(world.single().state).toBe('queued');
    world.load = 0;
    await world.work();
    expect(world.single().state).toBe('done');
  });
});

describe('lost, doubled and late messages', () => {
  it('works with the sweep as the only message', async () => {
    const world = await submitted();
    while (world.single().state !== 'done') {
      world.messages.length = 0;
      await world.sweep();
      for (const message of world.messages.slice(0, 1)) await world.deliver(message);
    }
    expect(world.glue.runs).toHaveLength(1);
  });

  it('lets several work on one extract at once', async () => {
    const world = await submitted();
    while (world.single().state !== 'done') {
      world.clock += 700;
      await Promise.all([1, 2, 3].map(() => look(world)));
    }
    expect(world.glue.runs).toHaveLength(1);
    expect(actions(world)).toEqual(['extracts.submit', 'extracts.advance done']);
  });

  it('keeps to one chain of checks however many messages come', async () => {
    const world = await submitted();
    world.glue.runMs = 600_000;
    const job = { kind: 'extract.advance', tenantId: 'foo', requestId: world.single().requestId } as const;
    for (let copy = 0; copy < 20; copy += 1) world.messages.push({ job, dueAt: world.clock + copy * 50 });
    await world.work(() => world.clock > Date.parse('2026-03-01T10:00:05Z'));
    expect(world.messages.length).toBeLessThan(6);
    await world.work();
    expect(world.single().revision).toBeLessThan(100);
  });
});

describe('killed at any call', () => {
  /** Requests an extract and works until it is done, repeating requests after crashes of the portal and retrying failures. */
  async function seenThrough(world: ExtractWorld): Promise<void> {
    const form = '01KJMDEB80ABCDEFGHJKMNPQRS';
    world.clock = Date.parse('2026-03-01T10:00:00Z');
    while (!(await survive(() => submit(world, form))));
    for (;;) {
      await world.work();
      const { state, requestId, attempt } = world.single();
      if (state === 'done') return;
      await survive(() => retryExtract(world.as('scientist'), { requestId, attempt }));
    }
  }

  it.each([0, 1].flatMap((failures) => (['before', 'after'] as const).map((when) => ({ failures, when }))))(
    'finishes once: $failures runs fail, killed $when the call',
    async ({ failures, when }) => {
      for (let at = 1; ; at += 1) {
        const world = new ExtractWorld();
        world.glue.failures = failures;
        const killer: Killer = { calls: 0, at, when };
        world.killer = killer;
        await seenThrough(world);
        expect(world.glue.runs, `killed at call ${at}`).toHaveLength(1 + failures);
        expect(world.single()).toMatchObject({ state: 'done', attempt: 1 + failures });
        const audited = actions(world);
        expect(audited.filter((action) => action === 'extracts.submit')).toHaveLength(1);
        expect(audited.filter((action) => action === 'extracts.retry')).toHaveLength(failures);
        expect(audited.filter((action) => action === 'extracts.advance done')).toHaveLength(1);
        if (killer.calls < at) {
          expect(at).toBeGreaterThan(25);
          break;
        }
      }
    },
  );
});
