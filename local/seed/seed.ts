import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningStack, withoutAws } from '../environment';
import { runNode } from '../supervisor';
import { callAsApplication } from './application';
import { listProducts, type SoldProduct } from './listings';
import { closeLoop, until } from './loop';
import { PortalClient } from './portal-client';
import { addDemoCustomers, addTenant, demoTenants } from './tenants';

const endpoint = 'churn';

/** The mark that the seed has finished in the state folder `dir`. */
export const seededIn = (dir: string): string => join(dir, 'seeded');

/**
 * Fills an empty stack with the demo. Tenants, and the customers and tickets of `bar` (which a CRM has before Annex),
 * go straight into the database. The orders, workbench and active model of `bar` are created through the portal. Can be
 * repeated, and does nothing once it has finished.
 */
export async function seedDemo(
  dir: string,
  stack: RunningStack,
  importCommand: readonly string[],
  password: string,
  root: string,
): Promise<void> {
  const marker = seededIn(dir);
  if (
    await access(marker).then(
      () => true,
      () => false,
    )
  )
    return;
  const databaseUrl = stack.environment.DATABASE_URL ?? '';
  for (const tenant of demoTenants) await addTenant(databaseUrl, tenant);
  const orders = await addDemoCustomers(databaseUrl, 'bar', 2400);
  await importOrders(stack, importCommand, 'bar', orders);
  const longestMs = 60_000 + 40 * Number(process.env.ANNEX_EMBEDDED_STEP_MS ?? 1500);
  const origin = stack.environment.NEXTAUTH_URL ?? '';
  const person = await PortalClient.signedIn(origin, 'scientist@bar.example', password);
  try {
    await requestWorkbench(person, longestMs);
    await closeLoop(person, stack, 'bar', root, longestMs, endpoint);
    await callAsApplication(stack, 'bar', endpoint);
  } finally {
    await person.close();
  }
  await listDemoProducts(stack, password);
  await writeFile(marker, `${new Date().toISOString()}\n`);
}

/** Lists what the stand-in for AWS Marketplace sells, as the demo’s seller does. */
async function listDemoProducts({ environment }: RunningStack, password: string): Promise<void> {
  const response = await fetch(`${environment.AWS_ENDPOINT_URL}/_annex/marketplace/products`);
  if (!response.ok) throw new Error(`The products of AWS Marketplace could not be read: ${response.status}`);
  const { products } = (await response.json()) as { readonly products: readonly SoldProduct[] };
  const seller = await PortalClient.signedIn(
    environment.NEXTAUTH_URL ?? '',
    'seller@models.example',
    password,
  );
  try {
    await listProducts(seller, products);
  } finally {
    await seller.close();
  }
}

function importOrders(
  stack: RunningStack,
  command: readonly string[],
  tenantId: string,
  csv: string,
): Promise<void> {
  return runNode([...command, '--tenant', tenantId, '--file', '-'], {
    env: { ...withoutAws(process.env), ...stack.environment, LOG_LEVEL: 'error' },
    input: csv,
    failure: 'The demo orders were not imported',
  });
}

/** Requests a workbench with the form's defaults, and waits until Studio can be launched. */
export async function requestWorkbench(person: PortalClient, withinMs: number): Promise<void> {
  const page = await person.open('/workbench');
  if (page.html.text.includes('Request workbench')) {
    await person.submit(
      page,
      page.form((form) => form.text.includes('Request workbench')),
    );
  }
  await until(person, '/workbench', ({ html }) => html.text.includes('Launch Studio'), withinMs);
}
