import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CannotStart } from './cannot-start';
import { openLevel } from './level-store';
import { takeLock } from './lock';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-level-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const store = (made = true) => ({ dir: join(dir, 'store'), holds: 'the users', made });

/** A store with a table file, a manifest and a log. */
async function make(): Promise<void> {
  const first = await openLevel(store(false));
  for (let n = 0; n < 50; n += 1) await first.put(`key ${n}`, { text: `${n}`.repeat(500) });
  await first.close();
  // An opening moves the log into a table.
  const level = await openLevel(store());
  await level.put('last', 1);
  await level.close();
}

async function file(like: RegExp): Promise<string> {
  const name = (await readdir(store().dir)).find((found) => like.test(found));
  return join(store().dir, name ?? 'none');
}

describe('openLevel', () => {
  it('opens what is whole, and makes what is new, half-made or not', async () => {
    await make();
    const level = await openLevel(store());
    expect(await level.get('last')).toBe(1);
    await level.close();
    await rm(await file(/^CURRENT/));
    await (await openLevel(store(false))).close();
  });

  it.each<readonly [string, () => Promise<void>]>([
    ['folder lost', () => rm(store().dir, { recursive: true })],
    [
      'folder emptied',
      async () => {
        await rm(store().dir, { recursive: true });
        await mkdir(store().dir);
      },
    ],
    [
      'folder is a file',
      async () => {
        await rm(store().dir, { recursive: true });
        await writeFile(store().dir, '');
      },
    ],
    ['CURRENT lost', async () => rm(await file(/^CURRENT/))],
    ['CURRENT empty', async () => truncate(await file(/^CURRENT/))],
    ['CURRENT garbage', async () => writeFile(await file(/^CURRENT/), 'garbage')],
    ['MANIFEST lost', async () => rm(await file(/^MANIFEST/))],
    ['MANIFEST empty', async () => truncate(await file(/^MANIFEST/))],
    ['MANIFEST garbage', async () => writeFile(await file(/^MANIFEST/), 'garbage'.repeat(20))],
    ['table lost', async () => rm(await file(/\.ldb$/))],
    ['table cut', async () => truncate(await file(/\.ldb$/), 300)],
    [
      'table overwritten',
      async () => {
        const path = await file(/\.ldb$/);
        const bytes = await readFile(path);
        await writeFile(path, bytes.fill(65, 20, Math.floor(bytes.length / 2)));
      },
    ],
    ['log lost', async () => rm(await file(/\.log$/))],
  ])('says what is lost: %s', async (_, damage) => {
    await make();
    await damage();
    const failed = await openLevel(store()).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failed).toBeInstanceOf(CannotStart);
    expect(failed).toHaveProperty(
      'message',
      expect.stringMatching(
        /^\S+\/store is damaged: .+\. It holds the users\. Restore the folder .+ "npm run reset"/,
      ),
    );
    expect(failed).not.toHaveProperty('message', expect.stringContaining('\n'));
  });

  it('leaves the lost to be restored: nothing new is made in its place', async () => {
    await expect(openLevel(store())).rejects.toThrow('its files are missing');
    expect(existsSync(store().dir)).toBe(false);
  });

  it('names the process that uses it', async () => {
    const level = await openLevel(store(false));
    await expect(openLevel(store())).rejects.toThrow(
      /store are used by .+\. Stop it, or set ANNEX_STATE_DIR/,
    );
    await level.close();
  });
});

describe('takeLock', () => {
  it.each([
    ['CURRENT', 'garbage'],
    ['CURRENT', ''],
    ['MANIFEST-000002', 'garbage'],
  ])('makes a damaged lock anew: %s %j', async (name, content) => {
    await (await takeLock(dir))?.();
    await writeFile(join(dir, 'lock', name), content);
    const release = await takeLock(dir);
    expect(release).toBeInstanceOf(Function);
    expect(await takeLock(dir)).toBeNull();
    await release?.();
  });

  it('says that it cannot lock', async () => {
    await writeFile(join(dir, 'lock'), '');
    await expect(takeLock(dir)).rejects.toThrow(
      /lock cannot be locked \(.+\)\. Make .+ delete .+lock, or set/,
    );
  });
});
