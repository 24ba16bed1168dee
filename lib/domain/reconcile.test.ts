import { describe, expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { checkIsDue, nextCheckSeconds, type Reconciler, reconcile } from './reconcile';
import { type Killer, survive, watched } from './testing/crash';

interface Counter {
  readonly value: number;
  readonly updatedAt: Date;
  readonly revision: number;
}

/** A record that counts up to `goal`, its final state. `log` lists everything that happens. */
class Counting {
  stored: Counter | null = { value: 0, updatedAt: new Date(0), revision: 1 };
  readonly log: string[] = [];
  readonly ends = new Set<number>();
  checks = 0;
  killer: Killer | null = null;
  interferences = 0;

  constructor(readonly goal = 3) {}

  private readonly port = watched(
    {
      load: async () => this.stored,
      sendCheck: async () => {
        this.checks += 1;
      },
      update: async (next: Counter) => {
        if (this.interferences > 0 && this.stored) {
          this.interferences -= 1;
          this.stored = { ...this.stored, revision: this.stored.revision + 1 };
        }
        if (this.stored?.revision !== next.revision) throw new AnnexError('conflict', 'another came first');
        this.stored = { ...next, revision: next.revision + 1 };
        return this.stored;
      },
      recordEnd: async ({ revision }: Counter) => void this.ends.add(revision),
    },
    () => this.killer,
  );

  reconciler(more: Partial<Reconciler<Counter>> = {}): Reconciler<Counter> {
    const isOver = ({ value }: Counter) => value >= this.goal;
    return {
      load: () => this.port.load(),
      next: async (record) => (isOver(record) ? null : { ...record, value: record.value + 1 }),
      isOver,
      sendCheck: async (record) => {
        this.log.push(`send ${record.value}`);
        await this.port.sendCheck();
      },
      update: async (next) => {
        this.log.push(`write ${next.value}`);
        return this.port.update(next);
      },
      recordEnd: async (record) => {
        this.log.push(`end ${record.value}`);
        await this.port.recordEnd(record);
      },
      afterWrite: async () => true,
      ...more,
    };
  }
}

describe('reconcile', () => {
  it('sends the next check before each write except the last, and records the end after it', async () => {
    const counting = new Counting();
    expect(await reconcile(counting.reconciler())).toMatchObject({ value: 3, revision: 4 });
    expect(counting.log).toEqual(['send 1', 'write 1', 'send 2', 'write 2', 'write 3', 'end 3', 'end 3']);
    expect(counting.ends).toEqual(new Set([4]));
  });

  it('stops after a write unless the next check begins at once', async () => {
    const counting = new Counting();
    const once = counting.reconciler({ afterWrite: async () => false });
    expect(await reconcile(once)).toMatchObject({ value: 1 });
    expect(counting.log).toEqual(['send 1', 'write 1']);
  });

  it('writes nothing when nothing changed, and returns null without a record', async () => {
    const counting = new Counting(0);
    expect(await reconcile(counting.reconciler())).toMatchObject({ value: 0, revision: 1 });
    expect(counting.log).toEqual(['end 0']);
    counting.stored = null;
    expect(await reconcile(counting.reconciler())).toBeNull();
  });

  it('starts over from a fresh read when another write came first', async () => {
    const counting = new Counting();
    counting.interferences = 2;
    expect(await reconcile(counting.reconciler())).toMatchObject({ value: 3 });
    expect(counting.log.filter((line) => line === 'write 1')).toHaveLength(3);
  });

  it('stops after a dozen writes, with the next check already sent', async () => {
    const counting = new Counting();
    counting.interferences = 100;
    expect(await reconcile(counting.reconciler())).toMatchObject({ value: 0 });
    expect(counting.checks).toBe(12);
  });

  it('throws every error except a conflict', async () => {
    const counting = new Counting();
    const failing = counting.reconciler({
      update: async () => {
        throw new AnnexError('dependency_failed', 'no answer');
      },
    });
    await expect(reconcile(failing)).rejects.toMatchObject({ code: 'dependency_failed' });
    expect(counting.checks).toBe(1);
  });

  it.each(['before', 'after'] as const)(
    'comes to the same end wherever it is cut off, %s a call',
    async (when) => {
      for (let at = 1; ; at += 1) {
        const counting = new Counting();
        counting.killer = { calls: 0, at, when };
        const finished = await survive(() => reconcile(counting.reconciler()));
        if (finished) return expect(at).toBe(12);
        const { stored } = counting;
        // Either the job sent before the last write does the next check, or the interrupted message comes again.
        if (stored && stored.value > 0 && stored.value < 3) expect(counting.checks).toBeGreaterThan(0);
        await reconcile(counting.reconciler());
        expect(counting.stored).toMatchObject({ value: 3 });
        expect(counting.ends).toEqual(new Set([4]));
      }
    },
  );
});

describe('checks', () => {
  it('are frequent at first, then less so, and never further apart than the limit', () => {
    expect([0, 4000, 20_000, 200_000, 3_600_000].map((age) => nextCheckSeconds(age, 30))).toEqual([
      1, 1, 2, 20, 30,
    ]);
  });

  it('are due at their time, or a little earlier when clocks differ', () => {
    const record = { updatedAt: new Date(10_000), revision: 1 };
    expect(checkIsDue(record, 5, new Date(14_400))).toBe(false);
    expect(checkIsDue(record, 5, new Date(14_500))).toBe(true);
  });
});
