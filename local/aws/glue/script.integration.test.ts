import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DatasetName, ExtractFormat } from '@/lib/domain/extracts/ports';
import { awsNames, extractJobRoleArn } from '@/local/aws-names';
import { asControl, asTenant } from '@/local/database';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { gluePrincipal } from '../iam/policies';
import {
  type AskedExtract,
  addTenant,
  column,
  type ExtractBench,
  extractArguments,
  extractBench,
} from '../testing/extract-bench';
import { runTool, startTestAws, type TestAws, toolEnvironment } from '../testing/test-aws';

// The job that production runs. Glue itself is not here: what it would give the script stands in `bootstrap`.
const folder = join(import.meta.dirname, '..', '..', '..', 'infra', 'glue');
const python = process.env.ANNEX_PYTHON ?? 'python3';
const runs = (...args: string[]): boolean => spawnSync(python, args).status === 0;
const hasPython = runs('--version');
const hasLibraries = hasPython && runs('-c', 'import boto3, psycopg, pyarrow.csv, pyarrow.parquet');
if (!hasLibraries) {
  console.warn(`Most tests of the production script are skipped: ${python} lacks boto3, psycopg or pyarrow.`);
}

const bootstrap = `
import os, sys, types
utils = types.ModuleType("awsglue.utils")
utils.getResolvedOptions = lambda argv, names: {n: dict(zip(argv[1::2], argv[2::2]))["--" + n] for n in names}
sys.modules.update({"awsglue": types.ModuleType("awsglue"), "awsglue.utils": utils})
sys.dont_write_bytecode = True
sys.path.insert(0, os.environ["SCRIPT_FOLDER"])
import psycopg, annex_extract
annex_extract.connect = lambda _: psycopg.connect(os.environ["REPLICA_URL"])
annex_extract.CATCH_UP_SECONDS = 1
annex_extract.main()
`;

test.skipIf(!hasPython)('is Python', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'annex-glue-'));
  const compile = `import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], doraise=True)`;
  for (const name of ['annex_extract.py', 'annex_statement.py']) {
    const { status, stderr } = spawnSync(python, ['-c', compile, join(folder, name), join(scratch, 'x.pyc')]);
    expect([status, stderr.toString()]).toEqual([0, '']);
  }
  await rm(scratch, { recursive: true });
});

/** The script with libraries that only know what errors are theirs, and S3 as `calls`. */
const unaided = `
import json, os, sys
from unittest.mock import MagicMock
for name in ["boto3", "awsglue", "awsglue.utils", "botocore", "botocore.exceptions", "psycopg", "pyarrow"]:
    sys.modules[name] = MagicMock()
for name in ["pyarrow.csv", "pyarrow.parquet"]:
    sys.modules[name] = getattr(sys.modules["pyarrow"], name[8:])
kinds = {name: type(name, (Exception,), {"sqlstate": None}) for name in ["ClientError", "Error", "ArrowException"]}
class OperationalError(kinds["Error"]): pass
sys.modules["psycopg"].OperationalError = OperationalError
sys.modules["botocore.exceptions"].ClientError = kinds["ClientError"]
sys.modules["psycopg"].Error = kinds["Error"]
sys.modules["psycopg"].errors.SerializationFailure = type("SerializationFailure", (kinds["Error"],), {})
sys.modules["psycopg"].errors.QueryCanceled = type("QueryCanceled", (kinds["Error"],), {})
sys.modules["pyarrow"].ArrowException = kinds["ArrowException"]
sys.dont_write_bytecode = True
sys.path.insert(0, os.environ["SCRIPT_FOLDER"])
import annex_extract
`;

const unaidedRun = (code: string) =>
  spawnSync(python, ['-c', `${unaided}\n${code}`], { env: { ...process.env, SCRIPT_FOLDER: folder } });

test.skipIf(!hasPython)('writes no manifest where one is, and names the upload in it', () => {
  const { stdout, stderr } = unaidedRun(`
s3 = MagicMock()
s3.complete_multipart_upload.return_value = {"ETag": '"abc-1"'}
upload = annex_extract.Upload(s3, "b", "k", "text/csv")
upload.complete()
annex_extract.put_manifest(s3, "b", "p/", {}, {"revision": 1}, "data.csv", 1, upload)
put = s3.put_object.call_args.kwargs
print(json.dumps([put["IfNoneMatch"], json.loads(put["Body"])["etag"]]))`);
  expect(stderr.toString()).toBe('');
  expect(JSON.parse(stdout.toString())).toEqual(['*', 'abc-1']);
});

test.skipIf(!hasPython)('says of an error of Arrow what kind it is, and not what it quotes', () => {
  const { stderr } = unaidedRun(`
class ArrowInvalid(kinds["ArrowException"]): pass
def extract(_): raise ArrowInvalid("conversion error: 'Ada Lovelace'")
annex_extract.extract = extract
annex_extract.main()`);
  expect(stderr.toString()).toContain('The rows could not be written as Parquet (ArrowInvalid).');
  expect(stderr.toString()).not.toContain('Ada');
});

test.skipIf(!hasPython)(
  'begins again while the replica is away, and then says so by the kind of its error',
  () => {
    const { stdout, stderr } = unaidedRun(`
annex_extract.PAUSE_SECONDS = 0
def failing(times, sqlstate):
    runs = []
    def extract(_):
        runs.append(1)
        if len(runs) <= times:
            error = OperationalError("FATAL: the database system is starting up")
            error.sqlstate = sqlstate
            raise error
    annex_extract.extract = extract
    annex_extract.extract_when_possible({})
    return len(runs)
print(json.dumps([failing(3, code) for code in ["57P01", "57P03", "08006", "53300", None]]))
annex_extract.AWAY_SECONDS = 0
code = "57P03"
def extract(_):
    error = OperationalError()
    error.sqlstate = code
    raise error
annex_extract.extract = extract
annex_extract.main()`);
    expect(JSON.parse(stdout.toString())).toEqual([4, 4, 4, 4, 4]);
    expect(stderr.toString()).toContain('ReplicaUnavailable: The replica does not respond (57P03).');
  },
);

test('takes the arguments that the portal sends, and explains each', async () => {
  const script = await readFile(join(folder, 'annex_extract.py'), 'utf8');
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const runner = await readFile(join(folder, '../../lib/aws/extracts/extract-runner.ts'), 'utf8');
  const listed = /ARGUMENTS = \[([^\]]*)\]/.exec(script)?.[1] ?? '';
  const sent = [...runner.matchAll(/'(--\w+)': /g)].map(([, name]) => name);
  const names = [...listed.matchAll(/"(\w+)"/g)].map(([, name]) => `--${name}`);
  expect(sent).toHaveLength(5);
  expect([...names].sort()).toEqual([...sent, '--replica_secret', '--tenant_role'].sort());
  for (const name of names) expect(readme).toContain(`\`${name}\``);
});

describe.skipIf(!hasLibraries)('where its libraries are', () => {
  const accountId = '222222222222';
  let postgres: TestDatabase;
  let aws: TestAws;
  let foo: ExtractBench;

  const execute = async (given: Record<string, string>): Promise<void> => {
    const roles = aws.standIn.services.sts;
    const keys = await roles.assumeForService(gluePrincipal, extractJobRoleArn, 'test');
    const env = {
      ...toolEnvironment(aws, keys),
      // An address, so that the bucket stays out of the host.
      AWS_ENDPOINT_URL: aws.origin.replace('localhost', '127.0.0.1'),
      SCRIPT_FOLDER: folder,
      REPLICA_URL: postgres.jobUrl,
    };
    const args = Object.entries({
      ...given,
      '--replica_secret': 'x',
      '--tenant_role': awsNames.tenantRole,
    }).flat();
    await runTool(python, ['-c', bootstrap, ...args], env);
  };

  beforeAll(async () => {
    postgres = await createTestDatabase();
    await addTenant(postgres.portalUrl, 'foo', accountId, 3);
    await asTenant(postgres.portalUrl, 'foo', (client) =>
      client.query(
        `INSERT INTO crm.customer_order (tenant_id, customer_id, ordered_at, quantity, amount)
         SELECT 'foo', 'c' || n, '2026-01-01Z'::timestamptz + n * interval '1 hour', n, n * 1.5 FROM generate_series(1, 3) AS n`,
      ),
    );
    aws = await startTestAws({ replicaUrl: postgres.jobUrl });
    await aws.vend('foo', accountId);
    foo = await extractBench(aws, 'foo', accountId);
  });
  afterAll(async () => {
    await aws?.stop();
    await postgres?.stop();
  });

  const features = [
    column('customer_id'),
    column('recency_days', 'float'),
    column('frequency', 'int'),
    column('monetary_mean', 'float'),
  ];
  const asked = (
    dataset: DatasetName,
    format: ExtractFormat,
    rows: number,
    more: Partial<AskedExtract> = {},
  ) => {
    const columns = {
      customers: [column('customer_id'), column('email', 'text', 'hash'), column('created_at', 'timestamp')],
      orders: [column('customer_id'), column('ordered_at', 'timestamp'), column('amount', 'float')],
      tickets: [column('ticket_id')],
      churn_features: format === 'xgboost' ? features.slice(1) : features,
      churn_training: format === 'xgboost' ? [column('churned', 'int'), ...features.slice(1)] : features,
    }[dataset];
    return extractArguments(postgres.portalUrl, {
      tenantId: 'foo',
      requestId: ulid(),
      dataset,
      format,
      columns,
      range: { from: null, before: rows === 0 ? '1900-01-01T00:00:00.000Z' : null },
      ...(dataset.startsWith('churn') ? { asOf: '2026-03-01T00:00:00.000Z' } : {}),
      ...more,
    });
  };

  test.each([
    ['orders', 'csv', 3],
    ['orders', 'csv', 0],
    ['customers', 'csv', 3],
    ['churn_features', 'xgboost', 3],
    ['churn_training', 'xgboost', 3],
    ['churn_training', 'parquet', 3],
    ['orders', 'parquet', 3],
    ['orders', 'parquet', 0],
  ] as const)('does what the stand-in does: %s as %s, %i rows', async (dataset, format, rows) => {
    const file = format === 'parquet' ? 'data.parquet' : 'data.csv';
    const here = await asked(dataset, format, rows);
    const there = await asked(dataset, format, rows);
    await Promise.all([execute(here), foo.ended(await foo.start(there))]);
    const read = async (given: Record<string, string>) => {
      const data = await foo.read(given['--request_id'] ?? '', file);
      const manifest = JSON.parse((await foo.read(given['--request_id'] ?? '', 'manifest.json')).toString());
      expect(manifest).toMatchObject({
        dataset,
        snapshot: { revision: null, at: null },
        file,
        rows,
        bytes: data.length,
        sha256: createHash('sha256').update(data).digest('hex'),
        finishedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      });
      return format === 'parquet'
        ? parquetReadObjects({ file: Uint8Array.from(data).buffer })
        : data.toString();
    };
    expect(await read(here)).toEqual(await read(there));
  });

  test('follows the tenant’s override, and fails rather than write more rows than it allows', async () => {
    const override = (version: number, limit: number) =>
      asControl(postgres.portalUrl, (client) =>
        client.query(
          `INSERT INTO extract_policy (dataset, version, tenant_id, columns, row_limit, created_by)
           VALUES ('customers', $1, 'foo', '{"customer_id": "hash"}', $2, 'A test')`,
          [version, limit],
        ),
      );
    const columns = [column('customer_id', 'text', 'hash')];
    await override(2, 2);
    const refused = await asked('customers', 'csv', 3, { columns, policyVersion: 2 });
    await expect(execute(refused)).rejects.toThrow('more rows than its policy allows: 2 at most');
    await override(3, 3);
    const allowed = await asked('customers', 'csv', 3, { columns, policyVersion: 3 });
    await execute(allowed);
    const id = allowed['--request_id'] ?? '';
    expect((await foo.read(id, 'data.csv')).toString()).toMatch(/^customer_id\n([0-9a-f]{64}\n){3}$/);
    const { objects, uploads } = await foo.left();
    expect([...objects, ...uploads].filter((key) => key.includes(refused['--request_id'] ?? ''))).toEqual([]);
  });

  test('is refused another tenant, and leaves nothing of a run that fails', async () => {
    const own = await asked('orders', 'csv', 1);
    const manifest = JSON.stringify({ ...JSON.parse(own['--manifest'] ?? ''), tenant: 'bar' });
    await expect(execute({ ...own, '--tenant_id': 'bar' })).rejects.toThrow(/belongs to another request/);
    await expect(execute({ ...own, '--tenant_id': 'bar', '--manifest': manifest })).rejects.toThrow(
      /does not bear the seal of the tenant/,
    );
    await expect(execute(await asked('orders', 'csv', 1, { watermark: '9' }))).rejects.toThrow(
      /ReplicaUnavailable: The replica did not catch up with the CRM within 1 s/,
    );
    await expect(execute(await asked('orders', 'csv', 1, { policyVersion: 9 }))).rejects.toThrow(
      /policy changed before the run started/,
    );
    const { objects, uploads } = await foo.left();
    expect([...objects, ...uploads].filter((key) => key.includes(own['--request_id'] ?? ''))).toEqual([]);
  });
});
