import { describe, expect, it } from 'vitest';
import { submitExtract } from '@/lib/domain/extracts/verbs/submit-extract';
import { ExtractWorld } from '@/lib/domain/testing/extract-world';
import { AnnexError } from '@/lib/errors';
import { readDraft } from './draft';
import { fateOf, limitOf, readRefusal, refusalWords, refusedHref } from './refusal';

const requestId = '01KJMDEB80ABCDEFGHJKMNPQRS';
const draft = readDraft(new URLSearchParams('dataset=orders'));
const addressed = (href: string) => readRefusal(new URL(href, 'http://x').searchParams);

describe('the address of a refused form', () => {
  it('keeps the form’s id, so that sending it again is the same form', () => {
    const refusal = { code: 'dependency_failed', requestId };
    expect(addressed(refusedHref(draft, refusal))).toEqual(refusal);
  });

  it('takes no id that is none, and none of a form that was not refused', () => {
    expect(addressed(refusedHref(draft, { code: 'invalid', requestId: 'x&y' }))).toEqual({
      code: 'invalid',
      requestId: null,
    });
    expect(addressed(`/extracts/new?request=${requestId}`)).toBeNull();
  });
});

describe('a form whose job could not be sent', () => {
  it('is told to be there, and makes one extract when it is sent again', async () => {
    const world = new ExtractWorld();
    const ctx = world.as('scientist');
    const send = async () => {
      throw new AnnexError('dependency_failed', 'the queue does not answer');
    };
    const submit = (context: typeof ctx) =>
      submitExtract(context, { draft: { dataset: 'orders' }, requestId });
    await expect(submit({ ...ctx, ports: { ...ctx.ports, jobs: { send } } })).rejects.toThrow('queue');
    const refusal = { code: 'dependency_failed', requestId };
    expect(await fateOf(ctx, refusal)).toBe('recorded');
    expect(await fateOf(ctx, { ...refusal, code: 'limit' })).toBe('nothing');
    await submit(ctx);
    await world.work();
    expect(world.single()).toMatchObject({ requestId, state: 'done' });
  });

  it('is not told what nobody knows', async () => {
    const ctx = new ExtractWorld().as('scientist');
    const refusal = { code: 'dependency_failed', requestId };
    expect(await fateOf(ctx, refusal)).toBe('nothing');
    const get = async () => {
      throw new AnnexError('dependency_failed', 'the store does not answer');
    };
    const extracts = { ...ctx.ports.extracts, store: { ...ctx.ports.extracts.store, get } };
    expect(await fateOf({ ...ctx, ports: { ...ctx.ports, extracts } }, refusal)).toBe('unknown');
  });
});

describe('the limit that a refusal is about', () => {
  it.each([
    [new AnnexError('throttled', 'too many are open', { transient: false }), 'limit'],
    [new AnnexError('throttled', 'AWS throttles', { transient: true }), null],
    [new AnnexError('conflict', 'the day is full', { fields: { extractsPerDay: 'x' } }), 'extractsPerDay'],
    [new AnnexError('conflict', 'the budget is spent', { fields: { budget: 'x' } }), 'budget'],
    [new AnnexError('conflict', 'there is no bucket'), null],
    [new Error('a bug'), null],
  ])('of “%s” is %j', (error, limit) => {
    expect(limitOf(error)).toBe(limit);
  });

  it('is told in words of its own', () => {
    expect(refusalWords('extractsPerDay', 'nothing')[1]).toContain('no more extracts today');
    expect(refusalWords('budget', 'nothing')[1]).toContain('has spent its budget');
    expect(refusalWords('conflict', 'nothing')[1]).toContain('no bucket');
  });
});

describe('the message of a refusal', () => {
  it('tell the organisation’s limit from that of AWS', () => {
    expect(refusalWords('limit', 'nothing')[1]).toContain('Your organisation');
    expect(refusalWords('throttled', 'nothing')).toEqual([
      'The extract was not submitted',
      'AWS is throttling requests. Try again in a minute.',
    ]);
  });

  it('say that nothing was submitted only when nothing was', () => {
    for (const fate of ['recorded', 'unknown'] as const) {
      for (const code of ['throttled', 'dependency_failed', 'dependency_denied', 'internal', '__proto__']) {
        const words = refusalWords(code, fate).join(' ');
        expect(words).not.toMatch(/not submitted|Nothing was submitted/);
        expect(words).toContain('won’t create a duplicate');
      }
    }
  });
});
