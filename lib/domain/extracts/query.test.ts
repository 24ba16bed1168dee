import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnnexError } from '@/lib/errors';
import { policyOf } from '../testing/extract-world';
import { datasets } from './datasets';
import { maskingOf } from './masking';
import { datasetNames, type ExtractPolicy, extractFormats, type Mask, masks } from './ports';
import { extractQuery, type QueryRequest } from './query';

const asOf = new Date('2026-03-01');
const anywhen = { from: null, before: null };

const whole = (policy: ExtractPolicy, more: Partial<QueryRequest> = {}): QueryRequest => ({
  tenantId: 'foo',
  dataset: policy.dataset,
  format: 'csv',
  columns: null,
  range: anywhen,
  asOf: datasets[policy.dataset].asOf === 'none' ? null : asOf,
  policy,
  ...more,
});
const names = (request: QueryRequest) => extractQuery(request).columns.map(({ name }) => name);

const allNames = datasetNames.flatMap((name) => datasets[name].columns.map((column) => column.name));
const anyName = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...allNames) },
  fc.constantFrom('tenant_id', '*', 'salt', '__proto__', 'constructor', '"email"', 'email --', ''),
  fc.string(),
);
const requests = fc
  .record({
    dataset: fc.constantFrom(...datasetNames),
    format: fc.constantFrom(...extractFormats),
    columns: fc.option(fc.array(anyName, { maxLength: 6 })),
    columnMasks: fc.dictionary(anyName, fc.constantFrom(...masks)),
    rowLimit: fc.option(fc.integer({ min: 1, max: 2_000_000_000 })),
    from: fc.option(fc.date({ noInvalidDate: true })),
    before: fc.option(fc.date({ noInvalidDate: true })),
    tenantId: fc.string({ minLength: 1 }),
  })
  .map(
    ({ columnMasks, rowLimit, from, before, ...rest }): QueryRequest => ({
      ...rest,
      range: { from, before },
      asOf: datasets[rest.dataset].asOf === 'none' ? null : asOf,
      policy: {
        dataset: rest.dataset,
        version: 1,
        columns: columnMasks,
        rowLimit,
        createdAt: new Date(0),
        createdBy: 'a property',
      },
    }),
  );

describe('whatever the request and the policy', () => {
  it('only columns of the policy appear, each masked as the policy says', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const query = attempt(request);
        if (!query) return;
        for (const { name, mask, type } of query.columns) {
          const definition = datasets[request.dataset].columns.find((column) => column.name === name);
          expect(definition).toBeDefined();
          expect(Object.hasOwn(request.policy.columns, name)).toBe(true);
          expect(mask).toBe(request.policy.columns[name]);
          expect(mask).not.toBe('drop');
          if (definition) expect(maskingOf(definition.type, mask)?.type).toBe(type);
          if (request.format === 'xgboost') expect(['int', 'float']).toContain(type);
        }
        expect(new Set(query.columns.map(({ name }) => name)).size).toBe(query.columns.length);
        expect(query.columns.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('rows are filtered and sorted only by the masked values of columns', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const query = attempt(request);
        const all = attempt({ ...request, format: 'csv', columns: null });
        if (!query || !all) return;
        const comesOut = expressionsOf(all.statement);
        const { where, order } = clausesOf(query.statement);
        for (const expression of order) expect([...comesOut.values()]).toContain(expression);
        const [tenant, ...bounds] = where;
        if (datasets[request.dataset].asOf !== 'none') expect(where).toEqual([]);
        else expect(tenant).toBe('source.tenant_id = $1::text');
        for (const bound of bounds) {
          const [, narrowed = '', bare] = /^(.+) (?:>=|<) (\$\d+)::timestamptz$/.exec(bound) ?? [];
          expect(bare).toBeDefined();
          const open = all.columns
            .filter(({ mask }) => mask === 'none')
            .map(({ name }) => comesOut.get(name));
          expect(open).toContain(narrowed);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('a person’s input is never part of the statement, only bound to it', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const tenantId = `tenant-${request.tenantId}';--`;
        const query = attempt({ ...request, tenantId });
        if (!query) return;
        expect(query.statement).not.toContain(tenantId);
        expect(query.values[0]).toEqual({ type: 'text', value: tenantId });
        const placeholders = new Set(query.statement.match(/\$\d+/g));
        expect([...placeholders].toSorted()).toEqual(query.values.map((_, n) => `$${n + 1}`).toSorted());
        expect(query.statement).not.toMatch(/;|--|\/\*/);
      }),
      { numRuns: 1000 },
    );
  });
});

/** The expression of each column that `statement` selects. */
function expressionsOf(statement: string): ReadonlyMap<string, string> {
  const list = statement.slice('SELECT '.length, statement.indexOf('\nFROM '));
  return new Map(
    [...list.matchAll(/(.+?) AS "(\w+)"(?:, |$)/g)].map(([, sql = '', name = '']) => [name, sql]),
  );
}

/** The conditions and the sort expressions of `statement`, without those of its subqueries. */
function clausesOf(statement: string) {
  const [, where, order] = /(?:\nWHERE (.+))?(?:\nORDER BY (.+))?(?:\nLIMIT \d+)?$/.exec(statement) ?? [];
  return { where: where?.split(' AND ') ?? [], order: order === undefined ? [] : topLevel(order) };
}

/** Splits at commas outside parentheses. */
function topLevel(list: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of list) {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

function attempt(request: QueryRequest) {
  try {
    return extractQuery(request);
  } catch (error) {
    if (isAnnexError(error, 'invalid')) return null;
    throw error;
  }
}

describe('extractQuery', () => {
  it('returns every offered column in the dataset’s order, whatever the requested order', () => {
    expect(names(whole(policyOf('orders')))).toEqual(['customer_id', 'ordered_at', 'quantity', 'amount']);
    expect(names(whole(policyOf('orders'), { columns: ['amount', 'customer_id', 'amount'] }))).toEqual([
      'customer_id',
      'amount',
    ]);
    expect(names(whole(policyOf('customers', { email: 'drop' })))).toEqual([
      'customer_id',
      'name',
      'created_at',
    ]);
  });

  it('refuses an unknown column and one that the policy withholds with the same message', () => {
    for (const column of ['salt', 'email']) {
      expect(() =>
        extractQuery(whole(policyOf('customers', { email: 'drop' }), { columns: [column] })),
      ).toThrow(`has no column “${column}” to extract`);
    }
    expect(() => extractQuery(whole(policyOf('customers'), { columns: [] }))).toThrow('at least one column');
  });

  it('orders numbers for XGBoost, the label first', () => {
    const training = whole(policyOf('churn_training'), { format: 'xgboost' });
    expect(names(training).slice(0, 3)).toEqual(['churned', 'recency_days', 'frequency']);
    expect(names(training)).toHaveLength(9);
    expect(names({ ...training, columns: ['customer_id', 'frequency'] })).toEqual(['churned', 'frequency']);
    expect(names(whole(policyOf('churn_features'), { format: 'xgboost' }))).toHaveLength(8);
    expect(
      names(whole(policyOf('churn_features', { frequency: 'redact' }), { format: 'xgboost' })),
    ).toHaveLength(7);
    expect(() => extractQuery({ ...training, columns: ['customer_id'] })).toThrow('numeric column');
    expect(() =>
      extractQuery(whole(policyOf('churn_training', { churned: 'drop' }), { format: 'xgboost' })),
    ).toThrow('withholds the label');
    expect(() => extractQuery(whole(policyOf('orders'), { format: 'xgboost' }))).toThrow('this format');
  });

  it('filters by days only where the policy does not mask them', () => {
    const [from, before] = [new Date('2026-01-01'), new Date('2026-02-01')];
    const narrowed = (mask: Mask, range: QueryRequest['range']) => () =>
      extractQuery(whole(policyOf('orders', { ordered_at: mask }), { range, columns: ['amount'] }));
    expect(narrowed('none', { from, before })().values.slice(1)).toEqual([
      { type: 'timestamptz', value: '2026-01-01T00:00:00.000Z' },
      { type: 'timestamptz', value: '2026-02-01T00:00:00.000Z' },
    ]);
    for (const mask of ['drop', 'redact', 'generalize'] as const) {
      expect(narrowed(mask, anywhen)).not.toThrow();
      for (const [range, field] of [
        [{ from, before }, 'from'],
        [{ from: null, before }, 'to'],
      ] as const) {
        expect(narrowed(mask, range)).toThrow(
          expect.objectContaining({
            code: 'invalid',
            fields: { [field]: expect.stringContaining('ordered_at') },
          }),
        );
      }
    }
  });

  it('sorts by the masked key, and by the other columns where that does not tell rows apart', () => {
    const order = (policy: ExtractPolicy) => clausesOf(extractQuery(whole(policy)).statement).order;
    const key = ['customer_id', 'ordered_at', 'quantity', 'amount'].map((name) => `source.${name}`);
    expect(order(policyOf('orders'))).toEqual(key);
    expect(order(policyOf('orders', { ordered_at: 'drop' }))).toEqual(
      key.filter((name) => name !== 'source.ordered_at'),
    );
    const hashed = 'crm.salted_hash((source.customer_id)::text)';
    expect(order(policyOf('churn_features', { customer_id: 'hash' }))).toEqual([hashed]);
    expect(order(policyOf('churn_features', { customer_id: 'redact' }))).toHaveLength(8);
    const nothing = Object.fromEntries(datasets.orders.columns.map(({ name }) => [name, 'redact' as const]));
    expect(order(policyOf('orders', { ...nothing, customer_id: 'drop' }))).toEqual([]);
  });

  it('does not accept a policy of another dataset, or a mask that does not apply to its column', () => {
    expect(() => extractQuery({ ...whole(policyOf('orders')), policy: policyOf('customers') })).toThrow(
      'another',
    );
    expect(names(whole(policyOf('orders', { amount: 'partial' })))).not.toContain('amount');
  });
});
