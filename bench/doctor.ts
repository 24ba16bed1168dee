import { setTimeout as delay } from 'node:timers/promises';
import { examination } from '@/lib/aws/doctor/examination';
import { chainOf, needs } from '@/lib/domain/doctor/links';
import { type LinkName, linkNames, type Target } from '@/lib/domain/doctor/ports';
import { runLinks } from '@/lib/domain/doctor/run-links';
import { advanceWorkbench } from '@/lib/domain/workbench/verbs/advance-workbench';
import { listVariants } from '@/lib/domain/workbench/verbs/list-variants';
import { requestWorkbench } from '@/lib/domain/workbench/verbs/request-workbench';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { WiredWorld } from '@/local/testing/wired-world';
import { interleaved, report } from './harness';

// A whole run of the doctor against its slowest chain of links, each chain alone: what does not depend on each other is to be looked at
// side by side. Each request takes as long as one to AWS. Storing the results is not measured.
const most = 1.5;
const rounds = 15;
const latencyMs = 60;
const endpointName = 'churn';

const aws = await startProductAws({ stepMs: 5 });
try {
  const accountId = await readyAccount(aws);
  await aws.hostModel(accountId, endpointName);
  await aws.fault('latency', '*', { message: String(latencyMs) });
  const target: Target = { tenantId: 'foo', accountId, workbench: null, endpointName, usual: null };
  const look = (links: readonly LinkName[]) => async () => {
    const results = await runLinks(
      examination(target, () => delay(latencyMs)),
      links,
      () => new Date(),
    );
    const bad = results.find(({ state }) => state !== 'ok');
    if (bad) throw new Error(`${bad.name} is not ok: ${bad.found}`);
  };
  const ends = linkNames.filter((name) => !linkNames.some((other) => needs[other].includes(name)));
  const medians = await interleaved(rounds, [
    { name: 'whole', run: look(linkNames) },
    ...ends.map((name) => ({ name, run: look(chainOf(name)) })),
  ]);
  const { whole = Number.NaN, ...chains } = medians;
  const slowest = Math.max(...Object.values(chains));
  const sum = Object.values(chains).reduce((ms, each) => ms + each, 0);
  report({
    bench: 'doctor',
    ratio: whole / slowest,
    most,
    figures: { wholeMs: whole, slowestMs: slowest, sumMs: sum },
  });
} finally {
  await aws.stop();
}

/** An account with all that a baseline makes. */
async function readyAccount(running: ProductAws): Promise<string> {
  const world = new WiredWorld('foo');
  const scientist = world.as('scientist', 'foo');
  const [variant] = await listVariants(scientist, undefined);
  await requestWorkbench(scientist, { variantId: variant?.id ?? '' });
  for (let tries = 0; tries < 500; tries += 1) {
    const request = await advanceWorkbench(world.as('system', 'foo'), {});
    if (request?.state === 'ready' && request.accountId) return request.accountId;
    await delay(50);
  }
  throw new Error(`the workbench is not ready: ${JSON.stringify(running.warnings)}`);
}
