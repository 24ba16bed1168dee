import { createHash } from 'node:crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import pg from 'pg';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractJobRoleArn, tenantBucket } from '@/local/aws-names';
import { asControl, asTenant } from '@/local/database';
import { startTestPostgres, type TestPostgres } from '@/local/testing/postgres';
import { gluePrincipal } from '../iam/policies';
import {
  type AskedExtract,
  addTenant,
  column,
  type ExtractBench,
  extractArguments,
  extractBench,
} from '../testing/extract-bench';
import { s3Client, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';
import { runExtract } from './runner/extract';

const accountId = '222222222222';
const barAccountId = '333333333333';

let postgres: TestPostgres;
let aws: TestAws;
let foo: ExtractBench;

const columns = [column('customer_id'), column('name'), column('email'), column('created_at', 'timestamp')];

/** Names as people have them, and worse. */
const names = ['Ann "the" Fan, née Ō\'Brien', 'zeile\nzwei\\t\t🦊', '', null];

const asked = (given: Partial<AskedExtract> = {}): AskedExtract => ({
  tenantId: 'foo',
  requestId: ulid(),
  columns,
  policyVersion: 2,
  ...given,
});
const argumentsOf = (request: AskedExtract) => extractArguments(postgres.portalUrl, request);
const openPolicy = `INSERT INTO extract_policy (dataset, version, columns, created_by)
  VALUES ('customers', 2, '{"customer_id": "none", "name": "none", "email": "none", "created_at": "none"}', 'A test')`;

/** Waits for the standby to have all that the primary has. */
async function replicated(): Promise<void> {
  const [primary, standby] = [postgres.portalUrl, postgres.standbyUrl].map(
    (connectionString) => new pg.Client({ connectionString }),
  );
  await Promise.all([primary?.connect(), standby?.connect()]);
  const { rows } = (await primary?.query('SELECT pg_current_wal_lsn()::text AS lsn')) ?? { rows: [] };
  for (;;) {
    const { rows: replayed } = (await standby?.query('SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn AS ok', [
      rows[0]?.lsn,
    ])) ?? { rows: [] };
    if (replayed[0]?.ok) break;
  }
  await Promise.all([primary?.end(), standby?.end()]);
}

beforeAll(async () => {
  postgres = await startTestPostgres({ standby: true });
  aws = await startTestAws({ replicaUrl: postgres.jobUrl });
  await asControl(postgres.portalUrl, (client) => client.query(openPolicy));
  for (const [tenantId, account] of [
    ['foo', accountId],
    ['bar', barAccountId],
  ] as const) {
    await aws.vend(tenantId, account);
    await addTenant(postgres.portalUrl, tenantId, account);
    await asTenant(postgres.portalUrl, tenantId, (client) =>
      client.query(
        `INSERT INTO crm.customer (tenant_id, id, name, email, created_at)
         SELECT $1, 'c' || n, name, $1 || n || '@example.com', '1997-01-01T10:00:00.25Z'
         FROM unnest($2::text[]) WITH ORDINALITY AS given (name, n)`,
        [tenantId, names],
      ),
    );
    await asTenant(postgres.portalUrl, tenantId, (client) =>
      client.query(
        `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount) VALUES
           ($1, 'c1', '2025-11-01Z', 1, 2.5), ($1, 'c1', '2025-12-01Z', 1, 4),
           ($1, 'c2', '2026-01-01Z', 1, 4.5), ($1, 'c2', '2026-03-05Z', 1, 9)`,
        [tenantId],
      ),
    );
    await asTenant(postgres.portalUrl, tenantId, (client) =>
      client.query(
        `INSERT INTO crm.ticket (tenant_id, id, customer_id, opened_at, subject)
         SELECT $1, 't' || n, 'c1', '2026-01-01Z', 'Help' FROM generate_series(1, 3) AS n`,
        [tenantId],
      ),
    );
  }
  await replicated();
  foo = await extractBench(aws, 'foo', accountId);
});
afterAll(async () => {
  await aws?.stop();
  await postgres?.stop();
});
describe('an extract', () => {
  test('as CSV: header, quoting, NULL apart from an empty text, and a manifest beside it', async () => {
    const request = asked();
    const run = await foo.ended(await foo.start(await argumentsOf(request)));
    expect(run).toMatchObject({ JobRunState: 'SUCCEEDED', JobName: 'annex-extract' });
    expect(run.CompletedOn?.getTime()).toBeGreaterThanOrEqual(run.StartedOn?.getTime() ?? Number.NaN);
    const data = await foo.read(request.requestId, 'data.csv');
    expect(data.toString()).toBe(
      [
        'customer_id,name,email,created_at',
        'c1,"Ann ""the"" Fan, née Ō\'Brien",foo1@example.com,1997-01-01 10:00:00.25+00',
        'c2,"zeile\nzwei\\t\t🦊",foo2@example.com,1997-01-01 10:00:00.25+00',
        'c3,"",foo3@example.com,1997-01-01 10:00:00.25+00',
        'c4,,foo4@example.com,1997-01-01 10:00:00.25+00',
        '',
      ].join('\n'),
    );
    const manifest = JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString());
    expect(manifest).toEqual({
      requestId: request.requestId,
      attempt: 1,
      tenant: 'foo',
      dataset: 'customers',
      format: 'csv',
      columns,
      policyVersion: 2,
      asOf: null,
      range: { from: null, before: null },
      requestedBy: 'A test',
      requestedAt: '2026-03-01T00:00:00.000Z',
      snapshot: { revision: null, at: null },
      file: 'data.csv',
      rows: 4,
      bytes: data.length,
      sha256: createHash('sha256').update(data).digest('hex'),
      etag: expect.stringMatching(/^[0-9a-f]{32}-1$/),
      finishedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const s3 = s3Client(aws, await tenantKeys(aws, 'foo', accountId));
    for (const file of ['data.csv', 'manifest.json']) {
      const Key = `extracts/${request.requestId}/${file}`;
      const head = await s3.send(new HeadObjectCommand({ Bucket: tenantBucket('foo', accountId), Key }));
      expect(head.ServerSideEncryption).toBe('aws:kms');
    }
  });

  test('as Parquet: types, NULLs and unicode come back', async () => {
    const request = asked({ format: 'parquet' });
    const run = await foo.ended(await foo.start(await argumentsOf(request)));
    expect(run.ErrorMessage).toBeUndefined();
    const data = await foo.read(request.requestId, 'data.parquet');
    const rows = await parquetReadObjects({ file: Uint8Array.from(data).buffer });
    expect(rows).toEqual(
      names.map((name, at) => ({
        customer_id: `c${at + 1}`,
        name,
        email: `foo${at + 1}@example.com`,
        created_at: new Date('1997-01-01T10:00:00.25Z'),
      })),
    );
  });

  test('for XGBoost: no header, numbers alone', async () => {
    const request = asked({
      dataset: 'churn_training',
      format: 'xgboost',
      policyVersion: 1,
      asOf: '2026-03-01T00:00:00.000Z',
      columns: [column('churned', 'int'), column('frequency', 'int'), column('monetary_mean', 'float')],
    });
    const run = await foo.ended(await foo.start(await argumentsOf(request)));
    expect(run.ErrorMessage).toBeUndefined();
    expect((await foo.read(request.requestId, 'data.csv')).toString()).toBe('1,2,3.25\n0,1,4.5\n');
    const texts = await foo.ended(await foo.start(await argumentsOf(asked({ format: 'xgboost' }))));
    expect(texts.ErrorMessage).toMatch(/does not offer what the request asks for/);
  });

  test.each(['csv', 'parquet'] as const)(
    'of more rows than the policy allows is none: %s',
    async (format) => {
      const tickets = (more: Partial<AskedExtract>) =>
        asked({ dataset: 'tickets', columns: [column('ticket_id')], format, ...more });
      const version = { csv: 2, parquet: 4 }[format];
      // An override of the tenant: three tickets are too many for it, and not for its next version.
      const override = (at: number, limit: number) =>
        asControl(postgres.portalUrl, (client) =>
          client.query(
            `INSERT INTO extract_policy (dataset, version, tenant_id, columns, row_limit, created_by)
           VALUES ('tickets', $1, 'foo', '{"ticket_id": "none"}', $2, 'A test')`,
            [at, limit],
          ),
        );
      await override(version, 2);
      await replicated();
      const refused = tickets({ policyVersion: version });
      const run = await foo.ended(await foo.start(await argumentsOf(refused)));
      expect(run.ErrorMessage).toBe('The extract has more rows than its policy allows: 2 at most.');
      const { objects, uploads } = await foo.left();
      expect([...objects, ...uploads].filter((key) => key.includes(refused.requestId))).toEqual([]);
      await override(version + 1, 3);
      await replicated();
      const allowed = tickets({ policyVersion: version + 1 });
      expect(await foo.ended(await foo.start(await argumentsOf(allowed)))).toMatchObject({
        JobRunState: 'SUCCEEDED',
      });
      const manifest = JSON.parse((await foo.read(allowed.requestId, 'manifest.json')).toString());
      expect(manifest).toMatchObject({ rows: 3, policyVersion: version + 1 });
    },
  );

  test.each(['csv', 'parquet'] as const)('of no rows is whole too: %s', async (format) => {
    const request = asked({ format, range: { from: '2200-01-01T00:00:00.000Z', before: null } });
    const run = await foo.ended(await foo.start(await argumentsOf(request)));
    expect(run.JobRunState).toBe('SUCCEEDED');
    const manifest = JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString());
    expect(manifest.rows).toBe(0);
  });

  test('again under the same id replaces what was there', async () => {
    const request = asked();
    await foo.ended(await foo.start(await argumentsOf(request)));
    const again = { ...request, format: 'parquet' as const };
    await foo.ended(await foo.start(await argumentsOf(again)));
    const { objects } = await foo.left();
    expect(objects.filter((key) => key.includes(request.requestId))).toEqual([
      `extracts/${request.requestId}/data.parquet`,
      `extracts/${request.requestId}/manifest.json`,
    ]);
  });
});

// Attack 1 of this layer alone: whatever a session of `bar` starts, foo's rows reach nobody.
describe('isolation', () => {
  let bar: ExtractBench;
  beforeAll(async () => {
    bar = await extractBench(aws, 'bar', barAccountId);
  });
  const nothingOfFoo = async (given: Record<string, string>) => {
    const before = await foo.left();
    const outcome = await bar
      .start(given)
      .then((id) => bar.ended(id))
      .then(
        ({ JobRunState }) => JobRunState,
        () => 'REFUSED',
      );
    expect(await foo.left()).toEqual(before);
    for (const key of (await bar.left()).objects) {
      const [, requestId = '', file = ''] = key.split('/');
      expect((await bar.read(requestId, file)).toString()).not.toContain('foo');
    }
    return outcome;
  };
  const ordered = (given: Partial<AskedExtract> = {}) => argumentsOf(asked({ tenantId: 'bar', ...given }));
  const takeover = `WITH foo AS MATERIALIZED (SELECT set_config('app.tenant_id', 'foo', true), set_config('role', 'annex_tenant', true))
    SELECT name FROM foo, crm.customer`;
  const injected = `x' || set_config('app.tenant_id', 'foo', true) || '`;
  const changed = (given: Record<string, string>, change: object) => ({
    ...given,
    '--manifest': JSON.stringify({ ...JSON.parse(given['--manifest'] ?? ''), ...change }),
  });

  test('a free statement is not read', async () => {
    const given = { ...(await ordered()), '--statement': takeover, '--values': '[]' };
    expect(await nothingOfFoo(given)).toBe('SUCCEEDED');
  });

  test('neither is a place to write to', async () => {
    const given = {
      ...(await ordered()),
      '--role_arn': `arn:aws:iam::${accountId}:role/annex-tenant`,
      '--bucket': tenantBucket('foo', accountId),
      '--prefix': '',
    };
    expect(await nothingOfFoo(given)).toBe('SUCCEEDED');
  });

  test('an order of foo, copied from the list of runs, is refused', async () => {
    expect(await nothingOfFoo(await argumentsOf(asked()))).toBe('REFUSED');
    expect(await nothingOfFoo({ ...(await argumentsOf(asked())), '--tenant_id': 'bar' })).toBe('FAILED');
  });

  test('an order that bar did not seal is refused, even where AWS lets it start', async () => {
    const started = async (given: Record<string, string>) => {
      const job = await jobIdentity();
      const signal = new AbortController().signal;
      return runExtract({ arguments: given, job, replicaUrl: postgres.jobUrl, signal });
    };
    const before = await foo.left();
    const own = await ordered();
    const asFoo = { ...changed(own, { tenant: 'foo' }), '--tenant_id': 'foo' };
    await expect(started(asFoo)).rejects.toMatchObject({
      reason: expect.stringMatching(/does not bear the seal/),
    });
    const { '--manifest': _, ...rest } = asFoo;
    await expect(started({ ...rest, '--manifest': own['--manifest'] ?? '' })).rejects.toMatchObject({
      reason: expect.stringMatching(/can’t read these arguments: --tenant_id/),
    });
    expect(await foo.left()).toEqual(before);
  });

  test.each([
    ['tenant', { tenant: injected }],
    ['dataset', { dataset: takeover }],
    ['column', { columns: [{ name: injected, type: 'text', mask: 'none' }] }],
    ['mask', { columns: [{ name: 'name', type: 'text', mask: injected }] }],
    ['format', { format: injected }],
    ['range', { range: { from: injected, before: null } }],
    ['date', { asOf: injected }],
    ['policy', { policyVersion: injected }],
  ])('SQL inside the %s is refused', async (_, change) => {
    expect(await nothingOfFoo(changed(await ordered(), change))).toBe('FAILED');
  });

  test('SQL in a value, even sealed by bar, stays a value', async () => {
    const given = await argumentsOf({
      ...asked({ tenantId: 'bar' }),
      range: { from: injected, before: null },
    });
    expect(await nothingOfFoo(given)).toBe('FAILED');
  });

  test('an order of another policy than the one in force is refused', async () => {
    const run = await foo.ended(await foo.start(await argumentsOf(asked({ policyVersion: 1 }))));
    expect(run.ErrorMessage).toMatch(/policy changed before the run started/);
  });

  test('a session starts runs for its own tenant alone', async () => {
    const forBar = await argumentsOf(asked({ tenantId: 'bar' }));
    await expect(foo.start(forBar)).rejects.toThrow(/not authorized to perform: glue:StartJobRun/);
  });

  test('the login of the job reads nothing without an order, whatever it sets', async () => {
    const client = new pg.Client({ connectionString: postgres.jobUrl });
    await client.connect();
    try {
      const { rows } = await client.query(takeover.replace(`, set_config('role', 'annex_tenant', true)`, ''));
      expect(rows).toEqual([]);
      await expect(client.query(takeover)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  });
});

async function jobIdentity() {
  const roles = aws.standIn.services.sts;
  const keys = await roles.assumeForService(gluePrincipal, extractJobRoleArn, 'test');
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  return {
    endpoint: aws.origin,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, sessionToken },
  };
}
