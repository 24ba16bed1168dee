import { describe, expect, it } from 'vitest';
import { csvTable } from '@/lib/server/csv-table';
import { demoPlans, furtherTenants, howMade, isOnboarded, tenantsCsv } from './demo-tenants';
import { wantsTwenty } from './make-demo-tenants';
import { demoTenants } from './tenants';

const onboarded = furtherTenants.filter(isOnboarded);

describe('the further tenants of the demo', () => {
  it('are twenty with those of the README, each with an id and a name of its own', () => {
    expect(demoTenants.length + furtherTenants.length).toBe(20);
    const all = [...demoTenants, ...onboarded];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set([...demoTenants, ...furtherTenants].map(({ name }) => name)).size).toBe(20);
  });

  it('end up in different ways, and say why where somebody decided', () => {
    expect(new Set(furtherTenants.map(({ fate }) => fate)).size).toBe(10);
    for (const { name, fate, reason } of furtherTenants)
      expect(reason !== undefined, name).toBe(['suspended', 'closing', 'closed', 'declined'].includes(fate));
  });

  it('are on plans that the demo has', () => {
    const plans = new Set<string | undefined>([undefined, ...demoPlans.map(({ id }) => id)]);
    for (const { plan } of furtherTenants) expect(plans).toContain(plan);
  });

  it('are a file that the import of tenants reads', () => {
    const table = csvTable(tenantsCsv(onboarded), {
      needed: ['tenant_id', 'name', 'owner_email'],
      optional: ['workbench', 'plan'],
      most: 500,
    });
    expect(table).toHaveLength(onboarded.length);
    expect(table[0]?.values).toMatchObject({
      tenant_id: 'alder',
      name: 'Alder & Finch Interiors',
      owner_email: 'owner@alder.example',
      workbench: '',
    });
    expect(table.find(({ values }) => values.tenant_id === 'lumen')?.values.owner_email).toBe(
      'scientist@bar.example',
    );
  });

  it('are each named where it is told what was made how', () => {
    const told = howMade(furtherTenants, []).join('\n');
    for (const { id, name } of furtherTenants) expect(told).toContain(id ?? name);
    expect(told).not.toContain('Left out');
    const without = howMade(
      onboarded,
      furtherTenants.filter((each) => !isOnboarded(each)),
    ).join('\n');
    expect(without).toContain(
      'Left out, as sign-ups do not wait for approval here: Orchid Bakery, Pebble Pet Food.',
    );
  });
});

describe('wantsTwenty', () => {
  it('is so unless two are asked for', () => {
    expect(wantsTwenty({})).toBe(true);
    expect(wantsTwenty({ ANNEX_DEMO_TENANTS: '20' })).toBe(true);
    expect(wantsTwenty({ ANNEX_DEMO_TENANTS: '2' })).toBe(false);
    expect(() => wantsTwenty({ ANNEX_DEMO_TENANTS: 'some' })).toThrow('Use 20 or 2.');
  });
});
