import { randomUUID } from 'node:crypto';
import { connected } from '../postgres/connected';
import { connecting, startTestPostgres, type TestDatabase } from './postgres';

type Urls = Pick<TestDatabase, 'ownerUrl' | 'portalUrl' | 'jobUrl' | 'adminUrl'>;

/** Environment variable that tells the test files' processes where the server is. */
const variable = 'ANNEX_TEST_POSTGRES';

/**
 * Vitest's global setup: starts one PostgreSQL for all files of a run. Its migrated database is a template, to which
 * nothing connects.
 */
export default async function setup(): Promise<() => Promise<void>> {
  // Each file has the connection pools of a portal, and some start workers.
  const { ownerUrl, portalUrl, jobUrl, adminUrl, stop } = await startTestPostgres({
    settings: { max_connections: '300' },
  });
  process.env[variable] = JSON.stringify({ ownerUrl, portalUrl, jobUrl, adminUrl } satisfies Urls);
  return stop;
}

/** A copy of the template on the server of this run; null when the run has no such server. */
export async function copyOfTemplate(): Promise<TestDatabase | null> {
  const given = process.env[variable];
  if (given === undefined) return null;
  const template: Urls = JSON.parse(given);
  const name = `annex_${randomUUID().replaceAll('-', '')}`;
  const manage = (statement: string) =>
    connected(inDatabase(template.adminUrl, 'postgres'), (admin) => admin.query(statement));
  await manage(`CREATE DATABASE ${name} OWNER annex_owner TEMPLATE ${databaseOf(template.adminUrl)}`);
  const urls = {
    ownerUrl: inDatabase(template.ownerUrl, name),
    portalUrl: inDatabase(template.portalUrl, name),
    jobUrl: inDatabase(template.jobUrl, name),
    adminUrl: inDatabase(template.adminUrl, name),
  };
  return {
    ...urls,
    ...connecting(urls),
    stop: async () => void (await manage(`DROP DATABASE ${name} WITH (FORCE)`)),
  };
}

const databaseOf = (url: string): string => new URL(url).pathname.slice(1);

function inDatabase(url: string, name: string): string {
  const moved = new URL(url);
  moved.pathname = name;
  return moved.href;
}
