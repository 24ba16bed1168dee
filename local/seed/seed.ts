import { spawn } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningStack, withoutAws } from '../environment';
import { PortalClient } from './portal-client';
import { addDemoCustomers, addTenant, demoTenants } from './tenants';

/**
 * Fills an empty stack with the demo: tenants, and for `bar` a purchase history and a workbench, both by the way a
 * person would bring them there. Safe to repeat; does nothing once it came to its end.
 */
export async function seedDemo(
  dir: string,
  stack: RunningStack,
  importCommand: readonly string[],
  password: string,
): Promise<void> {
  const marker = join(dir, 'seeded');
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
  await requestWorkbench(stack.environment.NEXTAUTH_URL ?? '', 'scientist@bar.example', password);
  await writeFile(marker, `${new Date().toISOString()}\n`);
}

function importOrders(
  stack: RunningStack,
  command: readonly string[],
  tenantId: string,
  csv: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...command, '--tenant', tenantId, '--file', '-'], {
      env: { ...withoutAws(process.env), ...stack.environment, LOG_LEVEL: 'error' },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk));
    child.once('error', reject);
    child.once('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`The demo orders were not imported:\n${errors}`)),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(csv);
  });
}

/** Asks for a workbench with everything as the form proposes it, and waits until Studio can be launched. */
async function requestWorkbench(origin: string, email: string, password: string): Promise<void> {
  const person = await PortalClient.signedIn(origin, email, password);
  try {
    const page = await person.open('/workbench');
    if (page.html.text.includes('Request workbench')) {
      await person.submit(
        page,
        page.form((form) => form.text.includes('Request workbench')),
      );
    }
    const longestMs = 60_000 + 40 * Number(process.env.ANNEX_EMBEDDED_STEP_MS ?? 1500);
    const deadline = Date.now() + longestMs;
    while (!(await person.open('/workbench')).html.text.includes('Launch Studio')) {
      if (Date.now() > deadline)
        throw new Error(`The demo workbench did not come up within ${longestMs / 1000} s.`);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  } finally {
    await person.close();
  }
}
