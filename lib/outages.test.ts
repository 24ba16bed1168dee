import { beforeEach, describe, expect, it } from 'vitest';
import { AnnexError } from './errors';
import { openLog } from './log';
import { isReported, Outages } from './outages';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly dependency?: string;
  readonly reason?: string;
}

let lines: Line[];
let nowMs: number;
let outages: Outages;
let log: ReturnType<typeof openLog>;

beforeEach(() => {
  lines = [];
  nowMs = 0;
  const write = (line: string) => void lines.push(JSON.parse(line));
  log = openLog({ level: 'info', service: 'test' }, { write });
  outages = new Outages(log, () => nowMs);
});

class Refused extends Error {}
const isOutage = (error: unknown) => error instanceof Refused;
const messages = () => lines.map(({ msg }) => msg);

/** Work that fails with `error`; what failed is logged, as a worker does. */
async function fails(error: unknown, dependency = 'database'): Promise<void> {
  try {
    await outages.watch(dependency, isOutage, () => Promise.reject(error));
  } catch (failure) {
    const wrapped = new AnnexError('dependency_failed', 'The work failed.', { cause: failure });
    log.child({ request: '1' }).error({ err: wrapped, job: 'refit' }, 'job failed');
  }
}

const succeeds = (dependency = 'database') => outages.watch(dependency, isOutage, async () => 'done');

describe('an outage', () => {
  it('is two lines, however much fails', async () => {
    for (let n = 0; n < 500; n += 1) {
      await fails(new Refused('connect ECONNREFUSED'));
      nowMs += 100;
    }
    await succeeds();
    await succeeds();
    expect(lines).toEqual([
      expect.objectContaining({
        level: 40,
        dependency: 'database',
        reason: 'connect ECONNREFUSED',
        msg: 'database cannot be reached; more failures are counted until it answers again',
      }),
      expect.objectContaining({ level: 30, msg: 'database reachable again after 50 s; 500 failures' }),
    ]);
  });

  it('hides no other error, which has its own line each time', async () => {
    await fails(new Refused('gone'));
    await fails(new TypeError('a bug'));
    await fails(new Refused('gone'));
    await fails(new TypeError('a bug'));
    expect(messages()).toEqual([expect.stringContaining('cannot be reached'), 'job failed', 'job failed']);
    expect(lines.at(-1)).toMatchObject({
      level: 50,
      job: 'refit',
      err: { stack: expect.stringContaining('TypeError: a bug') },
    });
  });

  it('is one for each dependency', async () => {
    await fails(new Refused('gone'));
    await fails(new Refused('gone'), 'SQS');
    await fails(new Refused('gone'));
    await succeeds('SQS');
    await fails(new Refused('gone'));
    await succeeds();
    expect(messages()).toEqual([
      expect.stringMatching(/^database cannot/),
      expect.stringMatching(/^SQS cannot/),
      'SQS reachable again after 0 s; 1 failure',
      'database reachable again after 0 s; 3 failures',
    ]);
  });

  it('does not end with work that began before its latest failure', async () => {
    let finish = () => {};
    const early = outages.watch('database', isOutage, () => new Promise<void>((done) => (finish = done)));
    await fails(new Refused('gone'));
    finish();
    await early;
    expect(messages()).toHaveLength(1);
    await succeeds();
    expect(messages()).toHaveLength(2);
  });

  it('counts an error once that several see', async () => {
    const error = new Refused('gone');
    await expect(
      outages.watch(
        'database',
        () => true,
        () => outages.watch('database', isOutage, () => Promise.reject(error)),
      ),
    ).rejects.toBe(error);
    await succeeds();
    expect(messages().at(-1)).toContain('1 failure');
  });

  it('is named again when it comes back', async () => {
    await fails(new Refused('gone'));
    await succeeds();
    await fails(new Refused('gone'));
    expect(messages()).toHaveLength(3);
  });
});

it('leaves the lines of reported failures to the level debug', async () => {
  const write = (line: string) => void lines.push(JSON.parse(line));
  log = openLog({ level: 'debug', service: 'test' }, { write });
  await fails(new Refused('gone'));
  expect(lines.map(({ level, msg }) => [level, msg])).toContainEqual([20, 'job failed']);
});

it('knows only errors that were counted', () => {
  expect(isReported(new Refused('gone'))).toBe(false);
  expect(isReported('gone')).toBe(false);
  expect(isReported(null)).toBe(false);
});
