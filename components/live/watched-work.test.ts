import { expect, it } from 'vitest';
import { type EndedWork, newlyEnded, workKey } from './watched-work';

const work = (words: string, at: string): EndedWork => ({ tone: 'done', words, href: '/', at });
const since = '2026-03-01T10:00:00.000Z';

it('tells once what ended after the watch began, the earliest first', () => {
  const before = work('before', '2026-03-01T09:59:59.000Z');
  const first = work('first', '2026-03-01T10:00:01Z');
  const second = work('second', '2026-03-01T10:00:02.000Z');
  const ended = [second, first, before];
  expect(newlyEnded({ ended }, { since, told: [] })).toEqual([first, second]);
  expect(newlyEnded({ ended }, { since, told: [workKey(first)] })).toEqual([second]);
});
