import { describe, expect, it, vi } from 'vitest';
import { memo, memoOne } from './memo';
import { aside, inTurn } from './turn';

let now = 0;

/** Answers `<key><number of the call>`, and remembers what it was asked. */
function counting() {
  const asked: string[] = [];
  const ask = async (key: string) => `${key}${asked.push(key)}`;
  return { asked, ask };
}

const options = { keyOf: (key: string) => key, capacity: 2, now: () => now };

describe('memo', () => {
  it('asks once per key, for callers side by side and for those who come later', async () => {
    const { asked, ask } = counting();
    const remembered = memo(ask, options);
    expect(await Promise.all(['a', 'b', 'a'].map(remembered))).toEqual(['a1', 'b2', 'a1']);
    expect(await remembered('b')).toBe('b2');
    expect(asked).toEqual(['a', 'b']);
  });

  it('does not keep a failure, which everybody who shared the call gets', async () => {
    let fails = true;
    const { ask } = counting();
    const remembered = memo((key: string) => (fails ? Promise.reject(new Error('no')) : ask(key)), options);
    const both = await Promise.allSettled([remembered('a'), remembered('a')]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fails = false;
    expect(await remembered('a')).toBe('a1');
  });

  it('lets go of what was not used for the longest time', async () => {
    const { asked, ask } = counting();
    const remembered = memo(ask, options);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await remembered(key);
    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps calls under way, however many there are', async () => {
    const { asked, ask } = counting();
    const remembered = memo(ask, options);
    await Promise.all(['a', 'b', 'c', 'a', 'b', 'c'].map(remembered));
    expect(asked).toEqual(['a', 'b', 'c']);
  });

  it('asks in no turn, so that nobody who shares the answer holds the place that it waits for', async () => {
    const never = {
      pause: vi.fn(),
      resume: () => new Promise<void>(() => undefined),
      isAlone: () => true,
    };
    const remembered = memo((key: string) => aside(async () => key), options);
    await expect(inTurn(never, () => remembered('a'))).resolves.toBe('a');
    expect(never.pause).not.toHaveBeenCalled();
  });

  it('asks again from the end on that an answer has', async () => {
    now = 0;
    const { asked, ask } = counting();
    const remembered = memo(ask, { ...options, until: (answer) => (answer === 'a1' ? 10 : now) });
    await remembered('a');
    now = 9;
    expect(await remembered('a')).toBe('a1');
    now = 10;
    expect(await remembered('a')).toBe('a2');
    expect(await remembered('a')).toBe('a3');
    expect(asked).toHaveLength(3);
  });
});

describe('memoOne', () => {
  it('asks once for all who ask at a time and shortly after', async () => {
    vi.useFakeTimers();
    try {
      let asked = 0;
      const ask = memoOne(
        async () => {
          asked += 1;
          return asked;
        },
        () => Date.now() + 2000,
      );
      expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
      await vi.advanceTimersByTimeAsync(1999);
      expect(await ask()).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await ask()).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });

  it('asks again after a failure, and then no more', async () => {
    const ask = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValue('yes');
    const once = memoOne<string>(ask);
    await expect(once()).rejects.toThrow('no');
    expect([await once(), await once()]).toEqual(['yes', 'yes']);
    expect(ask).toHaveBeenCalledTimes(2);
  });
});
