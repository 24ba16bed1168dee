import { rm } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { journeyStack as stack } from '../e2e/stack';
import { awsNames } from '../local/aws-names';
import { PortalClient } from '../local/seed/portal-client';
import { quantile, report } from './harness';
import { startBareApp, startSeeded } from './processes';

// Requests per second of each signed-in page, as a share of those of a page of the same Next version that shows 50 rows of 8
// cells from no database, without a session. 16 connections, in turn in the same run. The ratio is the bare page's share of Annex's, so
// that 1 / 0.6 is the most.
const connections = 16;
const rounds = 3;
const sliceMs = 4000;
const most = 1 / 0.6;

const scientist = 'scientist@bar.example';
const pages = [
  ['/overview', scientist],
  ['/workbench', scientist],
  ['/extracts', scientist],
  ['/extracts/new', scientist],
  ['/extracts/<id>', scientist],
  ['/model', scientist],
  ['/customers', scientist],
  ['/customers/B00001', scientist],
  ['/customers/compare', scientist],
  ['/monitoring', scientist],
  ['/admin/tenants', 'admin@xyz.example'],
  ['/seller/listings', 'seller@models.example'],
] as const;

const only = process.argv.slice(2);
const stops: (() => Promise<void>)[] = [];
try {
  stops.push(await startSeeded(stack.environment));
  const bare = await startBareApp();
  stops.push(bare.stop);
  const people = new Map<string, { readonly cookies: string; readonly extract: string | undefined }>();
  for (const [, who] of pages) if (!people.has(who)) people.set(who, await signedIn(who));
  for (const [path, who] of pages) {
    if (only.length > 0 && !only.includes(path)) continue;
    const { cookies = '', extract = '' } = people.get(who) ?? {};
    const url = `${stack.origin}${path.replace('/extracts/<id>', extract)}`;
    const [ours, floor]: [number[], number[]] = [[], []];
    for (let round = -1; round < rounds; round += 1) {
      const [a, b] = [await perSecond(url, cookies), await perSecond(`${bare.origin}/rows`, '')];
      if (round < 0) continue;
      ours.push(a);
      floor.push(b);
    }
    const [mine, bares] = [quantile(ours, 0.5), quantile(floor, 0.5)];
    report({
      bench: `throughput ${path}`,
      ratio: bares / mine,
      most,
      figures: { share: mine / bares, perSecond: mine, barePerSecond: bares },
    });
  }
} finally {
  for (const stop of stops.reverse()) await stop();
  await rm(stack.stateDir, { recursive: true, force: true });
}

/** Answers with 200 per second over `sliceMs`. */
async function perSecond(url: string, cookie: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startedAt = performance.now();
  let answers = 0;
  const reader = async () => {
    while (performance.now() - startedAt < sliceMs) {
      const status = await statusOf(url, cookie, agent);
      if (status !== 200) throw new Error(`${url}: ${status}`);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, reader));
  agent.destroy();
  return (answers * 1000) / (performance.now() - startedAt);
}

function statusOf(url: string, cookie: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { cookie, accept: 'text/html', 'sec-fetch-dest': 'document' };
    get(url, { agent, headers }, (response) => {
      response.on('error', reject);
      response.on('end', () => resolve(response.statusCode ?? 0));
      response.resume();
    }).on('error', reject);
  });
}

async function signedIn(email: string) {
  const password = process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword;
  const person = await PortalClient.signedIn(stack.origin, email, password);
  const { cookies } = await person.http.storageState();
  const extracts = email === scientist ? await person.open('/extracts') : null;
  const extract = extracts?.html.querySelector('tbody a[href^="/extracts/"]')?.getAttribute('href');
  await person.close();
  return { cookies: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), extract };
}
