import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Group } from '@/lib/domain/actor';
import { awsNames } from '../local/aws-names';
import { portalArguments, productBuild } from '../local/build';
import { productEnvironment } from '../local/environment';
import { freePort } from '../local/free-port';
import { PortalClient } from '../local/seed/portal-client';
import { startPart } from '../local/supervisor';
import { startPool } from '../local/testing/user-pool';
import { quantile, timesOf } from './harness';

/** The production portal, and people who read its pages. */
export interface BenchPortal {
  /** Signs in somebody of `tenant`, a scientist unless `group` says another, through the hosted UI. Returns the cookies. */
  signedIn(tenant: string, group?: Group): Promise<string>;
  /**
   * Times in ms until the last byte of `path`. `connections` readers run at the same time, and each reads `each` pages in
   * sequence. A redirect to the sign-in would be fast, but is not the page: only 200 counts, with `expected` in it.
   */
  times(
    path: string,
    cookies: string,
    connections: number,
    each: number,
    expected?: string,
  ): Promise<number[]>;
  /** p95 among the times of `times`. */
  p95(path: string, cookies: string, connections: number, each: number): Promise<number>;
  /** Asks for `path` `parallel` times at once, again and again. `stop` returns how many answers contained `expected`. */
  flood(path: string, cookies: string, parallel: number, expected: string): Flood;
  stop(): Promise<void>;
}

interface Flood {
  /** The first answer has come. */
  readonly underWay: Promise<void>;
  stop(): Promise<number>;
}

/**
 * Builds the portal from the current sources and starts it on a free port with that database and AWS. `/customers` does
 * not call AWS, so AWS may be absent.
 */
export async function startBenchPortal(
  databaseUrl: string,
  aws?: { readonly origin: string; readonly environment: Readonly<Record<string, string>> },
): Promise<BenchPortal> {
  const root = join(import.meta.dirname, '..');
  const built = await productBuild(root, console.log, AbortSignal.timeout(600_000));
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const dir = await mkdtemp(join(tmpdir(), 'annex-bench-'));
  const pool = await startPool({ portals: [origin] });
  const closePool = async () => {
    await pool.stop();
    await rm(dir, { recursive: true, force: true });
  };
  const ports = {
    portal: port,
    aws: Number(new URL(aws?.origin ?? 'http://localhost:1').port),
    cognito: Number(new URL(pool.origin).port),
  };
  const portal = await startPart(
    {
      name: 'portal',
      args: portalArguments(built),
      env: productEnvironment(
        { ...ports, postgres: 1, standby: 1 },
        {
          nextAuthSecret: 'x'.repeat(32),
          cognitoClientSecret: pool.clientSecret,
          portalDatabaseUrl: databaseUrl,
          accessKeyId: aws?.environment.AWS_ACCESS_KEY_ID ?? 'none',
          secretAccessKey: aws?.environment.AWS_SECRET_ACCESS_KEY ?? 'none',
        },
      ),
      cwd: join(built, 'portal'),
      ready: { url: `${origin}/api/health` },
      readyWithinMs: 60_000,
      stopWithinMs: 10_000,
    },
    dir,
    console.log,
  ).catch(async (error: unknown) => {
    await closePool();
    throw error;
  });
  const times: BenchPortal['times'] = async (
    path,
    cookies,
    connections,
    each,
    expected = 'href="/customers/c',
  ) => {
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const found = await timesOf(connections, each, async () => {
      const { status, html } = await read(`${origin}${path}`, cookies, agent);
      if (status !== 200) throw new Error(`${path}: ${status}`);
      if (!html.includes(expected)) throw new Error(`${path} without ${expected} is no measure`);
    });
    agent.destroy();
    return found;
  };
  return {
    async signedIn(tenant, group = 'scientist') {
      const email = `${group}@${tenant}.example`;
      const password = awsNames.demoPassword;
      const { users } = pool.cognito;
      const attributes = { email_verified: 'true', 'custom:tenant_id': tenant };
      await users.create({ email, attributes, temporaryPassword: password });
      await users.setPassword(email, password, true);
      await users.change(email, () => ({ groups: [group] }));
      const person = await PortalClient.signedIn(origin, email, password);
      const { cookies } = await person.http.storageState();
      await person.close();
      return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    times,
    p95: async (...given) => quantile(await times(...given), 0.95),
    flood(path, cookies, parallel, expected) {
      const agent = new Agent({ keepAlive: true, maxSockets: parallel });
      let stopped = false;
      let met = 0;
      let first = () => {};
      const underWay = new Promise<void>((resolve) => {
        first = resolve;
      });
      const reader = async () => {
        while (!stopped) {
          const { html } = await read(`${origin}${path}`, cookies, agent);
          if (html.includes(expected)) met += 1;
          first();
        }
      };
      const readers = Promise.all(Array.from({ length: parallel }, reader));
      return {
        underWay,
        stop: async () => {
          stopped = true;
          await readers;
          agent.destroy();
          return met;
        },
      };
    },
    async stop() {
      await portal.stop();
      await closePool();
    },
  };
}

function read(url: string, cookie: string, agent: Agent): Promise<{ status: number; html: string }> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, accept: 'text/html', 'sec-fetch-dest': 'document' };
    get(url, { agent, headers }, (response) => {
      let html = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (html += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode ?? 0, html }));
    }).on('error', reject);
  });
}
