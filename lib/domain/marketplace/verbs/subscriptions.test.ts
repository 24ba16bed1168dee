import { describe, expect, it } from 'vitest';
import { SubscriptionWorld } from '@/lib/domain/testing/subscription-world';
import { AnnexError } from '@/lib/errors';
import { getSubscription } from './get-subscription';
import { listMarket } from './list-market';
import { listSubscriptions } from './list-subscriptions';
import { retrySubscription } from './retry-subscription';

const states = ({ stored }: SubscriptionWorld) => stored.steps.map(({ state }) => state).join();
const outcomes = ({ audit }: SubscriptionWorld) =>
  audit.map(({ action, result }) => `${action} ${result ?? 'done'}`);

describe('a subscription', () => {
  it('that is active gets the newest version, once, and says when it is ready', async () => {
    const world = new SubscriptionWorld();
    await world.advance();
    expect(world.stored).toMatchObject({ state: 'done', version: 2 });
    expect(states(world)).toBe('done,done,done,done');
    expect(world.created).toEqual(
      ['model', 'configuration', 'endpoint'].map((what) => `${what} annex-01sub arn:package/2`),
    );
    expect(outcomes(world)).toEqual(['subscriptions.advance done']);
  });

  it('is deployed once, wherever the worker is killed', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at < 60; at += 1) {
        const world = new SubscriptionWorld();
        world.killer = { calls: 0, at, when };
        await world.advance();
        const where = `killed ${when} ${at}`;
        expect(world.stored.state, where).toBe('done');
        expect(world.created.length, where).toBe(3);
        expect(outcomes(world), where).toEqual(['subscriptions.advance done']);
        if (world.killer.calls < at) break;
      }
    }
  });

  it.each([
    [
      'the endpoint',
      (world: SubscriptionWorld) => (world.endpointFault = 'No capacity.'),
      'done,done,failed,pending',
      'No capacity.',
    ],
    [
      'the sample',
      (world: SubscriptionWorld) => (world.sampleFault = 'The model answered with 500.'),
      'done,done,done,failed',
      'The model answered with 500.',
    ],
    [
      'AWS',
      (world: SubscriptionWorld) => (world.fault = new AnnexError('dependency_denied', 'AWS denied access.')),
      'failed,pending,pending,pending',
      'AWS denied access.',
    ],
    [
      'the workbench',
      (world: SubscriptionWorld) => (world.domainId = null),
      'failed,pending,pending,pending',
      'not ready',
    ],
  ])('says what failed with %s, and goes on from there by Retry, once', async (_, spoil, there, words) => {
    const world = new SubscriptionWorld();
    spoil(world);
    await world.advance();
    expect(states(world)).toBe(there);
    expect(world.stored.steps.find(({ state }) => state === 'failed')?.reason).toContain(words);
    Object.assign(world, { endpointFault: null, sampleFault: null, fault: null, domainId: 'd-1' });
    const asked = { subscriptionId: '01SUB', attempt: 1 };
    await retrySubscription(world.as('owner'), asked);
    await expect(retrySubscription(world.as('owner'), asked)).rejects.toMatchObject({ code: 'conflict' });
    await world.settle();
    expect(world.stored).toMatchObject({ state: 'done', attempt: 2 });
    expect(outcomes(world)).toEqual([
      'subscriptions.advance failed',
      'subscriptions.retry asked',
      'subscriptions.advance done',
    ]);
  });

  it('goes on after throttling by itself', async () => {
    const world = new SubscriptionWorld();
    world.fault = new AnnexError('throttled', 'slow down');
    const advancing = world.advance();
    await expect(advancing).rejects.toThrow('never ends');
    world.fault = null;
    await world.settle();
    expect(world.stored.state).toBe('done');
  });

  it('that ends is taken down, and then cancelled', async () => {
    const world = new SubscriptionWorld();
    await world.advance();
    world.stored = { ...world.stored, standing: 'cancelling', endedAt: new Date(world.clock) };
    world.wait = 3;
    await world.advance();
    expect(world.stored).toMatchObject({
      state: 'removed',
      standing: 'cancelled',
      removedAt: expect.any(Date),
    });
    expect(world.there.size).toBe(0);
    expect(outcomes(world).slice(1)).toEqual(['subscriptions.advance done']);
  });

  it('that ends before it was deployed leaves nothing to take down', async () => {
    const world = new SubscriptionWorld();
    world.stored = { ...world.stored, standing: 'cancelling', endedAt: new Date(world.clock) };
    await world.advance();
    expect(world.stored.standing).toBe('cancelled');
    expect(world.created).toEqual([]);
  });

  it('waits for its licence, and of another account than the workbench’s deploys nothing', async () => {
    const world = new SubscriptionWorld();
    world.stored = { ...world.stored, standing: 'pending' };
    await world.advance();
    expect(world.stored.state).toBe('none');
    world.stored = { ...world.stored, standing: 'active', accountId: '999999999999' };
    await world.advance();
    expect(world.stored.state).toBe('failed');
    expect(world.created).toEqual([]);
  });

  it('is for owners and scientists', async () => {
    const world = new SubscriptionWorld();
    for (const role of ['owner', 'scientist'] as const) {
      expect((await listSubscriptions(world.as(role), {})).subscriptions.length).toBe(1);
      expect((await listMarket(world.as(role), {})).offers.map(({ href }) => href)).toEqual([
        'https://market.example/prodview-1?111111111111',
      ]);
      expect((await getSubscription(world.as(role), { subscriptionId: '01SUB' })).listing.id).toBe('sold');
    }
    for (const role of ['member', 'admin', 'seller'] as const) {
      await expect(listSubscriptions(world.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
      await expect(listMarket(world.as(role), {})).rejects.toMatchObject({ code: 'forbidden' });
    }
    await expect(getSubscription(world.as('owner'), { subscriptionId: 'x' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
