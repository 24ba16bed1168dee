import { describe, expect, it } from 'vitest';
import { Lane, type Turn } from './lanes';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Enters the lane and logs the result. */
function entering(lane: Lane, log: string[]) {
  const leaves = new Map<string, () => void>();
  const enter = (owner: string, name = owner, options?: { instead: boolean }) => {
    lane.enter(owner, options).then((turn: Turn) => {
      log.push(`${name} ${turn.kind}`);
      if (turn.kind === 'begins') leaves.set(name, turn.leave);
    });
  };
  return { enter, leave: (name: string) => leaves.get(name)?.() };
}

describe('a lane', () => {
  it('runs its limit of jobs at a time, in order of arrival', async () => {
    const log: string[] = [];
    const { enter, leave } = entering(new Lane({ most: 2 }), log);
    for (const owner of ['a', 'b', 'c', 'd']) enter(owner);
    await settled();
    expect(log).toEqual(['a begins', 'b begins']);
    leave('b');
    await settled();
    expect(log.slice(2)).toEqual(['c begins']);
    leave('a');
    leave('c');
    await settled();
    expect(log.slice(3)).toEqual(['d begins']);
  });

  it('lets an owner wait once, and begin when its earlier work has ended', async () => {
    const log: string[] = [];
    const { enter, leave } = entering(new Lane({ most: 2 }), log);
    enter('a', 'a1');
    enter('a', 'a2');
    enter('a', 'a3');
    enter('b');
    await settled();
    // The change that a2 announces may have come too late for a1, which has begun, but not for a2.
    expect(log.toSorted()).toEqual(['a1 begins', 'a3 spare', 'b begins']);
    leave('a1');
    await settled();
    expect(log.at(-1)).toBe('a2 begins');
  });

  it('lets continued work replace the owner’s waiting message, at the end of the lane', async () => {
    const log: string[] = [];
    const { enter, leave } = entering(new Lane({ most: 1 }), log);
    enter('a', 'a1');
    enter('a', 'a2');
    enter('b');
    await settled();
    enter('a', 'a1 again', { instead: true });
    leave('a1');
    await settled();
    expect(log).toEqual(['a1 begins', 'a2 spare', 'b begins']);
    leave('b');
    await settled();
    expect(log.at(-1)).toBe('a1 again begins');
  });

  it('limits how many wait, except continued work', async () => {
    const log: string[] = [];
    const { enter, leave } = entering(new Lane({ most: 1, waiting: 1 }), log);
    for (const owner of ['a', 'b', 'c']) enter(owner);
    await settled();
    expect(log.toSorted()).toEqual(['a begins', 'c full']);
    enter('a', 'a again', { instead: true });
    leave('a');
    await settled();
    leave('b');
    await settled();
    expect(log.slice(2)).toEqual(['b begins', 'a again begins']);
  });

  it('lets nobody begin once it is closed', async () => {
    const log: string[] = [];
    const lane = new Lane({ most: 1 });
    const { enter, leave } = entering(lane, log);
    enter('a');
    enter('b');
    lane.close();
    enter('c');
    leave('a');
    await settled();
    expect(log.toSorted()).toEqual(['a begins', 'b closed', 'c closed']);
  });
});
