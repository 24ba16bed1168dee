import { describe, expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { outcomeOf } from './outcome';

/** The queue's limit of receives, as in infra/README.md. */
const maxReceiveCount = 10;

describe('outcomeOf', () => {
  it('waits longer each time, never for long', () => {
    const waits = [1, 2, 3, 9, 500].map((receives) => outcomeOf(new Error('x'), receives, () => 0.5));
    expect(waits.map((wait) => wait.kind === 'retry' && wait.inSeconds)).toEqual([2, 4, 8, 300, 300]);
  });

  it('retries soon at first, and for at least ten minutes before the queue gives up', () => {
    const pauses = Array.from({ length: maxReceiveCount - 1 }, (_, n) => {
      const outcome = outcomeOf(
        new AnnexError('dependency_failed', 'x', { transient: true }),
        n + 1,
        () => 0,
      );
      return outcome.kind === 'retry' ? outcome.inSeconds : 0;
    });
    expect(pauses[0]).toBeLessThanOrEqual(4);
    expect(pauses.reduce((sum, pause) => sum + pause)).toBeGreaterThanOrEqual(600);
  });

  it('retries conflicts and internal errors', () => {
    for (const code of ['conflict', 'internal', 'throttled'] as const) {
      expect(outcomeOf(new AnnexError(code, 'x'), 1).kind).toBe('retry');
    }
    expect(outcomeOf(new AnnexError('dependency_denied', 'x', { transient: true }), 1).kind).toBe('retry');
    expect(outcomeOf(new AnnexError('dependency_denied', 'x'), 1).kind).toBe('bury');
  });
});
