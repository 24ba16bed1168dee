import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAnnexError } from '@/lib/errors';
import { horizonDays } from '../time';
import { datasets } from './datasets';
import { maskingOf } from './masking';
import { columnTypes, datasetNames, extractFormats, masks } from './ports';
import { extractQuery, type QueryRequest } from './query';
import { parameters, parameterTypes, sources } from './sources';

// The job that production runs is Python. It builds its statement from data made here, and must build the same one.
const folder = join(import.meta.dirname, '..', '..', '..', 'infra', 'glue');
const python = process.env.ANNEX_PYTHON ?? 'python3';
const hasPython = spawnSync(python, ['--version']).status === 0;

const catalog = {
  horizonDays,
  parameters: parameters.map((name) => [name, parameterTypes[name]]),
  masks: Object.fromEntries(
    columnTypes.map((type) => [
      type,
      Object.fromEntries(
        masks.flatMap((mask) => {
          const masking = maskingOf(type, mask);
          return masking ? [[mask, { type: masking.type, sql: masking.sql('{value}') }]] : [];
        }),
      ),
    ]),
  ),
  datasets: Object.fromEntries(
    datasetNames.map((name) => {
      const { formats, dated, target, columns, asOf } = datasets[name];
      const { from, where, key, columns: expressions } = sources[name];
      return [
        name,
        {
          formats,
          columns: columns.map((column) => ({
            name: column.name,
            type: column.type,
            sql: expressions[column.name],
          })),
          dated,
          target,
          takesDate: asOf !== 'none',
          from,
          where,
          key,
        },
      ];
    }),
  ),
};

/** Updated by `npx vitest run -u --project unit lib/domain/extracts/job-statement.test.ts`. */
test('datasets.json of the job is made from the domain’s own SQL', async () => {
  await expect(`${JSON.stringify(catalog, null, 2)}\n`).toMatchFileSnapshot(join(folder, 'datasets.json'));
});

const names = [...new Set(datasetNames.flatMap((name) => datasets[name].columns.map((each) => each.name)))];
const day = fc.option(
  fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2200-12-31') }),
);
const requests: fc.Arbitrary<QueryRequest> = fc
  .record({
    dataset: fc.constantFrom(...datasetNames),
    format: fc.constantFrom(...extractFormats),
    columns: fc.uniqueArray(
      fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...names) }, fc.constant('salt')),
    ),
    masked: fc.dictionary(fc.constantFrom(...names), fc.constantFrom('none', ...masks), {
      maxKeys: names.length,
    }),
    open: fc.boolean(),
    rowLimit: fc.option(fc.integer({ min: 1, max: 2_000_000_000 })),
    range: fc.record({ from: day, before: day }),
    asOf: fc.oneof(
      {
        weight: 9,
        arbitrary: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
      },
      day,
    ),
  })
  .map(({ masked, open, dataset, columns, asOf, rowLimit, ...rest }) => {
    const all = Object.fromEntries(datasets[dataset].columns.map(({ name }) => [name, 'none'] as const));
    return {
      ...rest,
      dataset,
      // Mostly columns that the dataset has, so that most requests get a statement.
      columns: open ? Object.keys(all).filter((name) => !columns.includes(name)) : columns,
      tenantId: 'foo',
      asOf: datasets[dataset].asOf === 'none' ? null : asOf,
      policy: {
        dataset,
        version: 1,
        columns: open ? { ...all, ...masked } : masked,
        rowLimit,
        createdAt: new Date(0),
        createdBy: 'a property',
      },
    };
  });

/** What the manifest of a request says, and the policy. */
const given = ({ tenantId, dataset, format, columns, range, asOf, policy }: QueryRequest) => ({
  order: {
    tenant: tenantId,
    dataset,
    format,
    columns: columns?.map((name) => ({ name })),
    range: { from: range.from?.toISOString() ?? null, before: range.before?.toISOString() ?? null },
    asOf: asOf?.toISOString() ?? null,
  },
  policy: policy.columns,
  rowLimit: policy.rowLimit,
});

const compare = `
import json, sys
sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import annex_statement
catalog = annex_statement.load()
def built(case):
    try:
        return annex_statement.extract_statement(catalog, case["order"], case["policy"], case.get("rowLimit"))
    except annex_statement.Refused:
        return None
json.dump([built(case) for case in json.load(sys.stdin)], sys.stdout)
`;

const builtByJob = (cases: readonly object[]): unknown[] => {
  const { stdout, stderr } = spawnSync(python, ['-c', compare, folder], {
    input: JSON.stringify(cases),
    maxBuffer: 1 << 28,
  });
  expect(stderr.toString()).toBe('');
  return JSON.parse(stdout.toString());
};

test.skipIf(!hasPython)('the job builds the statement that the preview showed, or refuses as it does', () => {
  const cases = fc.sample(requests, 600);
  const ours = cases.map((request) => {
    try {
      return extractQuery(request);
    } catch (error) {
      if (isAnnexError(error, 'invalid')) return null;
      throw error;
    }
  });
  expect(ours.filter((query) => query !== null).length).toBeGreaterThan(100);
  expect(ours.filter((query) => query === null).length).toBeGreaterThan(20);
  const theirs = builtByJob(cases.map(given));
  for (const [at, query] of ours.entries()) expect([cases[at], theirs[at]]).toEqual([cases[at], query]);
});

test.skipIf(!hasPython)('no part of a request becomes part of the job’s statement', () => {
  const attack = "foo', set_config('app.tenant_id', 'bar', true)) --";
  const all = Object.fromEntries(datasets.customers.columns.map(({ name }) => [name, 'none']));
  const honest = {
    tenant: 'foo',
    dataset: 'customers',
    format: 'csv',
    columns: [{ name: 'name' }],
    range: { from: null, before: null },
    asOf: null,
  };
  const attacks = [
    { tenant: attack },
    { dataset: attack },
    { format: attack },
    { columns: [{ name: attack }] },
    { columns: attack },
    { range: { from: attack, before: null } },
    { range: attack },
    { asOf: attack },
  ];
  const [statement, ...refused] = builtByJob([
    { order: honest, policy: all },
    ...attacks.map((change) => ({ order: { ...honest, ...change }, policy: all })),
  ]);
  expect(statement).not.toBeNull();
  expect(refused).toEqual(attacks.map(() => null));
});
