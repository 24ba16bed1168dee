import { startTestAws, type TestAws } from '../aws/testing/test-aws';
import type { TestModel } from '../aws/testing/test-model';
import { readClientSecret } from '../cognito/secrets';
import { productEnvironment } from '../environment';
import { freePort } from '../free-port';

/** The embedded AWS for product code that runs in this process. */
export interface ProductAws extends TestAws {
  /** The product's environment for this AWS. `DATABASE_URL` leads nowhere. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How a hosted model responds to requests, and the model. */
export type Behaviour = NonNullable<Parameters<TestAws['hostModel']>[2]>;
export type HostedModel = TestModel;

/**
 * Starts an AWS and points this process's environment to it. `stepMs`: length of one asynchronous step. `replicaUrl`:
 * the database that its Glue reads.
 */
export async function startProductAws({
  stepMs = 40,
  hasPool = false,
  ...more
}: {
  readonly stepMs?: number;
  readonly replicaUrl?: string;
  /** With a user pool, too. */
  readonly hasPool?: boolean;
} = {}): Promise<ProductAws> {
  const port = hasPool ? await freePort() : 1;
  const pool = hasPool ? { cognito: { port, portals: ['http://localhost:1'] } } : {};
  const aws = await startTestAws({ ...more, ...pool, stepMs });
  const environment = productEnvironment(
    {
      portal: 1,
      aws: Number(new URL(aws.origin).port),
      cognito: port,
      postgres: 1,
      standby: 1,
    },
    {
      nextAuthSecret: 'x'.repeat(32),
      cognitoClientSecret: hasPool ? await readClientSecret(aws.dir) : 'x',
      portalDatabaseUrl: 'postgres://nobody@localhost:1/none',
      ...aws.portal,
    },
  );
  Object.assign(process.env, environment);
  return Object.assign(aws, { environment });
}
