import {
  CreateAppCommand,
  CreateUserProfileCommand,
  DescribeAppCommand,
  DescribeUserProfileCommand,
  ListDomainsCommand,
  type ResourceSpec,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { RunningStack } from '../environment';
import { tenantClientSettings } from '../tenant-keys';

const profile = 'demo';
const checkMs = 500;

/** Starts JupyterLab or Code Editor on each of `types`, with the tenant's keys, unless it was started before. Throws when `signal` is aborted. */
export async function startApps(
  stack: RunningStack,
  tenantId: string,
  types: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const client = new SageMakerClient(await tenantClientSettings(stack, tenantId));
  try {
    const { Domains } = await client.send(new ListDomainsCommand({}));
    const user = { DomainId: Domains?.[0]?.DomainId, UserProfileName: profile };
    await profileInService(client, user, signal);
    for (const [index, type] of types.entries()) {
      const app = { ...user, AppType: index % 2 ? 'CodeEditor' : 'JupyterLab', AppName: 'default' } as const;
      if (await isThere(client.send(new DescribeAppCommand(app)))) continue;
      const InstanceType = type as ResourceSpec['InstanceType'];
      await client.send(new CreateAppCommand({ ...app, ResourceSpec: { InstanceType } }));
    }
  } finally {
    client.destroy();
  }
}

interface User {
  readonly DomainId: string | undefined;
  readonly UserProfileName: string;
}

async function profileInService(client: SageMakerClient, user: User, signal: AbortSignal): Promise<void> {
  if (!(await isThere(client.send(new DescribeUserProfileCommand(user)))))
    await client.send(new CreateUserProfileCommand(user));
  while ((await client.send(new DescribeUserProfileCommand(user))).Status !== 'InService') {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, checkMs));
  }
}

async function isThere(described: Promise<unknown>): Promise<boolean> {
  try {
    await described;
    return true;
  } catch (error) {
    if (Object(error).name === 'ResourceNotFound') return false;
    throw error;
  }
}
