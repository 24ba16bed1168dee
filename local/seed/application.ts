import { InvokeEndpointCommand, ModelError, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { seededRandom } from '../../lib/domain/churn/fixtures/simulate';
import type { RunningStack } from '../environment';
import { tenantClientSettings } from '../tenant-keys';

const calls = 240;
/** An application with a mistake: one of so many of its calls ends with a feature too many, which is no number. */
const oneMistakeIn = 60;
const atOnce = 4;

/** Calls `endpoint` as an application of the tenant does: with a customer or a few per call, and not without mistakes. */
export async function callAsApplication(
  stack: RunningStack,
  tenantId: string,
  endpoint: string,
): Promise<void> {
  const client = new SageMakerRuntimeClient(await tenantClientSettings(stack, tenantId));
  try {
    for (let call = 0; call < calls; call += atOnce) {
      await Promise.all(Array.from({ length: atOnce }, (_, n) => invoke(client, endpoint, call + n)));
    }
  } finally {
    client.destroy();
  }
}

async function invoke(client: SageMakerRuntimeClient, endpoint: string, call: number): Promise<void> {
  const isMistake = call % oneMistakeIn === oneMistakeIn - 1;
  const random = seededRandom(call);
  const rows = Array.from({ length: 1 + (call % 7) }, () => featuresOfSomebody(random).join(','));
  try {
    await client.send(
      new InvokeEndpointCommand({
        EndpointName: endpoint,
        ContentType: 'text/csv',
        Body: isMistake ? `${rows.join('\n')},none` : rows.join('\n'),
      }),
    );
  } catch (error) {
    if (!isMistake || !(error instanceof ModelError)) throw error;
  }
}

/** The features of the churn interface, in its order, of an invented customer. */
function featuresOfSomebody(random: () => number): readonly number[] {
  const upTo = (most: number) => Math.floor(random() * (most + 1));
  const [recency, orders, mean] = [upTo(300), 1 + upTo(12), 15 + upTo(60)];
  const lately = recency < 90 ? Math.min(orders, 1 + upTo(3)) : 0;
  const gap = orders > 1 ? 5 + upTo(80) : 0;
  return [recency, orders, mean, recency + (orders - 1) * gap, lately, lately * mean, gap, upTo(2)];
}
