import { expect, it } from 'vitest';
import type { ControlContext } from '../context';
import type { ScoringWatch } from './ports';
import { sweepScoring } from './sweep-scoring';

type Due = Awaited<ReturnType<ScoringWatch['due']>>['due'][number];

/** A sweep of what is due, two to a page; `asked` has the tenants whose look it asked for. */
function sweeping(due: Due[]) {
  const asked: string[] = [];
  const sent = new Map<string, number>();
  return (seconds: number) => {
    asked.length = 0;
    const ctx = {
      actor: { id: 'worker', name: 'Annex', roles: ['system'] },
      now: () => new Date(seconds * 1000),
      ports: {
        scoringWatch: {
          async due(_now: Date, { after = '0' }: { after?: string }) {
            const end = Number(after) + 2;
            return { due: due.slice(Number(after), end), next: end < due.length ? String(end) : null };
          },
        },
        jobs: { send: async ({ tenantId }: { tenantId: string }) => void asked.push(tenantId) },
      },
    } as unknown as ControlContext;
    return sweepScoring(ctx, { againSeconds: 90, sent }).then((count) => ({ count, asked: [...asked] }));
  };
}

it('has every due endpoint looked at, and asks again only for a look that nobody takes', async () => {
  const due: Due[] = ['a', 'b', 'c'].map((tenantId) => ({ tenantId, dueAt: new Date(0) }));
  const sweep = sweeping(due);
  expect(await sweep(0)).toEqual({ count: 3, asked: ['a', 'b', 'c'] });
  expect(await sweep(15)).toEqual({ count: 0, asked: [] });
  // Somebody looked at one, and it is due again.
  due[1] = { tenantId: 'b', dueAt: new Date(29_000) };
  expect(await sweep(30)).toEqual({ count: 1, asked: ['b'] });
  expect(await sweep(89)).toEqual({ count: 0, asked: [] });
  expect(await sweep(90)).toEqual({ count: 2, asked: ['a', 'c'] });
});
