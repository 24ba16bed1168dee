import { request } from 'node:http';
import { tenantContextForSystem } from '@/lib/deps';
import { bodyOfLines } from '@/lib/domain/models/answers';
import { scoreCustomers } from '@/lib/domain/scoring/verbs/score-customers';
import { fillWithScores, startTestDatabase } from '@/local/testing/database';
import { startProductAws } from '@/local/testing/product-aws';
import { activateChurn } from './activated';
import { interleaved, report } from './harness';
import { trainedEndpoint } from './trained-endpoint';

// Scoring 23,570 customers (as many as in CDNOW) through the endpoint until readers see the stored scores, against
// posting the same rows directly to the model's process in one request. At most 3.
const most = 3;
const rounds = 7;
const customers = 23_570;
const account = '222222222222';

const stack = await startProductAws();
const database = await startTestDatabase(['foo'], { durable: true });
try {
  const context = await tenantContextForSystem('foo', 'bench');
  const { ports } = context;
  const quiet = { ...context, ports: { ...ports, jobs: { send: async () => {} } } };
  await ports.tenant.recordAccount(account);
  await fillWithScores(database.adminUrl, 'foo', customers);
  const port = await trainedEndpoint(stack, 'foo', account);
  await activateChurn(ports);
  await scoreCustomers(quiet, undefined);
  const rows = (await ports.scoringRuns.rows(null, customers)).map(({ features }) => features);
  const body = bodyOfLines('text/csv', rows);

  const { scored, posted } = await interleaved(rounds, [
    {
      name: 'scored',
      prepare: async () => {
        // As _Score all now_ does. The run that is no longer shown is removed, as happens a minute later.
        await ports.scoringRuns.open({ version: 1, askedBy: 'bench', force: true, at: new Date() });
        await ports.scoringRuns.tidy(new Date());
      },
      run: async () => {
        const outcome = await scoreCustomers(quiet, undefined);
        if (outcome !== 'scored') throw new Error(`The scoring ended ${outcome}.`);
      },
    },
    { name: 'posted', run: () => post(port, body) },
  ]);
  const { shown } = await ports.scoring.read();
  if (shown?.rowsDone !== customers) throw new Error('Not everybody was scored.');
  report({
    bench: 'score-model',
    ratio: (scored ?? Number.NaN) / (posted ?? Number.NaN),
    most,
    figures: { scoredMs: scored ?? Number.NaN, postedMs: posted ?? Number.NaN, customers },
  });
} finally {
  await database.stop();
  await stack.stop();
}

/** Posts the rows and reads one probability per row from the response. */
async function post(port: number, rowsAsCsv: string): Promise<void> {
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(
      {
        port,
        host: '127.0.0.1',
        path: '/invocations',
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(rowsAsCsv);
  });
  const answers = text.trim().split(/\r?\n/).map(Number);
  if (answers.length !== customers || !answers.every((p) => p >= 0 && p <= 1))
    throw new Error('not all answered');
}
