import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensurePortalCredentials, readPortalCredentials } from './aws/iam/portal-credentials';
import { CannotStart } from './cannot-start';
import { poolSecrets, readClientSecret } from './cognito/secrets';
import { productEnvironment, readRunning, writeRunning } from './environment';
import { takeLock } from './lock';
import { nextAuthSecret } from './nextauth-secret';
import { makeSecrets, readSecrets } from './postgres/secrets';
import { makeStateFile, type StateFile } from './state-file';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-state-file-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const ports = { portal: 1, aws: 2, cognito: 3, postgres: 4, standby: 5 };
const environment = productEnvironment(ports, {
  nextAuthSecret: 'a',
  cognitoClientSecret: 'b',
  accessKeyId: 'c',
  secretAccessKey: 'd',
  portalDatabaseUrl: 'e',
});

async function whileRunning(read: () => Promise<unknown>): Promise<unknown> {
  const release = await takeLock(dir);
  try {
    return await read();
  } finally {
    await release?.();
  }
}

const files = [
  {
    name: 'secrets/nextauth-secret',
    make: () => nextAuthSecret(dir),
    read: () => nextAuthSecret(dir),
    sentence:
      'It holds the key of the portal’s session cookies. Restore the file, or delete it: the next start',
  },
  {
    name: 'secrets.json',
    make: () => makeSecrets(dir),
    read: () => readSecrets(dir),
    sentence:
      'It holds the passwords of the database in the same folder. Restore the file, or start over with "npm run reset"',
  },
  {
    name: 'cognito-secrets.json',
    make: () => poolSecrets(dir),
    read: () => readClientSecret(dir),
    sentence: 'It holds the keys of the Cognito stand-in. Restore the file, or delete it: the next start',
  },
  {
    name: 'aws/portal-credentials.json',
    make: () => ensurePortalCredentials(dir),
    read: () => ensurePortalCredentials(dir),
    sentence: 'It holds the portal’s AWS key. Restore the file, or delete it: the next start',
  },
  {
    name: 'running.json',
    make: () => writeRunning(dir, { ports, environment }),
    read: () => whileRunning(() => readRunning(dir)),
    sentence: 'It holds how to reach the running Annex. Restore the file, or stop Annex and start it again',
  },
];

describe.each(files)('$name', ({ name, make, read, sentence }) => {
  it('is private, and read as it was made', async () => {
    await make();
    const path = join(dir, name);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const first = await readFile(path, 'utf8');
    await expect(read()).resolves.toBeTruthy();
    expect(await readFile(path, 'utf8')).toBe(first);
    expect((await readdir(dirname(path))).filter((other) => other.includes('draft'))).toEqual([]);
  });

  it.each([
    ['empty', (path: string) => truncate(path), ' is empty. '],
    [
      'truncated',
      async (path: string) => truncate(path, Math.floor((await stat(path)).size / 2)),
      ' is damaged',
    ],
    ['garbage', (path: string) => writeFile(path, 'not what was written\0\0'), ' is damaged'],
    ['zeros', async (path: string) => writeFile(path, Buffer.alloc((await stat(path)).size)), ' is damaged'],
    ['of a wrong type', (path: string) => writeFile(path, '[1]'), ' is damaged'],
    ['without its fields', (path: string) => writeFile(path, '{}'), ' is damaged'],
    [
      'a folder',
      async (path: string) => {
        await rm(path);
        await mkdir(path);
      },
      ' is a folder. ',
    ],
  ])('says what is lost when it is %s, and is left alone', async (_, damage, why) => {
    await make();
    const path = join(dir, name);
    await damage(path);
    const message = await read().then(
      () => 'nothing',
      (error: unknown) => (error instanceof CannotStart ? error.message : String(error)),
    );
    expect(message).toContain(`${path}${why}`);
    expect(message).toContain(sentence);
    expect(message).not.toContain('\n');
    expect(existsSync(path)).toBe(true);
  });

  it.skipIf(process.getuid?.() === 0)('says that it cannot be read', async () => {
    await make();
    await chmod(join(dir, name), 0);
    await expect(read()).rejects.toThrow(`${join(dir, name)} cannot be read (EACCES). `);
  });
});

it('names the field that is wrong, and nothing of the content', async () => {
  const secrets = await makeSecrets(dir);
  await writeFile(join(dir, 'secrets.json'), JSON.stringify({ ...secrets, annex_portal: 'short-secret' }));
  await expect(readSecrets(dir)).rejects.toThrow(/annex_portal is wrong or missing\. It holds/);
  await expect(readSecrets(dir)).rejects.not.toThrow('short-secret');
});

it('adds the password of a newer login, and keeps the others', async () => {
  const { annex_extract: _, ...older } = await makeSecrets(dir);
  await writeFile(join(dir, 'secrets.json'), JSON.stringify(older));
  const completed = await readSecrets(dir);
  expect(completed).toMatchObject(older);
  expect(await readSecrets(dir)).toEqual(completed);
});

it('says that the portal’s key is missing where the stand-ins have never run', async () => {
  await expect(readPortalCredentials(dir)).rejects.toThrow('portal-credentials.json is missing');
});

it('is made once, whoever comes first', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, () => nextAuthSecret(dir)));
  expect(new Set(made).size).toBe(1);
  expect(await readdir(join(dir, 'secrets'))).toEqual(['nextauth-secret']);
});

describe('a write that does not end', () => {
  const large = (): StateFile<string[]> => ({
    path: join(dir, 'large.json'),
    schema: z.array(z.string().length(1000)).length(2000),
    holds: 'much',
    otherwise: 'delete it.',
  });
  const script = (call: string) =>
    `const { makeStateFile, replaceStateFile } = await import(${JSON.stringify(join(import.meta.dirname, 'state-file.ts'))});
     const file = { path: ${JSON.stringify(join(dir, 'large.json'))}, schema: { safeParse: (data) => ({ success: true, data }) } };
     const content = (letter) => Array(2000).fill(letter.repeat(1000));
     ${call}`;
  const node = (call: string) => ['--import', 'tsx', '--input-type=module', '-e', script(call)];

  it('leaves a whole file when the process is killed', async () => {
    const writer = spawn(
      process.execPath,
      node(
        `for (let n = 0; ; n += 1) { await replaceStateFile(file, content('ab'[n % 2])); console.log('.'); }`,
      ),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = new Promise((resolve) => writer.once('exit', resolve));
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    // Whatever moment of the second write or a later one this is.
    writer.kill('SIGKILL');
    await gone;
    expect(await makeStateFile(large(), () => [])).toHaveLength(2000);
  });

  it.each(['makeStateFile(file, () => content("a"))', 'replaceStateFile(file, content("a"))'])(
    'leaves no file when the disk takes only a part (%s)',
    async (call) => {
      // A limit on the size of files stands for the end of the disk: the write fails half-way.
      const { status, stderr } = spawnSync(
        'bash',
        [
          '-c',
          'ulimit -f 100; exec "$0" "$@"',
          process.execPath,
          ...node(`await ${call}.catch((error) => { console.error(error.message); process.exit(9); });`),
        ],
        { encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' } },
      );
      expect(stderr).toContain(`The disk with ${join(dir, 'large.json')} is full. The file was not written.`);
      expect(status).toBe(9);
      expect(await readdir(dir)).toEqual([]);
    },
  );
});
