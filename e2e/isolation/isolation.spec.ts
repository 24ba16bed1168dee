import { expect, test } from '@playwright/test';
import { permissions } from '@/lib/domain/authorize';
import {
  callers,
  decideAccess,
  decideTrust,
  expectedAccess,
  expectedTrust,
  kinds,
  standInRoles,
} from './access-matrix';
import { readCatalogue } from './database';
import { expectedCatalogue } from './database-rules';
import { type FurnishedTenant, furnishTenant } from './furnish';
import { addSection, table, writeReport } from './report';
import { callAsEverybody, everyVerb, expectedVerbs } from './verbs';

/** The whole product, and `docs/isolation.md`. Without it, a part that is enough for each change. */
const whole = process.env.ANNEX_ISOLATION === 'whole';

test.describe.configure({ mode: 'serial' });

let tenants: readonly [FurnishedTenant, FurnishedTenant];

test.beforeAll(async () => {
  tenants = await Promise.all([furnishTenant(71), furnishTenant(72)]);
});

test('every verb asks for its permission, and refuses everybody else before it touches anything', async () => {
  const verbs = await everyVerb();
  const actions = Object.fromEntries(
    Object.entries(verbs).map(([capability, own]) => [
      capability,
      Object.fromEntries(Object.entries(own).map(([name, { action }]) => [name, action])),
    ]),
  );
  expect(actions).toEqual(expectedVerbs);
  let checks = 0;
  for (const own of Object.values(verbs)) {
    for (const [name, verb] of Object.entries(own)) {
      const { faults, calls } = await callAsEverybody(verb, verb.action);
      expect(faults, name).toEqual([]);
      checks += calls;
    }
  }
  const all = Object.values(verbs).flatMap((own) => Object.entries(own));
  addSection({
    title: 'Verbs',
    counts: [
      ['verbs', all.length],
      ['calls', checks],
    ],
    text: [
      'Each verb, called as nobody, as each role, and as each role of a suspended tenant, with ports that fail when they are touched.',
      'Whoever is not named here is refused; in a suspended tenant, everybody but `system` is.',
      '',
      table(
        ['permission', 'roles', 'verbs'],
        Object.entries(permissions)
          .map(([action, roles]) => [
            `\`${action}\``,
            roles.join(', '),
            all
              .filter(([, verb]) => verb.action === action)
              .map(([name]) => name)
              .join(', ') || '(no verb)',
          ])
          .sort(([a = ''], [b = '']) => a.localeCompare(b)),
      ),
    ].join('\n'),
  });
});

test('the database gives each role what is expected, and nothing else', async () => {
  const { unprotected, found, ...catalogue } = await readCatalogue();
  expect(unprotected).toEqual([]);
  expect(catalogue).toEqual(expectedCatalogue);
  for (const { id } of tenants) {
    for (const name of [`sheet.${id}`, `sheet.${id}_`, `crm.model_${id}_`])
      expect(found.filter((table) => table.startsWith(name))).not.toEqual([]);
  }
  const { tables, functions, roles, memberships, schemas } = catalogue;
  const rights = (records: Readonly<Record<string, string>>) =>
    Object.entries(records).map(([name, words]) => [`\`${name}\``, words || 'none']);
  addSection({
    title: 'Database',
    counts: [
      ['relations', found.length],
      ['functions', Object.keys(functions).length],
      ['roles', Object.keys(roles).length],
      ['memberships', memberships.length],
    ],
    text: [
      'Row-level security is forced on each relation that a role of the product may use. `own tenant` means that the column of the',
      'tenant equals `app.tenant_id` of the transaction. Names with ‹ › are made at run time, one or more per tenant.',
      '',
      table(
        ['relation', 'annex_tenant', 'annex_control', 'policies'],
        Object.entries(tables).map(([name, { tenant, control, policies }]) => [
          `\`${name}\``,
          tenant || 'none',
          control || 'none',
          policies.join('; ') || 'none',
        ]),
      ),
      '',
      table(['function', 'who may call it, and as whom it runs'], rights(functions)),
      '',
      table(['schema', 'rights'], rights(schemas)),
      '',
      table(['role', 'attributes'], rights(roles)),
      '',
      `Memberships: ${memberships.join('; ')}.`,
    ].join('\n'),
  });
});

test('the policies of AWS give each caller what is expected, and nothing else', async () => {
  const { roles } = await standInRoles();
  const known = new Set<string>(Object.values(callers).map(({ roleArn }) => roleArn));
  const own = (arn: string) => arn.replace('333333333333', '222222222222');
  expect(roles.filter(({ arn }) => !known.has(own(arn))).map(({ arn }) => arn)).toEqual([]);
  const { access, decisions } = await decideAccess();
  expect(access).toEqual(expectedAccess);
  const trust = await decideTrust();
  expect(trust.trusted).toEqual(expectedTrust);
  const names = Object.keys(callers) as (keyof typeof callers)[];
  addSection({
    title: 'IAM',
    counts: [
      ['roles', roles.length],
      ['callers', names.length],
      ['decisions', decisions + trust.decisions],
    ],
    text: [
      'What each caller may do, seen from the tenant whose session it is: with its own resources, or with those of another tenant.',
      '`yes` is for what belongs to no tenant. An empty cell is a refusal.',
      '',
      table(
        ['resource', ...names],
        Object.entries(access).map(([kind, cells]) => [
          `${kind} (${kinds[kind]?.actions.length})`,
          ...names.map((name) => cells[name] ?? ''),
        ]),
      ),
      '',
      'Roles are assumed in these ways alone, here for the tenants `foo` and `bar` (`ExternalId`, `TenantId`):',
      '',
      ...trust.trusted.map((line) => `- ${line}`),
    ].join('\n'),
  });
});

test('the report is written', async () => {
  test.skip(!whole, 'npm run isolation writes it');
  await writeReport();
});
