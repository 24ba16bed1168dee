import { describe, expect, it } from 'vitest';
import { type Killer, survive } from '@/lib/domain/testing/crash';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { AnnexError } from '@/lib/errors';
import type { WorkbenchRequest } from '../ports';
import { advanceWorkbench } from './advance-workbench';
import { requestWorkbench } from './request-workbench';
import { retryStep } from './retry-step';

const ready = ({ state }: WorkbenchRequest) => state === 'ready';
const ended = ({ state }: WorkbenchRequest) => state !== 'provisioning';
const wish = { variantId: 'prod-standard', parameters: {} };
const steps = ['account', 'baseline', 'domain'] as const;

async function requested(world = new WorkbenchWorld()): Promise<WorkbenchWorld> {
  await requestWorkbench(world.as('scientist'), wish);
  return world;
}

/** Requests a workbench and works until it is ready, repeating requests after crashes of the portal and retrying failed steps. */
async function seenThrough(world: WorkbenchWorld): Promise<void> {
  while (!(await survive(() => requestWorkbench(world.as('scientist'), wish))));
  for (;;) {
    await world.work(ended);
    const { state, requestId, attempt } = world.live();
    if (state === 'ready') return;
    await survive(() => retryStep(world.as('scientist'), { requestId, attempt }));
  }
}

function actions(world: WorkbenchWorld): string[] {
  return world.audit.map(({ action, detail }) => `${action} ${detail?.state ?? ''}`.trim());
}

describe('advanceWorkbench', () => {
  it('completes a request and records what it found', async () => {
    const world = await requested();
    await world.work(ready);
    const request = world.live();
    expect(world.steps()).toEqual(['account done', 'baseline done', 'domain done']);
    expect(request).toMatchObject({ accountId: world.aws.accounts[0], domainId: 'd-1', attempt: 1 });
    expect(world.tenant.accountId).toBe(request.accountId);
    expect(actions(world)).toEqual(['workbench.request', 'workbench.advance ready']);
    const [account, baseline] = request.steps;
    expect(account?.startedAt?.getTime()).toBeLessThan(account?.finishedAt?.getTime() ?? 0);
    expect(baseline?.startedAt).toEqual(account?.finishedAt);
  });

  it('records what an interrupted request left out, under the requester’s name and id', async () => {
    const world = await requested();
    world.audit.length = 0;
    await world.work(ready);
    expect(world.audit).toMatchObject([
      { action: 'workbench.request', actorId: 'sub-1', actorName: 'ada@foo.example' },
      { action: 'workbench.advance', actorId: 'worker', actorName: 'Annex' },
    ]);
  });

  it('marks a step as done only when its result exists', async () => {
    const world = await requested();
    world.clock += 1;
    await advanceWorkbench(world.as('system'), {});
    expect(world.steps()).toEqual(['account running', 'baseline pending', 'domain pending']);
    world.clock += world.aws.stepMs;
    await advanceWorkbench(world.as('system'), {});
    expect(world.steps()).toEqual(['account done', 'baseline running', 'domain pending']);
  });

  it.each(steps)('fails with the reason when %s fails, and goes on from there when retried', async (step) => {
    const world = await requested();
    world.aws.failures[step] = 1;
    await world.work(ended);
    expect(world.live()).toMatchObject({ state: 'failed' });
    expect(world.live().steps.find(({ name }) => name === step)).toMatchObject({ state: 'failed' });
    expect(world.live().steps.find(({ state }) => state === 'failed')?.reason).toMatch(/^no /);
    const { requestId, attempt } = world.live();
    await retryStep(world.as('scientist'), { requestId, attempt });
    await world.work(ended);
    expect(world.live()).toMatchObject({ state: 'ready', attempt: 2 });
    expect(world.aws.accounts).toHaveLength(1);
  });

  it('fails the step on a permanent refusal, and waits out a temporary one', async () => {
    const world = await requested();
    world.aws.refusals.push(
      new AnnexError('throttled', 'busy'),
      new AnnexError('dependency_denied', 'no permission'),
    );
    await world.work(ended);
    expect(world.live().steps[0]).toMatchObject({ state: 'failed', reason: 'no permission' });
  });

  it('gives up on a step that never ends, and continues if it ends after all', async () => {
    const world = await requested();
    await world.work(({ steps: [account] }) => account?.state === 'running');
    Object.assign(world.aws.product ?? {}, { dueAt: world.clock + 5 * 3_600_000 });
    await world.work(ended, 3);
    expect(world.live().steps[0]).toMatchObject({ state: 'failed', reason: expect.stringContaining('2 h') });
    world.clock += 5 * 3_600_000;
    await advanceWorkbench(world.as('system'), {});
    expect(world.live().state).toBe('provisioning');
    await world.work(ready);
    expect(world.aws.accounts).toHaveLength(1);
  });

  it('waits out temporary errors with one chain of checks, no longer than a step may take', async () => {
    const world = await requested();
    await world.work(({ steps: [account] }) => account?.state === 'running');
    const busy = Array.from({ length: 400 }, () => new AnnexError('throttled', 'AWS is busy.'));
    world.aws.refusals.push(...busy);
    await world.work(ended, 3);
    expect(world.live().steps[0]).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/2 h.*AWS is busy/),
    });
    expect(world.aws.refusals.length).toBeGreaterThan(100);
    expect(world.messages.length).toBeLessThan(3);
  });

  it('records each written end, and no other', async () => {
    const world = await requested();
    await world.work(ready);
    const { studioDomain } = world.aws;
    for (const domain of [null, studioDomain, null]) {
      world.aws.studioDomain = domain;
      await Promise.all([1, 2].map(() => advanceWorkbench(world.as('system'), {})));
    }
    const ends = ['ready', 'failed', 'ready', 'failed'];
    expect(actions(world)).toEqual(['workbench.request', ...ends.map((end) => `workbench.advance ${end}`)]);
  });

  it('refuses an account other than the tenant’s', async () => {
    const world = await requested();
    world.tenant = { ...world.tenant, accountId: '999999999999' };
    await world.work(ended);
    expect(world.live().steps[0]).toMatchObject({
      state: 'failed',
      reason: 'The tenant has another account.',
    });
    expect(world.live().accountId).toBeNull();
  });

  it('requests an account again that disappeared during its creation', async () => {
    const world = await requested();
    await world.work(({ steps: [account] }) => account?.state === 'running');
    world.aws.product = null;
    await world.work(ready);
    expect(world.aws.accounts).toHaveLength(1);
  });

  it('says so when the domain of a ready workbench is gone', async () => {
    const world = await requested();
    await world.work(ready);
    await advanceWorkbench(world.as('system'), {});
    expect(world.live().state).toBe('ready');
    world.aws.studioDomain = null;
    await advanceWorkbench(world.as('system'), {});
    expect(world.live().steps[2]).toMatchObject({
      state: 'failed',
      reason: 'The Studio domain no longer exists.',
    });
    await retryStep(world.as('scientist'), { requestId: world.live().requestId });
    await world.work(ready);
  });
});

describe('lost, doubled and late messages', () => {
  it('works with the sweep as the only message', async () => {
    const world = await requested();
    while (world.live().state === 'provisioning') {
      world.messages.length = 0;
      await world.sweep();
      for (const message of world.messages.slice(0, 1)) await world.deliver(message);
    }
    expect(world.live().state).toBe('ready');
  });

  it('keeps to one chain of checks however many messages come', async () => {
    const world = await requested();
    const job = { kind: 'workbench.advance', tenantId: 'foo', requestId: world.live().requestId } as const;
    for (let copy = 0; copy < 20; copy += 1) world.messages.push({ job, dueAt: world.clock + copy * 50 });
    await world.work(({ steps: [, baseline] }) => baseline?.state === 'running');
    expect(world.messages.length).toBeLessThan(6);
    await world.work(ready);
    expect(world.aws.accounts).toHaveLength(1);
    for (const message of [...world.messages]) await world.deliver(message);
    expect(world.messages).toHaveLength(0);
    expect(world.live().state).toBe('ready');
  });

  it('lets several work on one request at once', async () => {
    const world = await requested();
    while (world.live().state === 'provisioning') {
      world.clock += 700;
      await Promise.all([1, 2, 3].map(() => advanceWorkbench(world.as('system'), {})));
    }
    expect(world.live().state).toBe('ready');
    expect(world.aws.accounts).toHaveLength(1);
    expect(actions(world)).toEqual(['workbench.request', 'workbench.advance ready']);
  });

  it('checks less often the longer a step takes', async () => {
    const world = await requested();
    await world.work(({ steps: [account] }) => account?.state === 'running');
    Object.assign(world.aws.product ?? {}, { dueAt: world.clock + 3_600_000 });
    const before = world.live().revision;
    await world.work(({ steps: [account] }) => account?.state === 'done', 2);
    expect(world.live().revision - before).toBeLessThan(140);
  });
});

describe('killed at any call', () => {
  const journeys = [null, ...steps] as const;

  it.each(journeys.flatMap((fails) => (['before', 'after'] as const).map((when) => ({ fails, when }))))(
    'finishes once: $fails fails, killed $when the call',
    async ({ fails, when }) => {
      for (let at = 1; ; at += 1) {
        const world = new WorkbenchWorld();
        if (fails) world.aws.failures[fails] = 1;
        const killer: Killer = { calls: 0, at, when };
        world.killer = killer;
        await seenThrough(world);
        for (const message of [...world.messages]) await world.deliver(message);
        expect(world.aws.accounts, `killed at call ${at}`).toHaveLength(1);
        expect(world.tenant.accountId).toBe(world.live().accountId);
        const audited = actions(world);
        expect(audited.filter((action) => action === 'workbench.request')).toHaveLength(1);
        expect(audited.filter((action) => action === 'workbench.retry')).toHaveLength(fails ? 1 : 0);
        expect(audited.filter((action) => action === 'workbench.advance ready')).toHaveLength(1);
        expect(audited.filter((action) => action === 'workbench.advance failed')).toHaveLength(fails ? 1 : 0);
        if (killer.calls < at) {
          expect(at).toBeGreaterThan(25);
          break;
        }
      }
    },
  );
});
