import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { productBuild } from '../local/build';
import { readRunning, withoutAws } from '../local/environment';
import { freePort } from '../local/free-port';
import { type Gate, openGate } from '../local/testing/gate';
import { signIn } from './journey';
import { journeyStack } from './stack';
import { mintTenant, mintUser } from './tenants';

interface Line {
  readonly level: number;
  readonly msg: string;
  readonly dependency?: string;
}

/** Another portal on the stack of the journeys, with the same sessions. Its database is behind a gate. */
class SecondPortal {
  private output = '';

  private constructor(
    readonly origin: string,
    readonly database: Gate,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => (this.output += text));
    }
  }

  static async start(): Promise<SecondPortal> {
    const running = await readRunning(journeyStack.stateDir);
    if (!running) throw new Error('The stack of the journeys is not running.');
    const built = await productBuild(
      join(import.meta.dirname, '..'),
      () => undefined,
      new AbortController().signal,
    );
    const database = await openGate(running.environment.DATABASE_URL ?? '');
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    const child = spawn(process.execPath, [join(built, 'portal/portal.mjs')], {
      cwd: join(built, 'portal'),
      env: {
        ...withoutAws(process.env),
        ...running.environment,
        DATABASE_URL: database.url,
        NEXTAUTH_URL: origin,
        PORT: String(port),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const portal = new SecondPortal(origin, database, child);
    await expect.poll(() => portal.output).toContain('portal is listening');
    return portal;
  }

  /** What it logged since it is listening. Throws for a line that is no JSON. */
  lines(): Line[] {
    const all = this.output.split('\n').slice(0, -1);
    return all
      .slice(all.findIndex((line) => line.includes('portal is listening')) + 1)
      .map((line) => JSON.parse(line));
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
    this.database.close();
  }
}

test('a portal whose database is away logs that once, and its return', async ({ page }) => {
  const tenant = await mintTenant();
  await signIn(page, await mintUser('scientist', tenant.id));
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
  const portal = await SecondPortal.start();
  try {
    await page.goto(`${portal.origin}/workbench`);
    const form = page.getByRole('button', { name: 'Request workbench' });
    await expect(form).toBeVisible();

    portal.database.shut();
    await form.click();
    await expect(page.getByText('The database is unavailable')).toBeVisible();
    for (const [path, status] of [
      ['/customers', 500],
      ['/extracts', 500],
      ['/customers/export', 503],
      ['/scoring/status', 503],
      ['/extracts/status', 503],
      ['/api/ready', 503],
    ] as const) {
      for (let n = 0; n < 3; n += 1) {
        expect((await page.context().request.get(`${portal.origin}${path}`)).status(), path).toBe(status);
      }
    }
    await page.goto(`${portal.origin}/customers`);
    await expect(page.getByRole('heading', { name: 'This page failed to load' })).toBeVisible();

    portal.database.open();
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Customers' })).toBeVisible();
    await expect
      .poll(() => portal.lines().filter(({ level, dependency }) => level > 30 || dependency !== undefined))
      .toEqual([
        expect.objectContaining({ level: 40, dependency: 'database' }),
        expect.objectContaining({
          msg: expect.stringMatching(/^database reachable again after \d+ s; \d+ fail/),
        }),
      ]);
  } finally {
    await portal.stop();
  }
});
