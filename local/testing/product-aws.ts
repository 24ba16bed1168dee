import { startTestAws, type TestAws } from '../aws/testing/test-aws';
import type { TestModel } from '../aws/testing/test-model';
import type { CognitoOptions } from '../cognito/service';
import { productEnvironment } from '../environment';

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
  ...more
}: {
  readonly stepMs?: number;
  readonly replicaUrl?: string;
  /** With a user pool, too. */
  readonly cognito?: Omit<CognitoOptions, 'dir'>;
} = {}): Promise<ProductAws> {
  const aws = await startTestAws({ ...more, stepMs });
  const environment = productEnvironment(
    {
      portal: 1,
      aws: Number(new URL(aws.origin).port),
      cognito: more.cognito?.port ?? 1,
      postgres: 1,
      standby: 1,
    },
    {
      nextAuthSecret: 'x'.repeat(32),
      cognitoClientSecret: 'x',
      portalDatabaseUrl: 'postgres://nobody@localhost:1/none',
      ...aws.portal,
    },
  );
  Object.assign(process.env, environment);
  return Object.assign(aws, { environment });
}
