import { expect, it } from 'vitest';
import { extractDraft } from './schemas';

const reasonAt = (given: { from?: string; to?: string; asOf?: string }) =>
  extractDraft.safeParse({ dataset: 'orders', ...given }).error?.issues.map(({ message }) => message);

it.each([
  ['2999-01-01', 'must be from 1900-01-01 to 2200-12-31'],
  ['0001-01-01', 'must be from 1900-01-01 to 2200-12-31'],
  ['275760-09-13', 'must be a day such as 2026-03-01'],
  ['2026-02-30', 'must be a day such as 2026-03-01'],
  ['tomorrow', 'must be a day such as 2026-03-01'],
])('says what is wrong with the day %s', (text, reason) => {
  for (const field of ['from', 'to', 'asOf']) expect(reasonAt({ [field]: text })?.[0]).toBe(reason);
});

it('takes an empty day for none', () => {
  for (const from of ['', null, undefined]) {
    expect(extractDraft.parse({ dataset: 'orders', from, to: '2026-03-01' })).toMatchObject({
      from: null,
      to: new Date('2026-03-01'),
    });
  }
});
