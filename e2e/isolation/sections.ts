import { permissions } from '@/lib/domain/authorize';
import type { decideAccess } from './access-matrix';
import { callers, kinds } from './access-rules';
import { type Crossing, type Errand, labelOf } from './crossing';
import type { Catalogue } from './database';
import { addSection, table } from './report';
import type { everyVerb } from './verbs';

/** The section on the verbs, which were called `checks` times. */
export function addVerbs(verbs: Awaited<ReturnType<typeof everyVerb>>, checks: number): void {
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
}

/** The section on what the catalogue of the database says. */
export function addDatabase(catalogue: Catalogue): void {
  const { tables, functions, roles, memberships, schemas, found, unbound, otherDatabases, extensions } =
    catalogue;
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
      'tenant equals `app.tenant_id` of the transaction; `own seller`, that the seller’s equals `app.seller_id`; `tenant of the sealed order`, that it equals the tenant whose seal the',
      'order of the extract job bears. Names with ‹ › are made at run time, one or more per tenant.',
      '',
      table(
        ['relation', 'annex_tenant', 'annex_seller', 'annex_control', 'annex_extract', 'policies'],
        Object.entries(tables).map(([name, { tenant, seller = '', control, extract, policies }]) => [
          `\`${name}\``,
          tenant || 'none',
          seller || 'none',
          control || 'none',
          extract || 'none',
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
      '',
      'What row-level security does not bind, of PostgreSQL’s own. Whatever is not here is taken from every login of the product',
      '(`infra/postgres/restrict.sql`): large objects, statements and ends of other sessions, files. What is left shows no row.',
      '',
      table(
        ['role', 'functions'],
        Object.entries(unbound).map(([role, names]) => [`\`${role}\``, names.join(', ')]),
      ),
      '',
      `Other databases that a login may connect to: ${otherDatabases.join(', ') || 'none'}. Extensions: ${extensions.join(', ')}.`,
      'Catalogues stay readable: names of relations, which name tenants, and estimates of their rows; locks that are held.',
    ].join('\n'),
  });
}

/** The section on the policies of AWS. */
export function addAccess(
  access: Awaited<ReturnType<typeof decideAccess>>['access'],
  trusted: readonly string[],
  counted: { readonly roles: number; readonly decisions: number },
): void {
  const names = Object.keys(callers) as (keyof typeof callers)[];
  addSection({
    title: 'IAM',
    counts: [
      ['roles', counted.roles],
      ['callers', names.length],
      ['decisions', counted.decisions],
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
      ...trusted.map((line) => `- ${line}`),
    ].join('\n'),
  });
}

/** The section on what everybody was answered. `counts`: what else was counted. */
export function addCrossings(
  errands: readonly Errand[],
  crossings: ReadonlyMap<string, Crossing>,
  counts: readonly (readonly [string, number])[],
): void {
  const requests = [...crossings.values()].reduce((sum, crossing) => sum + crossing.requests, 0);
  const own = crossings.get('scientist')?.seen ?? new Set();
  const ofKind = (kind: Errand['kind']) =>
    new Set(errands.filter((each) => each.kind === kind).map(({ name }) => name)).size;
  const line = (errand: Errand) => [
    `\`${labelOf(errand)}\``,
    errand.entry.needs ? `\`${errand.entry.needs}\`` : 'open',
    ...[...crossings.values()].map(({ answers }) => answers.get(labelOf(errand)) ?? ''),
    own.has(errand.name) ? 'yes' : '',
  ];
  addSection({
    title: 'Pages, routes and actions',
    counts: [
      ['pages', ofKind('page')],
      ['routes', ofKind('route')],
      ['actions', ofKind('action')],
      ['visitors', crossings.size],
      ['requests', requests],
      ...counts,
    ],
    text: [
      'Each was asked over HTTP by each visitor: with ids of the own tenant, with ids of what another tenant has, and with ids of',
      'nothing. The last two were answered alike. `a / b` are different answers to the first two.',
      '`suspended`, `signed out`, `disabled` and `other role` are scientists by cookies that were copied while they opened everything,',
      'before the tenant was suspended, or the person signed out, was disabled or got another role.',
      'No answer had a text, an id or an account of the other tenant; administrators see its line in their list. After each visitor,',
      'every row, item, object and SageMaker resource of the other tenant was as before. Every call to AWS was made with a session of',
      'the tenant that it was for. `own texts`: the answer showed texts of the own tenant, so those of another would have been found.',
      '',
      table(['entry', 'permission', ...crossings.keys(), 'own texts'], errands.map(line)),
    ].join('\n'),
  });
}
