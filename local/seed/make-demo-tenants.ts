import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningStack } from '../environment';
import { startApps } from './apps';
import {
  type DemoTenant,
  demoPlans,
  furtherTenants,
  howMade,
  isOnboarded,
  type OnboardedTenant,
  tenantsCsv,
} from './demo-tenants';
import { until } from './loop';
import { type Page, PortalClient } from './portal-client';
import { seededIn } from './seed';
import { signUp } from './sign-up';
import { demoTenants } from './tenants';

const wanted = 'wanted';
const fileIn = (dir: string): string => join(dir, 'demo-tenants');

/**
 * Whether the demo is to have twenty tenants, and not only the two of the README, by `ANNEX_DEMO_TENANTS`. Throws a sentence when it is
 * neither `20` nor `2`.
 */
export function wantsTwenty(source: Readonly<Record<string, string | undefined>>): boolean {
  const given = source.ANNEX_DEMO_TENANTS ?? '20';
  if (given === '20' || given === '2') return given === '20';
  throw new Error(`ANNEX_DEMO_TENANTS=${given} is not a number of tenants that the demo has. Use 20 or 2.`);
}

/**
 * Notes in the state folder `dir` that `makeDemoTenants` is to make the further tenants, unless the demo was made there before: what
 * somebody works with gets no tenants added.
 */
export async function wantDemoTenants(dir: string): Promise<void> {
  if (!existsSync(seededIn(dir))) await writeFile(fileIn(dir), `${wanted}\n`);
}

interface Making {
  readonly stack: RunningStack;
  readonly admin: PortalClient;
  readonly password: string;
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/**
 * Makes the further tenants of the demo where `wantDemoTenants` asked for them, the way an administrator and strangers do, and has
 * `say` tell what was made how. May be repeated after a stop at any moment; does nothing once it has finished. Throws when `signal` is
 * aborted.
 */
export async function makeDemoTenants(
  dir: string,
  stack: RunningStack,
  password: string,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const noted = await readFile(fileIn(dir), 'utf8').catch(() => '');
  if (noted.trim() !== wanted) return;
  say('Making eighteen more tenants for the demo in the background …');
  const leftOut = await makeTenants(furtherTenants, stack, password, signal);
  await writeFile(fileIn(dir), `${new Date().toISOString()}\n`);
  const made = furtherTenants.filter((tenant) => !leftOut.includes(tenant));
  say(`The demo has ${made.length + demoTenants.length} tenants now. What was made how:`);
  for (const line of howMade(made, leftOut)) say(`  ${line}`);
}

/**
 * Makes `tenants` where they are not there, and returns those that cannot be made with this stack's settings. Throws when `signal` is
 * aborted, and when a tenant does not come where it is to be.
 */
export async function makeTenants(
  tenants: readonly DemoTenant[],
  stack: RunningStack,
  password: string,
  signal: AbortSignal,
): Promise<readonly DemoTenant[]> {
  const origin = stack.environment.NEXTAUTH_URL ?? '';
  const admin = await PortalClient.signedIn(origin, 'admin@xyz.example', password);
  try {
    const withinMs = 120_000 + 80 * Number(process.env.ANNEX_EMBEDDED_STEP_MS ?? 1500);
    return await makeAll({ stack, admin, password, withinMs, signal }, tenants);
  } finally {
    await admin.close();
  }
}

async function makeAll(making: Making, tenants: readonly DemoTenant[]): Promise<readonly DemoTenant[]> {
  const onboarded = tenants.filter(isOnboarded);
  for (const plan of demoPlans) await addPlan(making.admin, plan);
  for (const tenant of onboarded) if (tenant.fate !== 'failing') await injectFault(making, tenant);
  await importTenants(making.admin, onboarded);
  const leftOut: DemoTenant[] = [];
  for (const tenant of tenants.filter((each) => !isOnboarded(each))) {
    making.signal.throwIfAborted();
    if (!(await askToBeAdmitted(making, tenant))) leftOut.push(tenant);
  }
  // Those without a workbench are there soon; the others are looked at after them.
  for (const tenant of onboarded.toSorted((a, b) => Number(!!a.workbench) - Number(!!b.workbench)))
    await bringAbout(making, tenant);
  return leftOut;
}

async function addPlan(admin: PortalClient, { id, name, limits }: (typeof demoPlans)[number]): Promise<void> {
  if ((await admin.open(`/admin/plans/${id}`)).status === 200) return;
  const page = await admin.open('/admin/plans/new');
  await press(admin, page, 'Add plan', { id, name, note: 'A plan of the demo', ...limits });
}

/** A tenant that is there has had its fault, or has it still: the fault of a step must not hit a retry, too. */
async function injectFault(making: Making, { id, fault, fate }: OnboardedTenant): Promise<void> {
  if (!fault) return;
  const { html } = await making.admin.open(tenantPath(id));
  if (fate === 'failed' && html.text.includes('Onboarding stopped')) return;
  await askStandIns(making.stack, `faults?subject=${id}`, { method: 'DELETE' });
  await askStandIns(making.stack, 'faults', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...fault, subject: id }),
  });
}

async function askStandIns({ environment }: RunningStack, path: string, init: RequestInit): Promise<void> {
  const response = await fetch(`${environment.AWS_ENDPOINT_URL}/_annex/${path}`, init);
  if (!response.ok) throw new Error(`/_annex/${path}: ${response.status} ${await response.text()}`);
}

/** What is there already is refused as taken, line by line. */
async function importTenants(admin: PortalClient, tenants: readonly OnboardedTenant[]): Promise<void> {
  const page = await admin.open('/admin/tenants/import');
  const done = await press(admin, page, 'Check file', { csv: tenantsCsv(tenants), mode: 'onboard' });
  const refused = done.html
    .querySelectorAll('main tr')
    .map(({ text }) => text)
    .filter((text) => text.includes('Refused') && !text.includes('is taken'));
  if (refused.length > 0) throw new Error(`The import of tenants refused: ${refused.join('; ')}`);
}

/** Signs the tenant up unless somebody has, and declines it if it is to be. Returns whether sign-ups wait for approval here. */
async function askToBeAdmitted({ stack, admin, password }: Making, tenant: DemoTenant): Promise<boolean> {
  if ((process.env.ANNEX_SIGN_UP ?? 'approval') !== 'approval') return false;
  const path = (await pathOf(admin, tenant.name)) ?? (await signUpAnd(admin, stack, tenant.name, password));
  if (tenant.fate !== 'declined') return true;
  const page = await admin.open(path);
  if (has(page, 'Decline')) await press(admin, page, 'Decline', { reason: tenant.reason ?? '' });
  return true;
}

async function signUpAnd(
  admin: PortalClient,
  stack: RunningStack,
  name: string,
  password: string,
): Promise<string> {
  await signUp(stack, name, password);
  const path = await pathOf(admin, name);
  if (path === undefined) throw new Error(`${name} signed up and is not in the list of tenants`);
  return path;
}

/** The page of the tenant with that name, if the list has one. */
async function pathOf(admin: PortalClient, name: string): Promise<string | undefined> {
  const { html } = await admin.open(`/admin/tenants?${new URLSearchParams({ q: name })}`);
  return html
    .querySelectorAll('main table a')
    .find(({ text }) => text.trim() === name)
    ?.getAttribute('href');
}

/** Brings the tenant where it is to be, once its onboarding is as far. */
async function bringAbout(making: Making, tenant: OnboardedTenant): Promise<void> {
  const { admin, stack, signal } = making;
  const { id, fate, apps = [], reason = '' } = tenant;
  if (fate === 'underWay') return;
  await until(admin, tenantPath(id), isSettled, making.withinMs, signal);
  const page = await admin.open(tenantPath(id));
  if (fate === 'suspended' && has(page, 'Suspend')) await press(admin, page, 'Suspend', { reason });
  if (fate === 'closing' || fate === 'closed') await close(making, tenant);
  if (apps.length > 0) await startApps(stack, id, apps, signal);
  if (fate === 'failing') await injectFault(making, tenant);
  if (fate === 'ready' || fate === 'failing')
    await press(admin, await admin.open(`${tenantPath(id)}/doctor`), 'Run doctor');
}

async function close({ admin, withinMs, signal }: Making, tenant: OnboardedTenant): Promise<void> {
  const { id, fate, reason = '' } = tenant;
  const path = tenantPath(id);
  const page = await admin.open(path);
  if (has(page, 'Close tenant')) await press(admin, page, 'Close tenant', { confirmation: id, reason });
  if (fate !== 'closed') return;
  await until(admin, path, (shown) => has(shown, 'Delete now') || isClosed(shown), withinMs, signal);
  const kept = await admin.open(path);
  if (has(kept, 'Delete now')) await press(admin, kept, 'Delete now', { confirmation: id });
  await until(admin, path, isClosed, withinMs, signal);
}

const isClosed = ({ html }: Page): boolean => html.text.includes('The tenant is closed');

/** Nothing more happens by itself: also after somebody has retried or undone, and of a closed tenant the onboarding is gone. */
const isSettled = (page: Page): boolean =>
  isClosed(page) ||
  ['Onboarding stopped', 'The tenant is set up', 'Onboarding: Undone'].some((words) =>
    page.html.text.includes(words),
  );

const tenantPath = (id: string): string => `/admin/tenants/${id}`;

const has = ({ html }: Page, button: string): boolean => html.querySelectorAll('form').some(offers(button));

const offers = (button: string) => (form: Page['html']) =>
  form.querySelectorAll('button').some(({ text }) => text.trim().startsWith(button));

/** Submits the form with that button. Throws what the page says when the form was refused. */
async function press(
  person: PortalClient,
  from: Page,
  button: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const page = await person.submit(from, from.form(offers(button)), fields);
  const refused = page.html.querySelector('main [role=alert]')?.text.trim();
  if (page.status >= 400 || refused)
    throw new Error(`${button} at ${from.url} (${page.status}): ${refused ?? ''}`);
  return page;
}
