import { describe, expect, it } from 'vitest';
import { appOf, endpointOf, RunningWorld } from '@/lib/domain/testing/running-world';
import { AnnexError } from '@/lib/errors';
import { listRunning } from './list-running';

describe('listRunning', () => {
  it('tells what runs, and when AWS was asked', async () => {
    const world = new RunningWorld();
    world.running.up.apps.push(appOf('ada'));
    world.running.up.endpoints.push(endpointOf('churn'));
    expect(await listRunning(world.as('owner'), undefined)).toEqual({
      readAt: new Date(world.clock),
      hasAccount: true,
      apps: { state: 'read', value: { items: [appOf('ada')], more: false } },
      endpoints: { state: 'read', value: { items: [endpointOf('churn')], more: false } },
    });
  });

  it('asks nobody while there is no account', async () => {
    const world = new RunningWorld();
    world.tenant = { ...world.tenant, accountId: null };
    world.running.faults.apps = new AnnexError('internal', 'asked');
    expect(await listRunning(world.as('scientist'), undefined)).toMatchObject({
      hasAccount: false,
      apps: { value: { items: [] } },
    });
  });

  it('a part that AWS does not tell leaves the other one', async () => {
    const world = new RunningWorld();
    world.running.up.endpoints.push(endpointOf('churn'));
    for (const code of ['throttled', 'dependency_denied', 'dependency_failed'] as const) {
      world.running.faults.apps = new AnnexError(code, `because ${code}`);
      expect(await listRunning(world.as('scientist'), undefined)).toMatchObject({
        apps: { state: 'unreadable', reason: `because ${code}` },
        endpoints: { state: 'read', value: { items: [{ name: 'churn' }] } },
      });
    }
  });

  it('is for owners and scientists', async () => {
    const world = new RunningWorld();
    for (const role of ['member', 'admin', 'seller'] as const) {
      await expect(listRunning(world.as(role), undefined)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});
