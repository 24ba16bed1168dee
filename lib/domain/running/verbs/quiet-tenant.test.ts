import { describe, expect, it } from 'vitest';
import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { jobs } from '@/lib/domain/jobs';
import { type Killer, survive } from '@/lib/domain/testing/crash';
import { appOf, endpointOf, RunningWorld } from '@/lib/domain/testing/running-world';
import { hourMs } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import { quietTenant } from './quiet-tenant';

const asked = '2026-03-01T10:00:00.000Z';

async function suspended(): Promise<RunningWorld> {
  const world = new RunningWorld();
  await submitExtract(world.as('scientist'), { draft: { dataset: 'orders' } });
  world.messages.length = 0;
  world.audit.length = 0;
  world.running.up.apps.push(appOf('ada'), appOf('eve'));
  world.running.up.endpoints.push(endpointOf('churn'));
  world.tenant = { ...world.tenant, state: 'suspended' };
  return world;
}

const quiet = (world: RunningWorld, until?: string) =>
  quietTenant(world.as('system', { id: 'worker', name: 'Annex' }), { asked, until });

describe('quietTenant', () => {
  it('stops apps, cancels extracts with the reason, and leaves endpoints', async () => {
    const world = await suspended();
    expect(await quiet(world)).toBe('watches');
    expect(world.running.stopped).toEqual(['app ada', 'app eve']);
    expect(world.running.up.endpoints).toHaveLength(1);
    expect(world.single()).toMatchObject({
      state: 'cancelled',
      reason: 'Your organisation was suspended.',
    });
    expect(world.audit.map(({ action, result }) => `${action} ${result}`)).toEqual([
      'extracts.cancel asked',
      'extracts.advance done',
      'running.stop asked',
      'running.stop asked',
      'tenants.quiet undefined',
    ]);
    expect(world.audit.at(-1)?.detail).toEqual({ endpoints: 1, usdPerHour: 0.115, unpriced: false });
  });

  it('a run under way is stopped by Glue, and then cancelled for that reason', async () => {
    const world = await suspended();
    world.tenant = { ...world.tenant, state: 'active' };
    await world.work(() => world.single().state === 'running');
    world.tenant = { ...world.tenant, state: 'suspended' };
    await quiet(world);
    expect(world.single()).toMatchObject({ state: 'running', cancelAskedAt: expect.any(Date) });
    await world.work();
    expect(world.single()).toMatchObject({ state: 'cancelled', reason: 'Your organisation was suspended.' });
  });

  it('looks again until no session from before can be left', async () => {
    const world = await suspended();
    await quiet(world);
    const until = '2026-03-01T22:00:00.000Z';
    expect(world.messages).toMatchObject([
      { job: { kind: 'tenants.quiet', asked, until }, delaySeconds: 900 },
    ]);
    // From Studio, somebody started one again.
    world.running.up.apps.push(appOf('ada', { since: new Date('2026-03-01T10:10:00Z') }));
    expect(await quiet(world, until)).toBe('watches');
    expect(world.running.up.apps).toEqual([]);
    world.clock += 12 * hourMs;
    world.messages.length = 0;
    expect(await quiet(world, until)).toBe('quiet');
    expect(world.messages).toEqual([]);
    expect(world.audit.filter(({ action }) => action === 'tenants.quiet')).toHaveLength(1);
  });

  it('waits for the suspension that it was sent before, and not for ever', async () => {
    const world = await suspended();
    world.tenant = { ...world.tenant, state: 'active' };
    expect(await quiet(world)).toBe('waits');
    expect(world.messages).toMatchObject([{ job: { kind: 'tenants.quiet', asked }, delaySeconds: 5 }]);
    world.clock += 61_000;
    expect(await quiet(world)).toBe('not suspended');
    expect(await quiet(world, '2026-03-01T22:00:00.000Z')).toBe('not suspended');
    expect(world.running.stopped).toEqual([]);
  });

  it('loses and doubles nothing when it is killed before or after any call', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; ; at += 1) {
        const world = await suspended();
        const killer: Killer = { calls: 0, at, when };
        world.killer = killer;
        const finished = await survive(() => quiet(world));
        world.killer = null;
        if (finished) break;
        await quiet(world);
        const label = `${when} call ${at}`;
        expect(world.running.up.apps, label).toEqual([]);
        expect(world.single().state, label).toBe('cancelled');
        const counts = (action: string) => world.audit.filter((event) => event.action === action).length;
        expect([counts('running.stop'), counts('extracts.cancel'), counts('tenants.quiet')], label).toEqual([
          2, 1, 1,
        ]);
        expect(world.sent('tenants.quiet'), label).toBeGreaterThan(0);
      }
    }
  });

  it('an app that AWS does not stop keeps neither the others nor the extracts, and is tried again', async () => {
    const world = await suspended();
    world.running.faults.stopApp = new AnnexError('throttled', 'slow down');
    await expect(quiet(world)).rejects.toMatchObject({ code: 'throttled', transient: true });
    expect(world.single().state).toBe('cancelled');
    expect(world.audit.filter(({ action }) => action === 'tenants.quiet')).toEqual([]);
    delete world.running.faults.stopApp;
    world.running.faults.endpoints = new AnnexError('dependency_denied', 'no');
    await quiet(world);
    expect(world.running.stopped).toEqual(['app ada', 'app eve']);
    expect(world.audit.at(-1)?.detail).toMatchObject({ endpoints: null, usdPerHour: null });
  });

  it('a queued extract does not start, and scores and refits rest', async () => {
    const world = await suspended();
    await world.work();
    expect(world.glue.runs).toEqual([]);
    expect(world.single()).toMatchObject({ state: 'cancelled', reason: 'Your organisation was suspended.' });
    for (const kind of ['churn.refit', 'scores.refresh', 'scores.look', 'scores.compare'] as const) {
      // Its ports throw when they are touched.
      expect(await jobs[kind].run(world.as('system'), {})).toBe('done');
    }
  });
});
