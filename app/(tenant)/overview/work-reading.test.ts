import { expect, it } from 'vitest';
import type { OverviewItem } from '@/lib/domain/overview/items';
import { workReading } from './work-reading';

const now = new Date('2026-03-01T10:00:00Z');
const item = <Kind extends string>(
  kind: Kind,
  subject: string | null,
  at: Date | null,
): OverviewItem<Kind> => ({
  kind,
  at,
  subject,
  name: 'Orders',
  reason: null,
});
const nothing = { underWay: [], attention: [], finished: [], unreadable: [] };

it('tells what ended, well or not, and where it is to be seen', () => {
  const reading = workReading(
    {
      ...nothing,
      underWay: [item('run', '1', now)],
      attention: [item('extract', 'E2', now), item('workbench', null, null)],
      finished: [item('extract', 'E1', now)],
    },
    now,
  );
  expect(reading.underWay).toBe(true);
  expect(reading.ended).toEqual([
    { tone: 'done', words: 'Extract done: Orders', href: '/extracts/E1', at: now.toISOString() },
    { tone: 'failed', words: 'Extract failed: Orders', href: '/extracts/E2', at: now.toISOString() },
  ]);
});

it('does not take for ended what AWS does not tell', () => {
  expect(workReading(nothing, now).underWay).toBe(false);
  expect(workReading({ ...nothing, unreadable: [{ part: 'extracts', reason: '' }] }, now).underWay).toBe(
    true,
  );
});
