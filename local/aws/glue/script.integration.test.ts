import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractJobRoleArn, siloRoleArn } from '@/local/aws-names';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { gluePrincipal } from '../iam/policies';
import { type ExtractBench, extractArguments, extractBench } from '../testing/extract-bench';
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
  const file = join(folder, 'annex_extract.py');
  const { status, stderr } = spawnSync(python, ['-c', compile, file, join(scratch, 'x.pyc')]);
  await rm(scratch, { recursive: true });
  expect([status, stderr.toString()]).toEqual([0, '']);
});

/** The script with libraries that only know what errors are theirs, and S3 as `calls`. */
const unaided = `
import json, os, sys
from unittest.mock import MagicMock
for name in ["boto3", "awsglue", "awsglue.utils", "botocore", "botocore.exceptions", "psycopg", "pyarrow"]:
    sys.modules[name] = MagicMock()
for name in ["pyarrow.csv", "pyarrow.parquet"]:
    sys.modules[name] = getattr(sys.modules["pyarrow"], name[8:])
kinds = {name: type(name, (Exception,), {}) for name in ["ClientError", "Error", "ArrowException"]}
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
annex_extract.put_manifest(s3, {"bucket": "b", "prefix": "p/", "manifest": "{}"}, {"revision": 1}, "data.csv", 1, upload)
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

test('takes the arguments that the portal sends, and explains each', async () => {
  const script = await readFile(join(folder, 'annex_extract.py'), 'utf8');
  const readme = await readFile(join(folder, 'README.md'), 'utf8');
  const listed = /ARGUMENTS = \[([^\]]*)\]/.exec(script)?.[1] ?? '';
  const sent = Object.keys(
    extractArguments({ tenantId: 'foo', accountId: '2', requestId: ulid(), statement: 's', columns: [] }),
  );
  const names = [...listed.matchAll(/"(\w+)"/g)].map(([, name]) => `--${name}`);
  expect([...names].sort()).toEqual([...sent, '--replica_secret'].sort());
  for (const name of names) expect(readme).toContain(`\`${name}\``);
});

describe.skipIf(!hasLibraries)('where its libraries are', () => {
  const accountId = '222222222222';
  const columns = [
    { name: 'id', type: 'int' },
    { name: 'name', type: 'text' },
    { name: 'half', type: 'float' },
    { name: 'at', type: 'timestamp' },
    { name: 'day', type: 'date' },
  ];
  const statement = `SELECT n AS id, CASE n WHEN 1 THEN $2 WHEN 2 THEN '' END AS name, n * 0.5::float8 AS half,
      $3 + n * interval '1 hour' AS at, $4 + 0 AS day FROM generate_series(1, $1) AS n`;
  const valuesOf = (rows: number) => [
    { type: 'int', value: String(rows) },
    { type: 'text', value: 'O\'Brien, "x"\n\\🦊' },
    { type: 'timestamptz', value: '1997-01-01T10:00:00.25Z' },
    { type: 'date', value: '1997-01-01' },
  ];
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
      REPLICA_URL: postgres.portalUrl,
    };
    const args = Object.entries({ ...given, '--replica_secret': 'x' }).flat();
    await runTool(python, ['-c', bootstrap, ...args], env);
  };

  beforeAll(async () => {
    postgres = await createTestDatabase();
    aws = await startTestAws({ replicaUrl: postgres.portalUrl });
    await aws.vend('foo', accountId);
    foo = await extractBench(aws, 'foo', accountId);
  });
  afterAll(async () => {
    await aws?.stop();
    await postgres?.stop();
  });

  const asked = (format: 'csv' | 'xgboost' | 'parquet', rows: number) =>
    extractArguments({
      tenantId: 'foo',
      accountId,
      requestId: ulid(),
      statement: format === 'xgboost' ? 'SELECT n AS id FROM generate_series(1, $1) AS n' : statement,
      values: valuesOf(rows),
      columns: format === 'xgboost' ? columns.slice(0, 1) : columns,
      format,
    });

  test.each([
    ['csv', 3],
    ['csv', 0],
    ['xgboost', 3],
    ['parquet', 3],
    ['parquet', 0],
  ] as const)('does what the stand-in does: %s of %i rows', async (format, rows) => {
    const file = format === 'parquet' ? 'data.parquet' : 'data.csv';
    const here = asked(format, rows);
    const there = asked(format, rows);
    await Promise.all([execute(here), foo.ended(await foo.start(there))]);
    const read = async (given: Record<string, string>) => {
      const data = await foo.read(given['--request_id'] ?? '', file);
      const manifest = JSON.parse((await foo.read(given['--request_id'] ?? '', 'manifest.json')).toString());
      expect(manifest).toMatchObject({
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

  test('is refused another tenant, and leaves nothing of a run that fails', async () => {
    const other = { ...asked('csv', 1), '--role_arn': siloRoleArn('333333333333') };
    await expect(execute(other)).rejects.toThrow(/AWS denied AssumeRole for the tenant \(AccessDenied\)/);
    await expect(execute({ ...asked('csv', 1), '--watermark': '9' })).rejects.toThrow(
      /The replica did not catch up with the CRM within 1 s/,
    );
    const broken: Record<string, string> = {
      ...asked('csv', 1),
      '--statement': 'SELECT 1 / ($1 - 1) AS id FROM generate_series(1, 2)',
    };
    await expect(execute({ ...broken, '--columns': JSON.stringify(columns.slice(0, 1)) })).rejects.toThrow(
      /The replica rejected or lost the query \(22012\)/,
    );
    const { objects, uploads } = await foo.left();
    expect([...objects, ...uploads].filter((key) => key.includes(broken['--request_id'] ?? ''))).toEqual([]);
  });
});
