import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isAlive } from './environment';
import { type Part, startPart } from './supervisor';

const exitWithParent = join(import.meta.dirname, 'exit-with-parent.mjs');
let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-supervisor-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function part(script: string): Promise<Part> {
  const file = join(dir, 'part.mjs');
  await writeFile(file, script);
  return {
    name: 'part',
    args: ['--import', exitWithParent, file],
    env: {},
    cwd: dir,
    ready: 'ipc',
    readyWithinMs: 30_000,
    stopWithinMs: 500,
  };
}

const serves = "process.send({ hello: 'there' }); setInterval(() => {}, 1000);";

it('hands over what the part said, and ends it', async () => {
  const running = await startPart(await part(serves), dir, () => {});
  expect(running.hello).toEqual({ hello: 'there' });
  const pid = running.pid() ?? 0;
  expect(isAlive(pid)).toBe(true);
  await running.stop();
  expect(isAlive(pid)).toBe(false);
});

it('kills a part that does not end in time', async () => {
  const running = await startPart(await part(`process.on('SIGTERM', () => {}); ${serves}`), dir, () => {});
  const pid = running.pid() ?? 0;
  await running.stop();
  expect(isAlive(pid)).toBe(false);
});

it('starts a part again that was killed', async () => {
  const said: string[] = [];
  const running = await startPart(await part(serves), dir, (line) => said.push(line));
  const first = running.pid() ?? 0;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(running.pid()).not.toBe(first), { timeout: 30_000 });
  expect(said[0]).toContain('part stopped (SIGKILL)');
  await running.stop();
});

it('shows the last lines of a part that ends before it is ready', async () => {
  const broken = await part("console.error('the disk is on fire'); process.exit(3);");
  await expect(startPart(broken, dir, () => {})).rejects.toThrow(/exit 3[\s\S]*the disk is on fire/);
});

it('leaves no orphan when the supervisor is killed', async () => {
  await part(`import { writeFileSync } from 'node:fs'; writeFileSync('pid', String(process.pid));
    process.on('SIGTERM', () => { writeFileSync(1, 'a last word'); process.exit(0); }); ${serves}`);
  const supervisor = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      '--input-type=module',
      '-e',
      `
      import { startPart } from ${JSON.stringify(join(import.meta.dirname, 'supervisor.ts'))};
      await startPart({ name: 'part', args: ['--import', ${JSON.stringify(exitWithParent)}, 'part.mjs'], env: {}, cwd: ${JSON.stringify(dir)},
        ready: 'ipc', readyWithinMs: 30000, stopWithinMs: 500 }, ${JSON.stringify(dir)}, () => {});
      console.log('up');`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve) => supervisor.stdout.once('data', resolve));
  const pid = Number(await readFile(join(dir, 'pid'), 'utf8'));
  expect(isAlive(pid)).toBe(true);
  supervisor.kill('SIGKILL');
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 30_000 });
});
