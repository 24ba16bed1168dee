import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createBackgroundTasks } from '@/local/aws/core/background-tasks';
import { createDurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import { prepareModel } from './artefacts';
import type { EndpointConfigRecord } from './endpoint-configs';
import {
  type DeployedVariant,
  type Deployment,
  type EndpointRecord,
  endpointArn,
  hostedKey,
  keyOf,
} from './endpoint-record';
import type { HostedSpec } from './hosted-process';
import type { HostedKey, Hosting } from './hosting';
import { neededModel } from './models';

export interface Endpoints {
  find(accountId: string, name: string): Promise<EndpointRecord | undefined>;
  /** As `find`; throws ValidationException. */
  needed(accountId: string, name: string): Promise<EndpointRecord>;
  of(accountId: string): Promise<readonly EndpointRecord[]>;
  create(
    accountId: string,
    name: string,
    config: EndpointConfigRecord,
    tags: readonly object[],
  ): Promise<EndpointRecord>;
  update(accountId: string, name: string, config: EndpointConfigRecord): Promise<EndpointRecord>;
  remove(accountId: string, name: string): Promise<void>;
  /** Puts an endpoint in service at once, in the place of one of that name. Throws when its process does not come up. */
  host(accountId: string, name: string, deployment: Deployment): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface EndpointTimers {
  deploy: { readonly accountId: string; readonly name: string };
  remove: { readonly accountId: string; readonly name: string };
}

const collection = 'sagemaker.endpoints';
/** How often a timer looks whether the task that it began has ended. */
const lookEveryMs = 500;

/** Endpoints of every account; what is on its way survives a stop, and so does what is in service. */
export function createEndpoints(standIn: StandIn, hosting: Hosting, dir: string): Endpoints {
  const withLock = createKeyedMutex();
  const tasks = createBackgroundTasks(standIn.log);

  const find = (accountId: string, name: string) =>
    standIn.state.get<EndpointRecord>(collection, keyOf({ accountId, name }));
  const put = async (endpoint: EndpointRecord): Promise<EndpointRecord> => {
    const stamped = { ...endpoint, modifiedAt: new Date().toISOString() };
    await standIn.state.put(collection, keyOf(endpoint), stamped);
    return stamped;
  };
  const workDirOf = (key: HostedKey): string =>
    join(dir, 'endpoints', key.accountId, key.endpointName, key.deployment, key.variantName);

  const timers = createDurableTimers<EndpointTimers>(standIn, 'sagemaker.endpoint-stages', {
    deploy: async ({ accountId, name }) => {
      const endpoint = await find(accountId, name);
      const next = endpoint?.next;
      if (!endpoint || !next) return undefined;
      tasks.begin(keyOf(endpoint), (signal) => bringUp(endpoint, next, signal));
      return lookEveryMs;
    },
    remove: async ({ accountId, name }) => {
      const endpoint = await find(accountId, name);
      if (endpoint?.status !== 'Deleting') return undefined;
      if (endpoint.current) await takeDown(endpoint, endpoint.current);
      await rm(join(dir, 'endpoints', accountId, name), { recursive: true, force: true });
      await standIn.state.delete(collection, keyOf(endpoint));
      return undefined;
    },
  });

  async function bringUp(
    endpoint: EndpointRecord,
    deployment: Deployment,
    signal: AbortSignal,
  ): Promise<void> {
    const fault = standIn.fault('endpoint.fail', endpoint.name);
    const failure = fault ?? (await startVariants(endpoint, deployment, signal));
    signal.throwIfAborted();
    if (failure !== null) await takeDown(endpoint, deployment);
    await withLock(keyOf(endpoint), async () => {
      const now = await find(endpoint.accountId, endpoint.name);
      if (now?.next?.id !== deployment.id) return;
      standIn.log.info({ endpoint: keyOf(endpoint), failure }, 'a deployment has ended');
      const settled = { ...now, next: null, failureReason: failure };
      if (failure === null) await put({ ...settled, status: 'InService', current: deployment });
      else await put({ ...settled, status: now.current ? 'InService' : 'Failed' });
    });
    if (failure === null && endpoint.current) await takeDown(endpoint, endpoint.current);
  }

  /** Null, or why the deployment did not come up. */
  async function startVariants(
    endpoint: EndpointRecord,
    deployment: Deployment,
    signal: AbortSignal,
  ): Promise<string | null> {
    for (const variant of deployment.variants) {
      const key = hostedKey(endpoint, deployment, variant.name);
      const spec = await prepared(key, variant, signal);
      if (typeof spec === 'string') return spec;
      if (!(await hosting.start(key, spec))) {
        return `The primary container for production variant ${variant.name} did not pass the ping health check. Please check CloudWatch logs for this endpoint.`;
      }
    }
    return null;
  }

  async function prepared(
    key: HostedKey,
    variant: DeployedVariant,
    signal: AbortSignal,
  ): Promise<HostedSpec | string> {
    const workDir = workDirOf(key);
    const loaded = await prepareModel(standIn, variant, join(workDir, 'model'), signal);
    if (typeof loaded === 'string') return loaded;
    return {
      endpointName: key.endpointName,
      variantName: key.variantName,
      container: loaded.file,
      options: loaded.options,
      modelDir: join(workDir, 'model'),
      workDir,
      environment: variant.environment,
      startupMs: variant.startupSeconds * 1000,
    };
  }

  async function takeDown(endpoint: EndpointRecord, deployment: Deployment): Promise<void> {
    for (const { name } of deployment.variants) await hosting.release(hostedKey(endpoint, deployment, name));
    const folder = join(dir, 'endpoints', endpoint.accountId, endpoint.name, deployment.id);
    await rm(folder, { recursive: true, force: true });
  }

  /** Keeps up what was in service before a stop. */
  async function restore(
    endpoint: EndpointRecord,
    deployment: Deployment,
    signal: AbortSignal,
  ): Promise<void> {
    for (const variant of deployment.variants) {
      const key = hostedKey(endpoint, deployment, variant.name);
      const spec = await prepared(key, variant, signal);
      signal.throwIfAborted();
      if (typeof spec === 'string')
        standIn.log.warn({ endpoint: keyOf(endpoint), why: spec }, 'a model is gone');
      else hosting.resume(key, spec);
    }
  }

  async function needed(accountId: string, name: string): Promise<EndpointRecord> {
    const endpoint = await find(accountId, name);
    if (endpoint) return endpoint;
    throw new AwsError(
      'ValidationException',
      `Could not find endpoint "${endpointArn(standIn, accountId, name)}".`,
    );
  }

  async function deploymentOf(config: EndpointConfigRecord): Promise<Deployment> {
    const variants: DeployedVariant[] = [];
    for (const { name, modelName, instances, weight, startupSeconds } of config.variants) {
      const { image, modelDataUrl, roleArn, environment } = await neededModel(
        standIn,
        config.accountId,
        modelName,
      );
      variants.push({
        name,
        modelName,
        image,
        modelDataUrl,
        roleArn,
        environment,
        instances,
        weight,
        startupSeconds,
      });
    }
    const startedAt = new Date().toISOString();
    return { id: randomUUID(), configName: config.name, variants, capture: config.capture, startedAt };
  }

  const schedule = (
    kind: keyof EndpointTimers,
    { accountId, name }: EndpointRecord,
    ms: number,
  ): Promise<void> => timers.schedule(kind, keyOf({ accountId, name }), ms, { accountId, name });

  return {
    find,
    needed,
    async of(accountId) {
      const all = await standIn.state.list<EndpointRecord>(collection, { prefix: `${accountId}/` });
      return all.map(([, endpoint]) => endpoint);
    },
    create: (accountId, name, config, tags) =>
      withLock(keyOf({ accountId, name }), async () => {
        if (await find(accountId, name)) {
          const arn = endpointArn(standIn, accountId, name);
          throw new AwsError('ValidationException', `Cannot create already existing endpoint "${arn}".`);
        }
        const createdAt = new Date().toISOString();
        const next = await deploymentOf(config);
        const endpoint = await put({
          ...{ accountId, name, tags, createdAt, modifiedAt: createdAt },
          ...{ status: 'Creating', failureReason: null, current: null, next },
        });
        await schedule('deploy', endpoint, standIn.stepMs);
        return endpoint;
      }),
    update: (accountId, name, config) =>
      withLock(keyOf({ accountId, name }), async () => {
        const endpoint = await needed(accountId, name);
        refuseInProgress(standIn, endpoint);
        const next = await deploymentOf(config);
        const updating = await put({ ...endpoint, status: 'Updating', failureReason: null, next });
        await schedule('deploy', updating, standIn.stepMs);
        return updating;
      }),
    remove: (accountId, name) =>
      withLock(keyOf({ accountId, name }), async () => {
        const endpoint = await needed(accountId, name);
        refuseInProgress(standIn, endpoint);
        await schedule('remove', await put({ ...endpoint, status: 'Deleting' }), standIn.stepMs / 2);
      }),
    host: (accountId, name, deployment) =>
      withLock(keyOf({ accountId, name }), async () => {
        const before = await find(accountId, name);
        const createdAt = before?.createdAt ?? deployment.startedAt;
        const endpoint: EndpointRecord = {
          ...{ accountId, name, tags: [], createdAt, modifiedAt: createdAt },
          ...{ status: 'InService', failureReason: null, current: deployment, next: null },
        };
        const failure = await startVariants(endpoint, deployment, new AbortController().signal);
        if (failure !== null) throw new Error(failure);
        await put(endpoint);
        if (before?.current) await takeDown(before, before.current);
      }),
    async start() {
      await timers.start();
      for (const [key, endpoint] of await standIn.state.list<EndpointRecord>(collection)) {
        const { current, next, status } = endpoint;
        const kind = next ? 'deploy' : status === 'Deleting' ? 'remove' : null;
        if (kind && !(await timers.has(kind, key))) await schedule(kind, endpoint, standIn.stepMs);
        if (current && status !== 'Deleting')
          tasks.begin(`${key}/restore`, (signal) => restore(endpoint, current, signal));
      }
    },
    async stop() {
      await tasks.stop();
      await hosting.stop();
    },
  };
}

function refuseInProgress(standIn: StandIn, { accountId, name, status }: EndpointRecord): void {
  if (status === 'InService' || status === 'Failed') return;
  const arn = endpointArn(standIn, accountId, name);
  throw new AwsError('ValidationException', `Cannot update in-progress endpoint "${arn}".`);
}
