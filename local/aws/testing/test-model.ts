import { randomUUID } from 'node:crypto';
import { siloRoleArn } from '@/local/aws-names';
import type { StandIn } from '../core/service';
import { findEndpointConfig, putEndpointConfig } from '../sagemaker/hosting/endpoint-configs';
import { type DeployedVariant, hostedKey } from '../sagemaker/hosting/endpoint-record';
import type { TestBehaviour } from '../sagemaker/hosting/model-server/testing-container';
import { putModel } from '../sagemaker/hosting/models';
import type { RunningStandIn } from '../server';

/** The process behind an endpoint under test. */
export interface TestModel {
  readonly endpointName: string;
  pid(): number | undefined;
  /** Port on loopback of the process itself; null while it is down. */
  port(): number | null;
  /** Ends the process and keeps it down: invocations fail with ServiceUnavailable, the endpoint stays InService. */
  down(): Promise<void>;
  /** Lets it come up again and resolves when it answers. */
  up(): Promise<void>;
}

/**
 * Puts an endpoint `InService` in that account (which needs no role or bucket) whose model is a real process that behaves
 * as asked; one of the same name is replaced. The same `configName` is the same deployment, which behaves otherwise now;
 * another is another deployment. The stand-in ends the process when it stops.
 */
export async function hostTestModel(
  standIn: RunningStandIn,
  accountId: string,
  endpointName: string,
  behaviour: TestBehaviour = { kind: 'good' },
  configName = endpointName,
  networkIsolation = false,
): Promise<TestModel> {
  const { endpoints, hosting } = standIn.services.sageMaker;
  const variant: DeployedVariant = {
    name: 'AllTraffic',
    modelName: configName,
    image: `000000000000.dkr.ecr.${standIn.region}.amazonaws.com/test-model:1`,
    modelDataUrl: null,
    roleArn: siloRoleArn(accountId),
    environment: {},
    instances: 1,
    weight: 1,
    startupSeconds: 30,
    networkIsolation,
    container: { container: 'testing-container', options: behaviour },
  };
  const startedAt = new Date().toISOString();
  const deployment = {
    ...{ id: randomUUID(), configName, variants: [variant], capture: null, startedAt },
  };
  await describeOrigin(standIn, accountId, configName, variant, startedAt);
  await endpoints.host(accountId, endpointName, deployment);
  const hosted = () =>
    hosting.process(hostedKey({ accountId, name: endpointName }, deployment, variant.name));
  return {
    endpointName,
    pid: () => hosted()?.pid,
    port: () => hosted()?.port ?? null,
    down: async () => hosted()?.hold(),
    async up() {
      await hosted()?.resume();
      if (!(await hosted()?.waitUntilDecided(30_000)))
        throw new Error(`The model of ${endpointName} did not come up.`);
    },
  };
}

/** The model and configuration that such an endpoint was made from, for whoever describes them. */
async function describeOrigin(
  standIn: StandIn,
  accountId: string,
  name: string,
  variant: DeployedVariant,
  startedAt: string,
): Promise<void> {
  const { image, roleArn, environment, startupSeconds } = variant;
  const before = await findEndpointConfig(standIn, accountId, name);
  const common = { accountId, name, tags: [], createdAt: before?.createdAt ?? startedAt };
  await putModel(standIn, {
    ...common,
    image,
    modelDataUrl: null,
    environment,
    roleArn,
    container: { Image: image },
  });
  await putEndpointConfig(standIn, {
    ...common,
    variants: [{ name: variant.name, modelName: name, instances: 1, weight: 1, startupSeconds }],
    capture: null,
    sent: {
      ProductionVariants: [
        { VariantName: variant.name, ModelName: name, InitialInstanceCount: 1, InstanceType: 'ml.t2.medium' },
      ],
    },
  });
}
