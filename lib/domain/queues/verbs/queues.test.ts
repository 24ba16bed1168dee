import { describe, expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { QueuesWorld } from '../../testing/queues-world';
import { countMessages } from './count-messages';
import { discardMessage } from './discard-message';
import { redriveAll } from './redrive-all';
import { redriveMessage } from './redrive-message';
import { sampleSize, viewQueues } from './view-queues';

const refit = { kind: 'churn.refit', tenantId: 'foo', ids: {} };

function worldWithLetters(): QueuesWorld {
  const world = new QueuesWorld();
  world.bury('jobs', { id: 'old', subject: refit, reason: 'throttled: Busy.', sentAt: new Date(1000) });
  world.bury('jobs', { id: 'new', body: 'password=hunter2', sentAt: new Date(2000) });
  return world;
}

describe('the queues', () => {
  it('tell depth, age and limit, and of dead letters what each was about and why it failed', async () => {
    const { queues, ages } = await viewQueues(worldWithLetters().as('admin'), undefined);
    expect(ages).toEqual({ state: 'read', value: { jobs: 90, events: null } });
    const [jobs, events] = queues;
    expect(jobs).toMatchObject({
      waiting: 4,
      inFlight: 2,
      delayed: 1,
      dead: { count: 2, maxReceives: 10 },
      letters: {
        state: 'read',
        value: [
          { id: 'new', subject: null, excerpt: 'password=…', reason: null },
          { id: 'old', subject: refit, excerpt: null, reason: 'throttled: Busy.' },
        ],
      },
    });
    expect(events).toMatchObject({ dead: null, letters: { state: 'read', value: [] } });
  });

  it('show a bounded sample', async () => {
    const world = new QueuesWorld();
    for (let n = 0; n <= sampleSize; n += 1) world.bury('jobs', { id: `m${n}` });
    const [jobs] = (await viewQueues(world.as('admin'), undefined)).queues;
    expect(jobs?.letters).toMatchObject({ state: 'read', value: { length: sampleSize } });
    expect(jobs?.dead?.count).toBe(sampleSize + 1);
  });

  it('tell the rest when AWS does not tell ages or letters', async () => {
    const world = worldWithLetters();
    world.agesFail = new AnnexError('dependency_denied', 'No metrics.');
    world.lettersFail = new AnnexError('throttled', 'Too many.');
    const { queues, ages } = await viewQueues(world.as('admin'), undefined);
    expect(ages).toEqual({ state: 'unreadable', reason: 'No metrics.' });
    expect(queues[0]).toMatchObject({ waiting: 4, letters: { state: 'unreadable', reason: 'Too many.' } });
    world.lettersFail = new AnnexError('internal', 'A bug.');
    await expect(viewQueues(world.as('admin'), undefined)).rejects.toThrow('A bug.');
  });

  it('are counted without taking anything in hand', async () => {
    const world = worldWithLetters();
    world.lettersFail = new AnnexError('internal', 'Not to be read.');
    expect(await countMessages(world.as('admin'), undefined)).toMatchObject([
      { queue: 'jobs', dead: { count: 2 } },
      { queue: 'events' },
    ]);
  });
});

describe('a dead letter', () => {
  it('is sent back once, and the audit knows what it was about', async () => {
    const world = worldWithLetters();
    await redriveMessage(world.as('admin'), { queue: 'jobs', messageId: 'old' });
    expect(world.sentBack).toEqual(['jobs old']);
    expect(world.letters.jobs.map(({ id }) => id)).toEqual(['new']);
    expect(world.audit).toMatchObject([
      {
        action: 'queues.redrive',
        subject: 'queue/jobs/old',
        detail: { kind: 'churn.refit', tenant: 'foo', reason: 'throttled: Busy.', receives: 1 },
      },
    ]);
    await expect(
      redriveMessage(world.as('admin'), { queue: 'jobs', messageId: 'old' }),
    ).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Reload the page'),
    });
    expect(world.audit).toHaveLength(1);
  });

  it('is discarded, and the audit does not keep its body', async () => {
    const world = worldWithLetters();
    await discardMessage(world.as('admin'), { queue: 'jobs', messageId: 'new' });
    expect(world.letters.jobs.map(({ id }) => id)).toEqual(['old']);
    expect(world.sentBack).toEqual([]);
    expect(world.audit).toMatchObject([{ action: 'queues.discard', subject: 'queue/jobs/new' }]);
    expect(JSON.stringify(world.audit)).not.toContain('hunter2');
  });

  it('is not discarded when the audit cannot be written', async () => {
    const world = worldWithLetters();
    const ctx = world.as('admin');
    const audit = { append: () => Promise.reject(new AnnexError('dependency_failed', 'No database.')) };
    const broken = { ...ctx, ports: { ...ctx.ports, queues: ctx.ports.queues, audit } };
    await expect(discardMessage(broken, { queue: 'jobs', messageId: 'new' })).rejects.toThrow('No database.');
    expect(world.letters.jobs).toHaveLength(2);
  });

  it.each([
    [{ queue: 'nope', messageId: 'new' }, 'queue'],
    [{ queue: 'jobs', messageId: '' }, 'messageId'],
    [{ queue: 'jobs', messageId: 'x'.repeat(101) }, 'messageId'],
  ])('has to be named: %j', async (input, field) => {
    for (const verb of [redriveMessage, discardMessage]) {
      const failure = verb(worldWithLetters().as('admin'), input as { queue: 'jobs'; messageId: string });
      await expect(failure).rejects.toMatchObject({
        code: 'invalid',
        fields: { [field]: expect.any(String) },
      });
    }
  });
});

it('sends all dead letters of a queue back', async () => {
  const world = worldWithLetters();
  await redriveAll(world.as('admin'), { queue: 'jobs' });
  expect(world.sentBack).toEqual(['jobs old', 'jobs password=hunter2']);
  expect(world.audit).toMatchObject([
    { action: 'queues.redrive', subject: 'queue/jobs', detail: { all: true } },
  ]);
});

it.each(['seller', 'owner', 'scientist', 'member', 'system'] as const)('refuses a %s', async (role) => {
  const world = worldWithLetters();
  const ctx = world.as(role);
  for (const refused of [
    viewQueues(ctx, undefined),
    countMessages(ctx, undefined),
    redriveAll(ctx, { queue: 'jobs' }),
    redriveMessage(ctx, { queue: 'jobs', messageId: 'old' }),
    discardMessage(ctx, { queue: 'jobs', messageId: 'old' }),
  ]) {
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  }
  expect(world.letters.jobs).toHaveLength(2);
});
