import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import type { Programs } from '@/local/aws/core/programs';
import type { StandIn } from '@/local/aws/core/service';
import { prepareModel } from './artefacts';
import type { EndpointConfigRecord } from './endpoint-configs';
import {
  type DeployedVariant,
  type Deployment,
  type EndpointRecord,
  hostedKey,
  keyOf,
} from './endpoint-record';
import type { HostedSpec } from './hosted-process';
import type { HostedKey, Hosting } from './hosting';
import { subscribedPackage } from './model-packages';
import { neededModel } from './models';

/** A deployment of the configuration, with its models as they are now. Throws ValidationException for a missing model. */
export async function newDeployment(standIn: StandIn, config: EndpointConfigRecord): Promise<Deployment> {
  const variants: DeployedVariant[] = [];
  for (const { name, modelName, instances, instanceType, weight, startupSeconds } of config.variants) {
    const model = await neededModel(standIn, config.accountId, modelName);
    const { image, modelDataUrl, roleArn, environment, modelPackageArn, networkIsolation } = model;
    if (modelPackageArn) await subscribedPackage(standIn, config.accountId, modelPackageArn);
    variants.push({
      ...{ name, modelName, image, modelDataUrl, roleArn, environment },
      ...{ instances, weight, startupSeconds, ...(instanceType && { instanceType }) },
      ...(modelPackageArn && { modelPackageArn }),
      ...(networkIsolation && { networkIsolation }),
    });
  }
  const startedAt = new Date().toISOString();
  return { id: randomUUID(), configName: config.name, variants, capture: config.capture, startedAt };
}

/** Brings deployments of endpoints up and takes them down. Their files are in `<dir>/endpoints`. */
export class Deployments {
  /** However many models an account deploys, it unpacks one at a time. */
  private readonly oneOfAnAccount = createKeyedMutex();

  constructor(
    private readonly standIn: StandIn,
    private readonly programs: Programs,
    private readonly hosting: Hosting,
    private readonly dir: string,
  ) {}

  /** Starts a process per variant. Null, or why the deployment did not come up. */
  async bringUp(
    endpoint: EndpointRecord,
    deployment: Deployment,
    signal: AbortSignal,
  ): Promise<string | null> {
    for (const variant of deployment.variants) {
      const key = hostedKey(endpoint, deployment, variant.name);
      const spec = await this.prepared(key, variant, signal);
      if (typeof spec === 'string') return spec;
      if (!(await this.hosting.start(key, spec))) {
        return `The primary container for production variant ${variant.name} did not pass the ping health check. Please check CloudWatch logs for this endpoint.`;
      }
    }
    return null;
  }

  /** Starts the processes of a deployment that was in service before a stop. */
  async restore(endpoint: EndpointRecord, deployment: Deployment, signal: AbortSignal): Promise<void> {
    for (const variant of deployment.variants) {
      const key = hostedKey(endpoint, deployment, variant.name);
      const spec = await this.prepared(key, variant, signal);
      signal.throwIfAborted();
      if (typeof spec === 'string') {
        this.standIn.log.warn({ endpoint: keyOf(endpoint), why: spec }, 'The files of a model are gone.');
      } else this.hosting.resume(key, spec);
    }
  }

  /** Ends the deployment's processes and removes its files. */
  async takeDown(endpoint: EndpointRecord, deployment: Deployment): Promise<void> {
    for (const { name } of deployment.variants) {
      await this.hosting.release(hostedKey(endpoint, deployment, name));
    }
    await rm(join(this.folderOf(endpoint), deployment.id), { recursive: true, force: true });
  }

  /** Removes all files of an endpoint. */
  removeFiles(endpoint: EndpointRecord): Promise<void> {
    return rm(this.folderOf(endpoint), { recursive: true, force: true });
  }

  private folderOf({ accountId, name }: Pick<EndpointRecord, 'accountId' | 'name'>): string {
    return join(this.dir, 'endpoints', accountId, name);
  }

  /** What the variant's process is started with, its model unpacked; or why that cannot be had. */
  private async prepared(
    key: HostedKey,
    variant: DeployedVariant,
    signal: AbortSignal,
  ): Promise<HostedSpec | string> {
    const { accountId, endpointName, deployment, variantName } = key;
    const workDir = join(this.folderOf({ accountId, name: endpointName }), deployment, variantName);
    const modelDir = join(workDir, 'model');
    const loaded = await this.oneOfAnAccount(accountId, () =>
      prepareModel(this.standIn, this.programs, variant, modelDir, signal),
    );
    if (typeof loaded === 'string') return loaded;
    return {
      ...loaded,
      endpointName,
      variantName,
      modelDir,
      workDir,
      environment: variant.environment,
      startupMs: variant.startupSeconds * 1000,
      networkIsolation: variant.networkIsolation ?? false,
    };
  }
}
