/** How a demo tenant ends up. `failing`: the doctor finds a link that fails. */
type Fate =
  | 'active'
  | 'ready'
  | 'failing'
  | 'underWay'
  | 'failed'
  | 'suspended'
  | 'closing'
  | 'closed'
  | 'requested'
  | 'declined';

/** A further tenant of the demo, of a company that does not exist. */
export interface DemoTenant {
  readonly name: string;
  readonly fate: Fate;
  /** Absent: who signs up gets an id from Annex. */
  readonly id?: string;
  readonly plan?: string;
  /** The name of the variant; absent: no workbench. */
  readonly workbench?: string;
  /** Instead of an address of its own: one that is in use, which stops the onboarding. */
  readonly ownerEmail?: string;
  /** A fault of the stand-ins that makes it what it is. */
  readonly fault?: { readonly point: string; readonly message: string };
  /** The instance types of apps that run there, which cost. */
  readonly apps?: readonly string[];
  /** Why it was suspended, closed or declined. */
  readonly reason?: string;
}

/** The plans of the demo, beside the standard one. Limits by the names of the form's fields. */
export const demoPlans = [
  {
    id: 'starter',
    name: 'Starter',
    limits: { people: '3', extractsPerDay: '2', endpoints: '1', monthlyBudgetUsd: '150' },
  },
  { id: 'growth', name: 'Growth', limits: { people: '25', endpoints: '5', monthlyBudgetUsd: '2500' } },
] as const;

const standard = 'Workbench Standard';

/** The tenants of the demo beside those of the README: with them there are twenty. */
export const furtherTenants: readonly DemoTenant[] = [
  { id: 'alder', name: 'Alder & Finch Interiors', fate: 'active' },
  { id: 'brisk', name: 'Brisk Coffee Roasters', fate: 'active', plan: 'starter' },
  { id: 'cobalt', name: 'Cobalt Cycles', fate: 'active', plan: 'starter' },
  { id: 'dune', name: 'Dune Outdoor', fate: 'active', plan: 'growth' },
  {
    id: 'ember',
    name: 'Ember Kitchenware',
    fate: 'ready',
    plan: 'growth',
    workbench: standard,
    apps: ['ml.m5.xlarge'],
  },
  {
    id: 'gable',
    name: 'Gable Home Textiles',
    fate: 'ready',
    plan: 'growth',
    workbench: 'Workbench GPU',
    apps: ['ml.g5.2xlarge', 'ml.g4dn.xlarge'],
  },
  { id: 'fern', name: 'Fern Botanicals', fate: 'ready', workbench: standard, apps: ['ml.t3.medium'] },
  {
    id: 'harbour',
    name: 'Harbour Books',
    fate: 'failing',
    workbench: standard,
    fault: { point: 'role.trust', message: 'Changed by the demo.' },
  },
  {
    id: 'indigo',
    name: 'Indigo Skincare',
    fate: 'underWay',
    workbench: standard,
    fault: { point: 'domain.stuck', message: 'Held back by the demo.' },
  },
  {
    id: 'juniper',
    name: 'Juniper Toys',
    fate: 'failed',
    workbench: standard,
    fault: { point: 'domain.fail', message: 'The subnet has no free address. (A fault of the demo.)' },
  },
  {
    id: 'kestrel',
    name: 'Kestrel Optics',
    fate: 'failed',
    workbench: standard,
    fault: {
      point: 'account.vend',
      message: 'The organization has no account left to vend. (A fault of the demo.)',
    },
  },
  { id: 'lumen', name: 'Lumen Lighting', fate: 'failed', ownerEmail: 'scientist@bar.example' },
  {
    id: 'mosaic',
    name: 'Mosaic Ceramics',
    fate: 'suspended',
    plan: 'starter',
    reason: 'Two invoices are unpaid.',
  },
  {
    id: 'nimbus',
    name: 'Nimbus Rainwear',
    fate: 'suspended',
    reason: 'Asked for by its owner while a lost laptop is looked for.',
  },
  { id: 'quarry', name: 'Quarry Climbing', fate: 'closing', reason: 'The contract was not renewed.' },
  { id: 'rowan', name: 'Rowan Furniture', fate: 'closed', reason: 'Merged with another customer.' },
  { name: 'Orchid Bakery', fate: 'requested' },
  {
    name: 'Pebble Pet Food',
    fate: 'declined',
    reason: 'We could not reach you at the address of your company.',
  },
];

/** A tenant that is onboarded, so that its id is known. */
export type OnboardedTenant = DemoTenant & { readonly id: string };

export const isOnboarded = (tenant: DemoTenant): tenant is OnboardedTenant => tenant.id !== undefined;

/** The tenants as a file for the import of tenants. */
export function tenantsCsv(tenants: readonly OnboardedTenant[]): string {
  const lines = tenants.map(
    ({ id, name, ownerEmail, workbench = '', plan = '' }) =>
      `${id},"${name}",${ownerEmail ?? `owner@${id}.example`},${workbench},${plan}`,
  );
  return ['tenant_id,name,owner_email,workbench,plan', ...lines, ''].join('\n');
}

/** What was made how, in lines for the log. */
export function howMade(tenants: readonly DemoTenant[], leftOut: readonly DemoTenant[]): readonly string[] {
  const of = (...fates: readonly Fate[]) =>
    tenants
      .filter(({ fate }) => fates.includes(fate))
      .map(({ id, name }) => id ?? name)
      .join(', ');
  const lines = [
    'foo and bar: written into the database, and so are the customers and tickets of bar; all else of bar by its scientist.',
    `Onboarded by the import of tenants at the portal: ${tenants
      .filter(isOnboarded)
      .map(({ id }) => id)
      .join(', ')}.`,
    `Of these, by the administrator’s forms: ${of('suspended')} suspended; ${of('closing', 'closed')} closed, ${of('closed')} without days of grace.`,
    `By faults of the stand-ins: ${faultWords(tenants)}. A restart forgets faults: Retry goes through then, and what is held back goes on.`,
    `Stopped because its owner’s address is in use: ${tenants
      .filter(({ ownerEmail }) => ownerEmail)
      .map(({ id }) => id)
      .join(', ')}.`,
    'Cost: apps that run in Studio, which the tenant’s keys started, by instance type; Annex measures them every five minutes.',
  ];
  const signedUp = of('requested', 'declined');
  if (signedUp) lines.push(`By the sign-up at the portal: ${signedUp}.`);
  if (leftOut.length > 0)
    lines.push(
      `Left out, as sign-ups do not wait for approval here: ${leftOut.map(({ name }) => name).join(', ')}.`,
    );
  return lines;
}

const faultWords = (tenants: readonly DemoTenant[]): string =>
  tenants.flatMap(({ id, fault }) => (fault ? [`${id} (${fault.point})`] : [])).join(', ');
