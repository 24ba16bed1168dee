import { join } from 'node:path';
import { type RunningStack, withoutAws } from '../environment';
import { runNode } from '../supervisor';
import { awsEnvironment } from '../tenant-keys';
import type { Page, PortalClient } from './portal-client';

/**
 * Does what a tenant's data scientist does once there are orders and a workbench: submits an extract, trains and
 * deploys a model on it as `endpoint`, tests and activates it, and has it score all customers. `withinMs` limits each wait.
 */
export async function closeLoop(
  person: PortalClient,
  stack: RunningStack,
  tenantId: string,
  root: string,
  withinMs: number,
  endpoint = 'churn',
): Promise<void> {
  const extract = await submitExtract(person, 'churn_training', 'xgboost', withinMs);
  await trainAndDeploy(stack, tenantId, root, ['--extract', extract, '--endpoint', endpoint]);
  await activate(person, endpoint);
  await until(
    person,
    '/customers',
    (page) => page.html.text.includes('Version 1 active and shown'),
    withinMs,
  );
}

/** Submits an extract with the form's defaults and waits for its file. Returns its id. */
export async function submitExtract(
  person: PortalClient,
  dataset: string,
  format: string,
  withinMs: number,
): Promise<string> {
  const form = await person.open(`/extracts/new?dataset=${dataset}&format=${format}`);
  const submitted = await person.submit(
    form,
    form.form((each) => each.text.includes('Submit extract')),
  );
  const extract = new URL(submitted.url).pathname;
  await until(person, extract, (page) => page.html.text.includes('Download data.csv'), withinMs);
  return extract.split('/').at(-1) ?? '';
}

async function activate(person: PortalClient, endpoint: string): Promise<void> {
  const model = await person.open(`/model?endpoint=${endpoint}`);
  const tested = await person.submit(
    model,
    model.form((each) => each.text.includes('Test endpoint')),
    { endpoint },
  );
  await person.submit(
    tested,
    tested.form((each) => each.text.includes('Activate')),
  );
}

/** Runs examples/churn-model with the tenant's keys. */
async function trainAndDeploy(
  stack: RunningStack,
  tenantId: string,
  root: string,
  args: readonly string[],
): Promise<void> {
  const keys = await awsEnvironment(stack, tenantId);
  const script = join(root, 'examples/churn-model/train-and-deploy.ts');
  await runNode(['--import', 'tsx', script, ...args], {
    cwd: root,
    env: { ...withoutAws(process.env), ...keys },
    failure: 'The demo model was not deployed',
  });
}

/** Loads `path` repeatedly until `holds` is true. Throws after `withinMs`, and when `signal` is aborted. */
export async function until(
  person: PortalClient,
  path: string,
  holds: (page: Page) => boolean,
  withinMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    signal?.throwIfAborted();
    const page = await person.open(path);
    if (holds(page)) return;
    if (Date.now() > deadline) {
      const shown = page.html.querySelector('main')?.text.replace(/\s+/g, ' ').slice(0, 600);
      throw new Error(
        `${path} did not reach the expected state within ${withinMs / 1000} s. It shows: ${shown}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
}
