import pg from 'pg';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { gluePrincipal } from '@/local/aws/iam/policies';
import {
  type AskedExtract,
  type ExtractBench,
  extractArguments,
  extractBench,
} from '@/local/aws/testing/extract-bench';
import { startTestAws, type TestAws } from '@/local/aws/testing/test-aws';
import { extractJobRoleArn } from '@/local/aws-names';
import { asControl, asTenant } from '@/local/database';
import { startTestPostgres, type TestPostgres } from '@/local/testing/postgres';
import { createRunLauncher, type RunEnd } from '../run-process';
import { type ExtractRun, runExtract } from './extract';
import type { RunOrder } from './messages';

const accountId = '222222222222';

let postgres: TestPostgres;
let aws: TestAws;
let foo: ExtractBench;
let admin: pg.Client;
let standby: pg.Client;

const asked = (given: Partial<AskedExtract> = {}): AskedExtract => ({
  tenantId: 'foo',
  accountId,
  requestId: ulid(),
  statement: 'SELECT id FROM crm.customer WHERE tenant_id = $1',
  values: [{ type: 'text', value: 'foo' }],
  columns: [{ name: 'id', type: 'text' }],
  ...given,
});

async function job() {
  const { standIn, origin } = aws;
  const roles = standIn.services.sts;
  const { accessKeyId, secretAccessKey, sessionToken } = await roles.assumeForService(
    gluePrincipal,
    extractJobRoleArn,
    'test',
  );
  return {
    endpoint: origin,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  };
}

async function run(request: AskedExtract, more: Partial<ExtractRun> = {}) {
  return runExtract({
    arguments: extractArguments(request),
    job: await job(),
    replicaUrl: postgres.standbyUrl,
    signal: new AbortController().signal,
    ...more,
  });
}

/** Waits until the standby has all that the primary has. */
async function replicated(): Promise<void> {
  const { rows } = await admin.query<{ lsn: string }>('SELECT pg_current_wal_lsn()::text AS lsn');
  const caughtUp = async () => {
    const { rows: found } = await standby.query('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS ok', [
      rows[0]?.lsn,
    ]);
    return found[0]?.ok;
  };
  await vi.waitUntil(caughtUp, { timeout: 60_000 });
}

/** Raises the tenant's watermark as the portal does before a run. */
const raised = () =>
  asTenant(postgres.portalUrl, 'foo', async (client) => {
    const { rows } = await client.query<{ position: string }>(
      `INSERT INTO crm.watermark AS w (tenant_id, position, raised_at) VALUES ('foo', 1, clock_timestamp())
       ON CONFLICT (tenant_id) DO UPDATE SET position = w.position + 1, raised_at = EXCLUDED.raised_at
       RETURNING position`,
    );
    return rows[0]?.position ?? '';
  });

const customers = (count: number) =>
  asTenant(postgres.portalUrl, 'foo', (client) =>
    client.query(
      `INSERT INTO crm.customer (tenant_id, id) SELECT 'foo', 'c' || n FROM generate_series(1, $1::int) AS n
       ON CONFLICT DO NOTHING`,
      [count],
    ),
  );

beforeAll(async () => {
  // A replica that does not wait for its readers, so that it cancels them.
  const settings = { hot_standby_feedback: 'off', max_standby_streaming_delay: '0', autovacuum: 'off' };
  postgres = await startTestPostgres({ standby: true, settings });
  aws = await startTestAws();
  await aws.vend('foo', accountId);
  const standbyAdmin = new URL(postgres.adminUrl);
  standbyAdmin.port = new URL(postgres.standbyUrl).port;
  admin = new pg.Client({ connectionString: postgres.adminUrl });
  standby = new pg.Client({ connectionString: standbyAdmin.href });
  // A replica that cancels its readers may end an idle one.
  for (const client of [admin, standby]) client.on('error', () => undefined);
  await Promise.all([admin.connect(), standby.connect()]);
  await asControl(postgres.portalUrl, (client) =>
    client.query(`INSERT INTO tenant (id, name) VALUES ('foo', 'Foo')`),
  );
  await customers(3);
  await replicated();
  foo = await extractBench(aws, 'foo', accountId);
});
afterAll(async () => {
  await Promise.all([admin?.end(), standby?.end()]);
  await aws?.stop();
  await postgres?.stop();
});

describe('a replica that fails the run leaves nothing, and a plain reason', () => {
  const sleeping = {
    statement: 'SELECT pg_sleep(60)::text AS id WHERE $1 <> $2',
    values: [
      { type: 'text', value: 'a' },
      { type: 'text', value: 'b' },
    ],
  };
  const elsewhere = (change: (url: URL) => void): string => {
    const url = new URL(postgres.standbyUrl);
    change(url);
    return url.href;
  };
  const fails = async (work: Promise<unknown>, reason: RegExp) => {
    await expect(work).rejects.toMatchObject({ reason: expect.stringMatching(reason), clean: true });
    expect(await foo.left()).toEqual({ objects: [], uploads: [] });
  };

  test('that is not there', async () => {
    const replicaUrl = elsewhere((url) => {
      url.port = '1';
    });
    await fails(run(asked(), { replicaUrl }), /does not respond \(ECONNREFUSED\)/);
  });

  test('that does not let it in', async () => {
    const replicaUrl = elsewhere((url) => {
      url.password = 'wrong';
    });
    await fails(run(asked(), { replicaUrl }), /rejected the job’s credentials/);
  });

  test('that takes too long', async () => {
    await fails(run(asked(sleeping), { limits: { statementTimeoutMs: 50 } }), /exceeded its time limit/);
  });

  test('that is restarted', async () => {
    const running = run(asked(sleeping));
    const terminate = async () => {
      const { rows } = await standby.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name LIKE 'annex-extract%' AND query LIKE 'COPY%'`,
      );
      return rows.length;
    };
    await Promise.all([
      fails(running, /does not respond \(57P01\)/),
      expect.poll(terminate, { timeout: 60_000 }).toBe(1),
    ]);
  });

  const behind = /The replica did not catch up with the CRM within 0.3 s/;

  test('that is behind', async () => {
    await standby.query('SELECT pg_wal_replay_pause()');
    try {
      await customers(4);
      await fails(run(asked({ watermark: await raised() }), { limits: { maxWaitMs: 300 } }), behind);
    } finally {
      await standby.query('SELECT pg_wal_replay_resume()');
    }
    await replicated();
  });

  test('that has lost its primary, and is read again when it has found it', async () => {
    const { rows } = await standby.query<{ primary_conninfo: string }>('SHOW primary_conninfo');
    const follow = async (primary: string) => {
      await standby.query(`ALTER SYSTEM SET primary_conninfo = ${pg.escapeLiteral(primary)}`);
      await standby.query('SELECT pg_reload_conf()');
    };
    const receivers = async () => (await standby.query('SELECT FROM pg_stat_wal_receiver')).rowCount;
    await follow('');
    await expect.poll(receivers, { timeout: 60_000 }).toBe(0);
    await customers(5);
    const watermark = await raised();
    await fails(run(asked({ watermark }), { limits: { maxWaitMs: 300 } }), behind);
    const waiting = run(asked({ watermark }), { limits: { maxWaitMs: 30_000 } });
    await follow(rows[0]?.primary_conninfo ?? '');
    expect(await waiting).toMatchObject({ rows: 5 });
  });
});

test('the manifest says what the snapshot holds', async () => {
  const before = new Date();
  const snapshotOf = async (watermark?: string) => {
    const request = asked({ ...(watermark ? { watermark } : {}) });
    await run(request);
    return JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString()).snapshot;
  };
  expect(await snapshotOf(await raised())).toEqual({ revision: null, at: expect.any(String) });
  await asTenant(postgres.portalUrl, 'foo', (client) =>
    client.query(`INSERT INTO crm.history (tenant_id, revision) VALUES ('foo', 7)`),
  );
  const { revision, at } = await snapshotOf(await raised());
  expect(revision).toBe(7);
  expect(new Date(at).toISOString()).toBe(at);
  expect(new Date(at).getTime()).toBeGreaterThanOrEqual(before.getTime());
});

test('a statement that the replica cancels for the primary is begun again once', async () => {
  await customers(100);
  await replicated();
  const statement = 'SELECT id || pg_sleep(0.6)::text AS id FROM crm.customer WHERE tenant_id = $1';
  const running = run(asked({ statement }));
  const copying = async () =>
    (await standby.query(`SELECT FROM pg_stat_activity WHERE query LIKE 'COPY%'`)).rowCount;
  await expect.poll(copying, { timeout: 60_000 }).toBe(1);
  await asTenant(postgres.portalUrl, 'foo', (client) =>
    client.query(`DELETE FROM crm.customer WHERE tenant_id = 'foo' AND id <> 'c1'`),
  );
  await admin.query('VACUUM crm.customer');
  expect(await running).toMatchObject({ rows: 1, file: 'data.csv' });
});

test('the program of a run holds no more memory for four million rows than for one', async () => {
  const launcher = createRunLauncher(aws.dir, {
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
  });
  const peak = async (rows: number, format: 'csv' | 'parquet'): Promise<number> => {
    const request = asked({
      format,
      statement: `SELECT 'customer ' || n AS id, n AS a, n * 0.5::float8 AS b FROM generate_series(1, $1) AS n`,
      values: [{ type: 'int', value: String(rows) }],
      columns: [
        { name: 'id', type: 'text' },
        { name: 'a', type: 'int' },
        { name: 'b', type: 'float' },
      ],
    });
    const order: RunOrder = {
      kind: 'extract',
      arguments: extractArguments(request),
      job: await job(),
      replicaUrl: postgres.standbyUrl,
      trial: {},
    };
    const end = await new Promise<RunEnd>((resolve) => launcher.start(order, () => undefined, resolve));
    if (end?.kind !== 'succeeded') throw new Error(JSON.stringify(end));
    expect(end.rows).toBe(rows);
    return end.peakBytes;
  };
  try {
    // Three million rows more are some 90 MB more: what is held of them would show beyond what a collection may leave.
    expect(await peak(4_000_000, 'csv')).toBeLessThan(1.5 * (await peak(1_000_000, 'csv')));
    expect(await peak(100_000, 'parquet')).toBeLessThan(300e6);
  } finally {
    launcher.close();
  }
});
