import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyNetwork } from './network-namespace';
import { createPrograms, lastMessage } from './programs';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-programs-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dir, { recursive: true });
});

const probe = `
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
process.once('message', ({ own, other, ...input }) => {
  const tried = (task) => { try { task(); return 'done'; } catch (error) { return error.code ?? error.message; } };
  process.send({
    input,
    environment: process.env,
    args: process.argv.slice(2),
    readOwn: tried(() => readFileSync(own + '/file')),
    readOther: tried(() => readFileSync(other + '/file')),
    writeOwn: tried(() => writeFileSync(own + '/made', 'x')),
    writeOther: tried(() => writeFileSync(other + '/made', 'x')),
    spawn: tried(() => spawnSync(process.execPath, ['-e', '1'])),
    worker: tried(() => new Worker('1', { eval: true })),
  }, () => process.disconnect());
});
`;

test('a program has its input and its folders, and nothing else', async () => {
  vi.stubEnv('SECRET_OF_THE_HOST', 'x');
  vi.stubEnv('NODE_OPTIONS', '');
  // A comma and a blank in a path are no other paths.
  const own = join(dir, 'own, folder');
  const other = join(dir, 'other');
  for (const folder of [own, other]) {
    await mkdir(folder);
    await writeFile(join(folder, 'file'), 'content');
  }
  await mkdir(join(dir, 'probe'));
  await writeFile(join(dir, 'probe', 'main.ts'), probe);
  const environment = { NODE_OPTIONS: `--require ${join(other, 'file')}`, LD_PRELOAD: '/x.so' };
  const child = await createPrograms(join(dir, 'programs')).start(
    join(dir, 'probe', 'main.ts'),
    { own, other, environment },
    { read: [own], write: [own], heapMb: 64 },
    ['--label=a'],
  );
  const heard = await lastMessage<Record<string, unknown>>(child, new AbortController().signal);
  expect(heard).toEqual({
    input: { environment },
    environment: expect.any(Object),
    args: ['--label=a'],
    ...{ readOwn: 'done', writeOwn: 'done' },
    ...{ readOther: 'ERR_ACCESS_DENIED', writeOther: 'ERR_ACCESS_DENIED' },
    ...{ spawn: 'ERR_ACCESS_DENIED', worker: 'ERR_ACCESS_DENIED' },
  });
  const names = Object.keys(heard?.environment as object);
  expect(names.filter((name) => !/^(NODE_CHANNEL|NODE_ENV$|__CF)/.test(name))).toEqual([]);
  expect(await readFile(join(own, 'made'), 'utf8')).toBe('x');
});

test('a program that ends without a word says nothing', async () => {
  await mkdir(join(dir, 'silent'));
  await writeFile(join(dir, 'silent', 'main.ts'), "process.once('message', () => process.exit(3));");
  const child = await createPrograms(join(dir, 'programs')).start(
    join(dir, 'silent', 'main.ts'),
    {},
    { heapMb: 64 },
  );
  expect(await lastMessage(child, new AbortController().signal)).toBeNull();
  expect(child.exitCode).toBe(3);
});

const connecting = `
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
process.once('message', async ({ port }, listener) => {
  const reached = await once(connect(port, '127.0.0.1'), 'connect').then(() => 'done', ({ code }) => code);
  process.send({ reached, listening: typeof listener.address().port }, () => process.exit());
});
`;

test.runIf(await emptyNetwork())(
  'an isolated program has a socket, and no network to connect to',
  async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await mkdir(join(dir, 'connecting'));
    await writeFile(join(dir, 'connecting', 'main.ts'), connecting);
    const entry = join(dir, 'connecting', 'main.ts');
    const { port } = server.address() as AddressInfo;
    const rights = { heapMb: 64, isolated: true };
    const child = await createPrograms(join(dir, 'programs')).start(entry, { port }, rights);
    const heard = await lastMessage(child, new AbortController().signal);
    server.close();
    expect(heard).toEqual({ reached: 'ENETUNREACH', listening: 'number' });
  },
);
