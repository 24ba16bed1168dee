import { describe, expect, it } from 'vitest';
import type { DeadLetter } from './ports';
import { shownLetter, withoutSecrets } from './shown-letter';

const letter: DeadLetter = {
  ...{ id: 'm-1', body: 'no job', subject: null, reason: null, receives: 3 },
  ...{ sentAt: null, firstReceivedAt: null },
};

describe('what is shown of a dead letter', () => {
  it('is never the body of a message that is known', () => {
    const subject = { kind: 'churn.refit', tenantId: 'foo', ids: {} };
    const shown = shownLetter({ ...letter, body: '{"job":"with more"}', subject });
    expect(shown.excerpt).toBeNull();
    expect(JSON.stringify(shown)).not.toContain('with more');
  });

  it('is the beginning of one that is not known', () => {
    expect(shownLetter(letter).excerpt).toBe('no job');
    expect(shownLetter({ ...letter, body: '' }).excerpt).toBe('');
    const long = shownLetter({ ...letter, body: 'no. '.repeat(100_000) }).excerpt ?? '';
    expect(long).toBe(`${'no. '.repeat(75)}…`);
    // A pair of surrogates is not cut in two.
    expect(shownLetter({ ...letter, body: '𝒳 '.repeat(200) }).excerpt).toBe(`${'𝒳 '.repeat(150)}…`);
  });

  it.each([
    ['https://bucket.s3.amazonaws.com/x?X-Amz-Signature=abc', '…'],
    ['key AKIAIOSFODNN7EXAMPLE here', 'key … here'],
    ['id eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln done', 'id … done'],
    ['{"password":"hunter two","a":1}', '{"password":…,"a":1}'],
    ["{'api_key': 'abc', 'b': 2}", "{'api_key': …, 'b': 2}"],
    ['client_secret=abc&d=1 e', 'client_secret=… e'],
    ['Authorization: Bearer abc.def next', 'Authorization: … next'],
    ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', '…'],
    ['{\\"token\\":\\"abc\\"}', '{\\"token\\":…}'],
  ])('leaves secrets out of %s', (text, shown) => {
    expect(withoutSecrets(text)).toBe(shown);
    expect(shownLetter({ ...letter, body: text, reason: text })).toMatchObject({
      excerpt: shown,
      reason: shown,
    });
  });

  it('keeps what an administrator needs', () => {
    for (const text of [
      'not_found: Tenant nobody does not exist.',
      '9f1c2f3e-3b1d-4a6e-9f0e-2d6c1b7f8a90',
      'not a valid job: ✖ Invalid option: expected one of "workbench.advance"|"churn.refit" → at job.kind',
    ]) {
      expect(withoutSecrets(text)).toBe(text);
    }
  });
});
