import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let dir: string;
let parent: ChildProcess | null = null;
let pids: readonly number[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-reaper-'));
});
afterEach(async () => {
  parent?.kill('SIGKILL');
  for (const pid of pids.filter(running)) process.kill(pid, 'SIGKILL');
  await rm(dir, { recursive: true });
});

/** A parent with two programs that compute and hear nothing, the second begun once the first runs. */
const script = `
import { spawn } from 'node:child_process';
import { createPrograms } from ${JSON.stringify(join(import.meta.dirname, 'programs.ts'))};
const programs = createPrograms(process.argv[2] + '/programs');
const begin = async () => {
  const child = await programs.start(process.argv[2] + '/busy/main.ts', {}, { heapMb: 64 });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child.pid;
};
process.send([await begin(), await begin()]);
setInterval(() => undefined, 1000);
`;

const running = (pid: number): boolean => {
  try {
    // A process that has ended and that nobody has asked about is a zombie (Z).
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

test.runIf(process.platform === 'linux')('a program that computes ends with a killed parent', async () => {
  await mkdir(join(dir, 'busy'));
  await writeFile(
    join(dir, 'busy', 'main.ts'),
    "process.once('message', () => { require('node:fs').writeSync(1, 'busy'); for (;;); });",
  );
  await writeFile(join(dir, 'parent.mts'), script);
  parent = spawn(process.execPath, ['--import', 'tsx', join(dir, 'parent.mts'), dir], {
    cwd: process.cwd(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  pids = await new Promise<readonly number[]>((resolve) => parent?.once('message', resolve as never));
  expect(pids.map(running)).toEqual([true, true]);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(pids.map(running)).toEqual([false, false]), { timeout: 30_000 });
});
