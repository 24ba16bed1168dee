import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CannotStart } from './cannot-start';
import { isAlive } from './environment';
import { usersOf } from './processes';
import { type Part, runNode, startPart } from './supervisor';

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
    args: [file],
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

it('ends a part that is being started when it is not wanted any more', async () => {
  const unwanted = new AbortController();
  const slow = await part(
    "import { writeFileSync } from 'node:fs'; writeFileSync('began', ''); await new Promise(() => setInterval(() => {}, 1000));",
  );
  const started = startPart(slow, dir, () => {}, unwanted.signal);
  await vi.waitFor(() => expect(existsSync(join(dir, 'began'))).toBe(true), { timeout: 30_000 });
  unwanted.abort(new Error('not wanted'));
  await expect(started).rejects.toThrow('not wanted');
  expect(await usersOf(dir)).toEqual([]);
});

it('gives the reason alone of a part that knows why it cannot start', async () => {
  const reasoned = await part(
    "console.log('loading'); console.error('The key is lost. Restore it.'); process.exit(78);",
  );
  const said: string[] = [];
  const failed = await startPart(reasoned, dir, (line) => said.push(line)).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(CannotStart);
  expect(failed).toHaveProperty('message', 'The key is lost. Restore it.');
  // Nor is it restarted.
  expect(said).toEqual([]);
});

describe('a command', () => {
  const options = { failure: 'It failed' };

  it('gets its input, and says what it printed when it fails', async () => {
    await runNode(['-e', "process.stdin.on('data', () => process.exit(0))"], { ...options, input: 'x' });
    await expect(runNode(['-e', "console.log('why'); process.exit(1)"], options)).rejects.toThrow(
      /^It failed:\nwhy/,
    );
  });

  it('may fork processes that wait for its messages, as the build does', async () => {
    const { args } = await part(`import { fork } from 'node:child_process';
      if (process.argv[2] === 'forked') process.on('message', (text) => process.send(text, () => process.exit()));
      else {
        const forked = fork(process.argv[1], ['forked'], { execArgv: process.execArgv });
        forked.on('message', (text) => console.log(text) ?? process.exit(7));
        setTimeout(() => forked.send('heard'), 200);
      }`);
    await expect(runNode(args, options)).rejects.toThrow('It failed:\nheard');
  });

  it('ends with the process that runs it', async () => {
    const { args } = await part(
      "await import('node:fs/promises').then((fs) => fs.writeFile('begun', '')); setInterval(() => {}, 1000); process.on('SIGTERM', () => {});",
    );
    const supervisor = JSON.stringify(join(import.meta.dirname, 'supervisor.ts'));
    const script = `import(${supervisor}).then(({ runNode }) => runNode(${JSON.stringify(args)}, { failure: '' }));`;
    const runner = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '-e', script], {
      cwd: dir,
    });
    await vi.waitFor(() => expect(existsSync(join(dir, 'begun'))).toBe(true), { timeout: 60_000 });
    runner.kill('SIGKILL');
    await vi.waitFor(async () => expect(await usersOf(dir)).toEqual([]), { timeout: 60_000 });
  });
});
