import { describe, expect, it } from 'vitest';
import { PolicyWorld } from '@/lib/domain/testing/policy-world';
import type { Mask } from '../../extracts/ports';
import { changePolicy } from './change-policy';
import { endOverride } from './end-override';
import { listPolicies } from './list-policies';
import { previewPolicy } from './preview-policy';
import { reviewPolicy } from './review-policy';
import { viewPolicy } from './view-policy';

const standard = {
  columns: { customer_id: 'none', name: 'redact', email: 'hash', created_at: 'none' },
  rowLimit: null,
} as const;
const change = {
  dataset: 'customers',
  tenant: null,
  base: 1,
  ...standard,
  effectiveOn: null,
  note: null,
} as const;

function world(): PolicyWorld {
  const made = new PolicyWorld();
  made.add({ content: standard });
  return made;
}
const admin = (of: PolicyWorld) => of.as('admin');

it.each(['scientist', 'member', 'seller'] as const)('is not for the role %s', async (role) => {
  const ctx = world().as(role);
  const refused = { code: 'forbidden' };
  await expect(listPolicies(ctx, undefined)).rejects.toMatchObject(refused);
  await expect(viewPolicy(ctx, { dataset: 'customers', tenant: null })).rejects.toMatchObject(refused);
  await expect(reviewPolicy(ctx, change)).rejects.toMatchObject(refused);
  await expect(previewPolicy(ctx, { dataset: 'customers', columns: {} })).rejects.toMatchObject(refused);
  await expect(changePolicy(ctx, change)).rejects.toMatchObject(refused);
  await expect(endOverride(ctx, { ...change, tenant: 'foo' })).rejects.toMatchObject(refused);
});

it('lists every dataset with what its standard lets out, and names none that nobody has decided about', async () => {
  const of = world();
  of.add({ content: { columns: { customer_id: 'none', name: 'drop', email: 'hash' }, rowLimit: 10 } });
  const all = await listPolicies(admin(of), undefined);
  expect(all.map(({ dataset }) => dataset.name)).toEqual([
    'customers',
    'orders',
    'tickets',
    'churn_features',
    'churn_training',
  ]);
  expect(all[0]).toMatchObject({ out: 2, masked: 1, undecided: 1, overrides: 2, scheduled: 1 });
  expect(all[1]).toMatchObject({ standard: null, out: 0, undecided: 4, overrides: 0 });
});

describe('changePolicy', () => {
  it('writes the next version with its author and an audit row', async () => {
    const of = world();
    const columns = { ...standard.columns, name: 'drop' } as const;
    expect(await changePolicy(admin(of), { ...change, columns, note: ' On request ' })).toBe(2);
    expect(of.versions[0]).toMatchObject({
      version: 2,
      tenantId: null,
      content: { columns, rowLimit: null },
      note: 'On request',
    });
    expect(of.audit).toMatchObject([
      {
        action: 'policies.change',
        subject: 'policy/customers',
        detail: {
          version: 2,
          tenant: null,
          note: 'On request',
          columns: 'customer_id (none), name (drop), email (hash), created_at (none)',
          rowLimit: null,
        },
      },
    ]);
  });

  it('makes an override of a tenant, which leaves the standard as it is', async () => {
    const of = world();
    const override = { ...change, tenant: 'foo', base: 0, rowLimit: 500 };
    expect(await changePolicy(admin(of), override)).toBe(2);
    const view = (tenant: string | null) => viewPolicy(admin(of), { dataset: 'customers', tenant });
    expect((await view('foo')).inForce).toMatchObject({ version: 2, content: { rowLimit: 500 } });
    expect((await view(null)).inForce).toMatchObject({ version: 1, content: { rowLimit: null } });
    await expect(changePolicy(admin(of), { ...override, tenant: 'nobody' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it.each([
    [
      'a mask that does not apply',
      { columns: { created_at: 'partial' as const } },
      'columns.created_at',
      /partial/,
    ],
    [
      'a column that is not there',
      { columns: { shoe_size: 'none' as const } },
      'columns.shoe_size',
      /no column/,
    ],
    ['a mask that is none', { columns: { name: 'blur' as Mask } }, 'columns.name', /does not know/],
    ['no rows', { rowLimit: 0 }, 'rowLimit', /at least 1/],
    ['parts of rows', { rowLimit: 1.5 }, 'rowLimit', /whole number/],
    ['a day that is over', { effectiveOn: '2026-02-28' }, 'effectiveOn', /past/],
    ['a day that is none', { effectiveOn: 'tomorrow' }, 'effectiveOn', /must be a day/],
    ['a long note', { note: 'x'.repeat(501) }, 'note', /500 characters/],
  ])('refuses %s and names the field', async (_, given, field, words) => {
    const of = world();
    const refused = { code: 'invalid', fields: { [field]: expect.stringMatching(words) } };
    await expect(changePolicy(admin(of), { ...change, ...given })).rejects.toMatchObject(refused);
    expect([of.versions.length, of.audit]).toEqual([1, []]);
  });

  it('refuses what somebody else has changed meanwhile, and what changes nothing', async () => {
    const of = world();
    await expect(changePolicy(admin(of), change)).rejects.toThrow('Version 1 says the same');
    await changePolicy(admin(of), { ...change, rowLimit: 5 });
    await expect(changePolicy(admin(of), { ...change, rowLimit: 6 })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(of.versions).toHaveLength(2);
  });

  it('holds from the start of a later day, and today means at once', async () => {
    const of = world();
    await changePolicy(admin(of), { ...change, rowLimit: 5, effectiveOn: '2026-03-01' });
    expect(of.versions[0]).toMatchObject({ effectiveAt: new Date(of.clock), begun: true });
    await changePolicy(admin(of), { ...change, base: 2, rowLimit: 6, effectiveOn: '2026-03-02' });
    expect(of.versions[0]).toMatchObject({ effectiveAt: new Date('2026-03-02'), begun: false });
    const view = await viewPolicy(admin(of), { dataset: 'customers', tenant: null });
    expect([view.inForce?.version, view.base, view.content.rowLimit]).toEqual([2, 3, 6]);
  });
});

describe('viewPolicy', () => {
  const view = (of: PolicyWorld, tenant: string | null = null) =>
    viewPolicy(admin(of), { dataset: 'customers', tenant });

  it('shows each column with the masks that apply to it, also one that nobody has decided about', async () => {
    const of = world();
    of.add({ content: { columns: { customer_id: 'none', name: 'drop' }, rowLimit: null } });
    const { columns } = await view(of);
    expect(columns.map(({ name, mask }) => [name, mask])).toEqual([
      ['customer_id', 'none'],
      ['name', 'drop'],
      ['email', null],
      ['created_at', null],
    ]);
    expect(columns[3]?.masks).toEqual(['none', 'redact', 'generalize', 'drop']);
  });

  it('says what each version changed, and what became of it', async () => {
    const of = world();
    of.clock += 1000;
    of.add({ content: { ...standard, rowLimit: 9 }, effectiveAt: new Date('2026-03-05') });
    of.clock += 1000;
    of.add({ content: { ...standard, columns: { ...standard.columns, name: 'drop' } } });
    of.clock += 1000;
    of.add({ content: standard, effectiveAt: new Date('2026-03-09') });
    const { steps } = await view(of);
    expect(steps.map(({ version, state }) => [version.version, state])).toEqual([
      [4, 'scheduled'],
      [3, 'in force'],
      [2, 'never in force'],
      [1, 'replaced'],
    ]);
    expect(steps[0]?.changes?.differences).toEqual({
      columns: [{ name: 'name', from: 'drop', to: 'redact' }],
      rowLimit: null,
    });
    expect(steps[1]?.changes?.differences.rowLimit).toEqual({ from: 9, to: null });
    expect(steps[3]?.changes).toBeNull();
  });

  it('compares the first version of an override with the standard of that time, and starts from the standard', async () => {
    const of = world();
    expect(await view(of, 'foo')).toMatchObject({
      base: 0,
      isOverridden: false,
      content: standard,
      steps: [],
    });
    await changePolicy(admin(of), { ...change, tenant: 'foo', base: 0, rowLimit: 7 });
    of.clock += 1000;
    await changePolicy(admin(of), { ...change, rowLimit: 8 });
    const { steps, isOverridden } = await view(of, 'foo');
    expect(isOverridden).toBe(true);
    expect(steps[0]?.changes).toMatchObject({
      since: { version: 1 },
      differences: { rowLimit: { from: null, to: 7 } },
    });
    await expect(view(of, 'nobody')).rejects.toMatchObject({ code: 'not_found' });
  });
});

it('an override ends with a version of its own, once', async () => {
  const of = world();
  await changePolicy(admin(of), { ...change, tenant: 'foo', base: 0, rowLimit: 7 });
  const end = { dataset: 'customers', tenant: 'foo', base: 2, effectiveOn: null, note: null } as const;
  await expect(endOverride(admin(of), { ...end, base: 0 })).rejects.toMatchObject({ code: 'conflict' });
  expect(await endOverride(admin(of), end)).toBe(3);
  expect(of.audit.at(-1)).toMatchObject({
    detail: { version: 3, tenant: 'foo', columns: 'as the standard' },
  });
  const view = await viewPolicy(admin(of), { dataset: 'customers', tenant: 'foo' });
  expect([view.inForce?.version, view.base, view.isOverridden]).toEqual([1, 3, false]);
  await expect(endOverride(admin(of), { ...end, base: 3 })).rejects.toThrow('follows the standard already');
});

it('a review says what differs from what is in force, and when it would begin', async () => {
  const of = world();
  const { base: _, ...draft } = change;
  const columns = { ...standard.columns, email: 'partial' } as const;
  expect(
    await reviewPolicy(admin(of), { ...draft, tenant: 'foo', columns, effectiveOn: '2026-04-01' }),
  ).toEqual({
    inForce: of.versions[0],
    differences: { columns: [{ name: 'email', from: 'hash', to: 'partial' }], rowLimit: null },
    effectiveAt: new Date('2026-04-01'),
  });
});

describe('previewPolicy', () => {
  it('asks for generated rows in the masks’ own SQL, and for the smallest group of the generalised columns', async () => {
    const of = world();
    of.answers = [
      [{ b1: 'C10000', a1: 'C10000', b2: 'Ada', a2: 'A*', b3: 'ada@mail.example', b4: '2026-01-01' }],
      [{ smallest: '3', groups: '16' }],
    ];
    const columns = { customer_id: 'none', name: 'generalize', email: 'drop' } as const;
    const preview = await previewPolicy(admin(of), { dataset: 'customers', columns });
    expect(preview).toMatchObject({
      anonymity: { by: ['name'], k: 3, groups: 16 },
      unmasked: ['customer_id'],
      sampleSize: 1000,
    });
    expect(preview.columns.map(({ output }) => output?.mask ?? null)).toEqual([
      'none',
      'generalize',
      null,
      null,
    ]);
    expect(preview.rows[0]?.[1]).toEqual({ before: 'Ada', after: 'A*' });
    for (const { statement } of of.asked) expect(statement).not.toMatch(/crm\./);
    expect(of.asked[0]?.statement).not.toContain('a3');
  });

  it('has no figure where nothing is generalised, and never a salt of a tenant', async () => {
    const of = world();
    const columns = { customer_id: 'hash' } as const;
    const { anonymity } = await previewPolicy(admin(of), { dataset: 'customers', columns });
    expect([anonymity, of.asked.length]).toEqual([null, 1]);
    expect(of.asked[0]?.statement).not.toContain('salted_hash');
  });
});
