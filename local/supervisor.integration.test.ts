import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from './free-port';
import { usersOf } from './processes';
import { awsPart, postgresPart } from './stack';
import type { Part } from './supervisor';

const root = join(import.meta.dirname, '..');
const starts: ChildProcess[] = [];
afterEach(() => {
  for (const start of starts.splice(0)) start.kill('SIGKILL');
});

/** Runs `testing/small-stack` in `dir`. */
class SmallStack {
  private readonly process: ChildProcess;
  private readonly gone: Promise<unknown>;
  private said = '';

  constructor(
    private readonly dir: string,
    parts: readonly Part[],
    { throughNpm = false } = {},
  ) {
    const script = join(import.meta.dirname, 'testing/small-stack/main.ts');
    const command = [process.execPath, '--import', 'tsx', script, dir, JSON.stringify(parts)];
    // npm runs a shell, sends its own signals only there, and that ends without a word to its child.
    const [file = '', ...args] = throughNpm ? ['sh', '-c', '"$@"; exit', 'sh', ...command] : command;
    this.process = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...(throughNpm ? { npm_lifecycle_event: 'start' } : {}) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    starts.push(this.process);
    this.process.stdout?.on('data', (text: Buffer) => (this.said += text));
    this.gone = once(this.process, 'exit');
  }

  /** Waits until it has printed `word`. */
  says(word: 'begun' | 'up'): Promise<void> {
    return vi.waitFor(() => expect(this.said).toContain(`${word}\n`), { timeout: 100_000, interval: 5 });
  }

  /** Waits until the log of a part contains `text`; an empty one is there once the part is spawned. */
  logs(name: string, text: string): Promise<void> {
    const file = join(this.dir, 'logs', `${name}.log`);
    return vi.waitFor(async () => expect(await readFile(file, 'utf8')).toContain(text), {
      timeout: 100_000,
      interval: 5,
    });
  }

  /** Ends it, and waits until no process uses its folder any more. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.process.kill(signal);
    await this.gone;
    await vi.waitFor(async () => expect(await usersOf(this.dir)).toEqual([]), { timeout: 60_000 });
  }
}

describe('a stack that is ended while it starts', () => {
  const moments = Array.from({ length: 20 }, (_, index) => index);
  const signals = ['SIGKILL', 'SIGINT', 'SIGKILL', 'SIGTERM'] as const;
  let dir: string;
  let wholeMs: number;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'annex-moments-'));
    const whole = new SmallStack(dir, await fakeParts());
    await whole.says('begun');
    const begunAt = performance.now();
    await whole.says('up');
    wholeMs = performance.now() - begunAt;
    await whole.end('SIGINT');
  });
  afterAll(async () => {
    for (const { pid } of await usersOf(dir)) process.kill(pid, 'SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  /** Three parts that take a while to load, log every error and go on, and obey no signal. */
  async function fakeParts(): Promise<readonly Part[]> {
    const script = join(dir, 'part.mjs');
    await writeFile(
      script,
      `import { createServer } from 'node:http';
       await new Promise((loaded) => setTimeout(loaded, 50));
       for (const until = Date.now() + 50; Date.now() < until; );
       process.on('uncaughtException', (error) => console.error(error));
       process.on('SIGTERM', () => {});
       createServer(() => {}).listen(0, '127.0.0.1', () => process.send({ ready: true }));`,
    );
    return ['one', 'two', 'three'].map((name) => ({
      name,
      args: [script],
      env: {},
      cwd: dir,
      ready: 'ipc',
      readyWithinMs: 100_000,
      stopWithinMs: 200,
    }));
  }

  // Whenever it is, nothing may remain; so it does not matter what exactly a moment of this machine hits.
  it.each([0, 1, 2, 3])('leaves nothing behind (every fourth moment from %i)', async (remainder) => {
    const parts = await fakeParts();
    await Promise.all(
      moments
        .filter((moment) => moment % 4 === remainder)
        .map(async (moment) => {
          const own = await mkdtemp(join(dir, 'start-'));
          const stack = new SmallStack(
            own,
            parts.map((part) => ({ ...part, cwd: own })),
          );
          await stack.says('begun');
          await delay((moment / moments.length) * wholeMs);
          await stack.end(signals[moment % signals.length] ?? 'SIGKILL');
        }),
    );
  });

  it('stops when npm is told to', async () => {
    const stack = new SmallStack(dir, await fakeParts(), { throughNpm: true });
    await stack.says('up');
    await stack.end('SIGTERM');
  });
});

describe('a stack of real parts', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'annex-start-'));
    // PostgreSQL's user must be able to reach its data.
    await chmod(dir, 0o755);
  });
  afterEach(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));

  it('leaves no PostgreSQL behind while that is made, and starts after it', async () => {
    const part = postgresPart(root, dir, { postgres: await freePort(), standby: await freePort() });
    for (const signal of ['SIGKILL', 'SIGINT'] as const) {
      const interrupted = new SmallStack(dir, [part]);
      await interrupted.logs('postgres', 'creating the primary');
      await interrupted.end(signal);
      await rm(join(dir, 'logs'), { recursive: true });
    }
    const stack = new SmallStack(dir, [part]);
    await stack.says('up');
    await stack.end('SIGKILL');
  });

  it('leaves no stand-ins behind while they load', async () => {
    const ports = { aws: await freePort(), cognito: await freePort(), portal: await freePort() };
    const stack = new SmallStack(dir, [awsPart(root, dir, ports, 'postgresql://127.0.0.1:1/none')]);
    await stack.logs('aws', '');
    await stack.end('SIGKILL');
  });
});
