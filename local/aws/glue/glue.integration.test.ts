import { createHash } from 'node:crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { parquetReadObjects } from 'hyparquet';
import pg from 'pg';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tenantBucket } from '@/local/aws-names';
import { asControl, asTenant } from '@/local/database';
import { startTestPostgres, type TestPostgres } from '@/local/testing/postgres';
import {
  type AskedExtract,
  type ExtractBench,
  extractArguments,
  extractBench,
} from '../testing/extract-bench';
import { s3Client, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

const accountId = '222222222222';
const barAccountId = '333333333333';

let postgres: TestPostgres;
let aws: TestAws;
let foo: ExtractBench;

const columns = [
  { name: 'id', type: 'text' },
  { name: 'name', type: 'text' },
  { name: 'email', type: 'text' },
  { name: 'created_at', type: 'timestamp' },
];
const statement = 'SELECT id, name, email, created_at FROM crm.customer WHERE tenant_id = $1 ORDER BY id';
const values = [{ type: 'text', value: 'foo' }];
const numbers = 'SELECT n AS label, n * 0.5::float8 AS half FROM generate_series(1, $1) AS n';
const numberColumns = [
  { name: 'label', type: 'int' },
  { name: 'half', type: 'float' },
];

/** Names as people have them, and worse. */
const names = ['Ann "the" Fan, née Ō\'Brien', 'zeile\nzwei\\t\t🦊', '', null];

const asked = (given: Partial<AskedExtract> = {}): AskedExtract => ({
  tenantId: 'foo',
  accountId,
  requestId: ulid(),
  statement,
  values,
  columns,
  ...given,
});

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
  aws = await startTestAws({ replicaUrl: postgres.standbyUrl });
  for (const [tenantId, account] of [
    ['foo', accountId],
    ['bar', barAccountId],
  ] as const) {
    await aws.vend(tenantId, account);
    await asControl(postgres.portalUrl, (client) =>
      client.query(`INSERT INTO tenant (id, name) VALUES ($1, $1)`, [tenantId]),
    );
    await asTenant(postgres.portalUrl, tenantId, (client) =>
      client.query(
        `INSERT INTO crm.customer (tenant_id, id, name, email, created_at)
         SELECT $1, 'c' || n, name, $1 || n || '@example.com', '1997-01-01T10:00:00.25Z'
         FROM unnest($2::text[]) WITH ORDINALITY AS given (name, n)`,
        [tenantId, names],
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
    const request = asked({ manifest: { policyVersion: 3 } });
    const run = await foo.ended(await foo.start(extractArguments(request)));
    expect(run).toMatchObject({ JobRunState: 'SUCCEEDED', JobName: 'annex-extract' });
    expect(run.CompletedOn?.getTime()).toBeGreaterThanOrEqual(run.StartedOn?.getTime() ?? Number.NaN);
    const data = await foo.read(request.requestId, 'data.csv');
    expect(data.toString()).toBe(
      [
        'id,name,email,created_at',
        'c1,"Ann ""the"" Fan, née Ō\'Brien",foo1@example.com,1997-01-01 10:00:00.25+00',
        'c2,"zeile\nzwei\\t\t🦊",foo2@example.com,1997-01-01 10:00:00.25+00',
        'c3,"",foo3@example.com,1997-01-01 10:00:00.25+00',
        'c4,,foo4@example.com,1997-01-01 10:00:00.25+00',
        '',
      ].join('\n'),
    );
    const manifest = JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString());
    expect(manifest).toEqual({
      policyVersion: 3,
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
    const request = asked({
      format: 'parquet',
      statement: `SELECT id, name, 9007199254740993 AS big, 0.1::float8 AS part, created_at, created_at::date AS day
                  FROM crm.customer WHERE tenant_id = $1 ORDER BY id`,
      columns: [
        { name: 'id', type: 'text' },
        { name: 'name', type: 'text' },
        { name: 'big', type: 'int' },
        { name: 'part', type: 'float' },
        { name: 'created_at', type: 'timestamp' },
        { name: 'day', type: 'date' },
      ],
    });
    const run = await foo.ended(await foo.start(extractArguments(request)));
    expect(run.ErrorMessage).toBeUndefined();
    const data = await foo.read(request.requestId, 'data.parquet');
    const rows = await parquetReadObjects({ file: Uint8Array.from(data).buffer });
    expect(rows).toEqual(
      names.map((name, at) => ({
        id: `c${at + 1}`,
        name,
        big: 9007199254740993n,
        part: 0.1,
        created_at: new Date('1997-01-01T10:00:00.25Z'),
        day: new Date('1997-01-01T00:00:00Z'),
      })),
    );
  });

  test('for XGBoost: no header, numbers alone', async () => {
    const request = asked({
      format: 'xgboost',
      statement: numbers,
      values: [{ type: 'int', value: '3' }],
      columns: numberColumns,
    });
    await foo.ended(await foo.start(extractArguments(request)));
    expect((await foo.read(request.requestId, 'data.csv')).toString()).toBe('1,0.5\n2,1\n3,1.5\n');
    const texts = await foo.ended(await foo.start(extractArguments(asked({ format: 'xgboost' }))));
    expect(texts.ErrorMessage).toMatch(/allows only numbers, but the column id is text/);
  });

  test.each(['csv', 'parquet'] as const)('of no rows is whole too: %s', async (format) => {
    const request = asked({ format, values: [{ type: 'text', value: 'nobody' }] });
    const run = await foo.ended(await foo.start(extractArguments(request)));
    expect(run.JobRunState).toBe('SUCCEEDED');
    const manifest = JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString());
    expect(manifest.rows).toBe(0);
  });

  test('binds values of every type, and NULL', async () => {
    const request = asked({
      statement: `SELECT $1 AS t, $2 AS i, $3 AS f, $4 AS ts, $5 AS d, $6::text AS b, $7 IS NULL AS n, '$1' AS kept`,
      values: [
        { type: 'text', value: "'); DROP TABLE x; -- \\" },
        { type: 'int', value: '-9007199254740993' },
        { type: 'float', value: '1.5e-3' },
        { type: 'timestamptz', value: '2024-02-29T12:00:00+02:00' },
        { type: 'date', value: '2024-02-29' },
        { type: 'bool', value: 'true' },
        { type: 'int', value: null },
      ],
      columns: ['t', 'i', 'f', 'ts', 'd', 'b', 'n', 'kept'].map((name) => ({ name, type: 'text' })),
    });
    const run = await foo.ended(await foo.start(extractArguments(request)));
    expect(run.ErrorMessage).toBeUndefined();
    const [, row] = (await foo.read(request.requestId, 'data.csv')).toString().split('\n');
    expect(row).toBe(
      `'); DROP TABLE x; -- \\,-9007199254740993,0.0015,2024-02-29 10:00:00+00,2024-02-29,true,t,$1`,
    );
  });

  test('again under the same id replaces what was there', async () => {
    const request = asked();
    await foo.ended(await foo.start(extractArguments(request)));
    const again = { ...request, format: 'parquet' as const };
    await foo.ended(await foo.start(extractArguments(again)));
    const { objects } = await foo.left();
    expect(objects.filter((key) => key.includes(request.requestId))).toEqual([
      `extracts/${request.requestId}/data.parquet`,
      `extracts/${request.requestId}/manifest.json`,
    ]);
  });
});

describe('isolation', () => {
  test("another tenant's statement finds no rows", async () => {
    const request = asked({ values: [{ type: 'text', value: 'bar' }] });
    await foo.ended(await foo.start(extractArguments(request)));
    const manifest = JSON.parse((await foo.read(request.requestId, 'manifest.json')).toString());
    expect(manifest.rows).toBe(0);
  });

  test('the statement reads, and nothing else', async () => {
    const request = asked({
      statement: `WITH gone AS (DELETE FROM crm.customer RETURNING id) SELECT id FROM gone`,
      values: [],
      columns: [{ name: 'id', type: 'text' }],
    });
    const run = await foo.ended(await foo.start(extractArguments(request)));
    expect(run.ErrorMessage).toMatch(/The replica rejected the query/);
  });

  test('a session starts runs for its own tenant alone', async () => {
    const forBar = extractArguments(asked({ tenantId: 'bar', accountId: barAccountId }));
    await expect(foo.start(forBar)).rejects.toThrow(/not authorized to perform: glue:StartJobRun/);
  });

  test.each([
    ['role', { '--role_arn': `arn:aws:iam::${barAccountId}:role/annex-tenant` }, /does not trust the job/],
    ['external id', { '--external_id': 'annex-bar' }, /does not trust the job/],
    ['bucket', { '--bucket': tenantBucket('bar', barAccountId) }, /S3 denied .*annex-bar/],
    ['place', { '--prefix': 'extracts/' }, /can’t read these arguments: --prefix/],
  ])("another tenant's %s is refused", async (_, other, reason) => {
    const run = await foo.ended(await foo.start({ ...extractArguments(asked()), ...other }));
    expect(run.JobRunState).toBe('FAILED');
    expect(run.ErrorMessage).toMatch(reason);
    const bar = await extractBench(aws, 'bar', barAccountId);
    expect(await bar.left()).toEqual({ objects: [], uploads: [] });
    await expect(bar.run(run.Id ?? '')).rejects.toThrow(/not found/);
  });
});
