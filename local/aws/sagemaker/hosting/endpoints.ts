import { type BackgroundTasks, createBackgroundTasks } from '@/local/aws/core/background-tasks';
import { createDurableTimers, type DurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import type { Programs } from '@/local/aws/core/programs';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import { refuseBeyondQuota } from '../shared/quotas';
import { Deployments, newDeployment } from './deployments';
import type { EndpointConfigRecord } from './endpoint-configs';
import { type Deployment, type EndpointRecord, endpointArn, instancesOf, keyOf } from './endpoint-record';
import { EndpointStore } from './endpoint-store';
import type { Hosting } from './hosting';

type EndpointKey = Pick<EndpointRecord, 'accountId' | 'name'>;

interface EndpointTimers {
  deploy: EndpointKey;
  remove: EndpointKey;
}

/** How often a timer looks whether the task that it began has ended. */
const checkEveryMs = 500;

/** Endpoints of every account. Deployments under way and endpoints in service survive a stop. */
export class Endpoints {
  private readonly withLock = createKeyedMutex();
  private readonly store: EndpointStore;
  private readonly deployments: Deployments;
  private readonly tasks: BackgroundTasks;
  private readonly timers: DurableTimers<EndpointTimers>;

  /** Files of hosted models go to `dir`. */
  constructor(
    private readonly standIn: StandIn,
    programs: Programs,
    private readonly hosting: Hosting,
    dir: string,
  ) {
    this.store = new EndpointStore(standIn);
    this.deployments = new Deployments(standIn, programs, hosting, dir);
    this.tasks = createBackgroundTasks(standIn.log);
    this.timers = createDurableTimers<EndpointTimers>(standIn, 'sagemaker.endpoint-stages', {
      deploy: (key) => this.deployWhenDue(key),
      remove: (key) => this.removeWhenDue(key),
    });
  }

  find(accountId: string, name: string): Promise<EndpointRecord | undefined> {
    return this.store.find(accountId, name);
  }

  /** As `find`; throws ValidationException. */
  needed(accountId: string, name: string): Promise<EndpointRecord> {
    return this.store.needed(accountId, name);
  }

  of(accountId: string): Promise<readonly EndpointRecord[]> {
    return this.store.list(accountId);
  }

  /** Throws ResourceLimitExceeded where the account has no more instances, as `update`. */
  create(
    accountId: string,
    name: string,
    config: EndpointConfigRecord,
    tags: readonly object[],
  ): Promise<EndpointRecord> {
    return this.withinQuota(accountId, name, async () => {
      if (await this.store.find(accountId, name)) {
        const arn = endpointArn(this.standIn, accountId, name);
        throw new AwsError('ValidationException', `Cannot create already existing endpoint "${arn}".`);
      }
      const createdAt = new Date().toISOString();
      const next = await this.affordable(accountId, await newDeployment(this.standIn, config));
      const endpoint = await this.store.put({
        ...{ accountId, name, tags, createdAt, modifiedAt: createdAt },
        ...{ status: 'Creating', failureReason: null, current: null, next },
      });
      await this.schedule('deploy', endpoint, this.standIn.stepMs);
      return endpoint;
    });
  }

  update(accountId: string, name: string, config: EndpointConfigRecord): Promise<EndpointRecord> {
    return this.withinQuota(accountId, name, async () => {
      const endpoint = await this.store.needed(accountId, name);
      refuseInProgress(this.standIn, endpoint);
      const next = await this.affordable(accountId, await newDeployment(this.standIn, config));
      const updating = await this.store.put({ ...endpoint, status: 'Updating', failureReason: null, next });
      await this.schedule('deploy', updating, this.standIn.stepMs);
      return updating;
    });
  }

  /** The account's lock comes first: whoever counts its instances adds to them before the next one counts. */
  private withinQuota<T>(accountId: string, name: string, work: () => Promise<T>): Promise<T> {
    return this.withLock(accountId, () => this.withLock(keyOf({ accountId, name }), work));
  }

  /** While an endpoint is updated, both its deployments run. */
  private async affordable(accountId: string, next: Deployment): Promise<Deployment> {
    const endpoints = await this.store.list(accountId);
    const used = endpoints.reduce((sum, each) => sum + instancesOf(each.current) + instancesOf(each.next), 0);
    refuseBeyondQuota('Number of instances across active endpoints', used, instancesOf(next));
    return next;
  }

  remove(accountId: string, name: string): Promise<void> {
    return this.withLock(keyOf({ accountId, name }), async () => {
      const endpoint = await this.store.needed(accountId, name);
      refuseInProgress(this.standIn, endpoint);
      const deleting = await this.store.put({ ...endpoint, status: 'Deleting' });
      await this.schedule('remove', deleting, this.standIn.stepMs / 2);
    });
  }

  /** Puts an endpoint in service at once, in the place of one of that name. Throws when its process does not come up. */
  host(accountId: string, name: string, deployment: Deployment): Promise<void> {
    return this.withLock(keyOf({ accountId, name }), async () => {
      const before = await this.store.find(accountId, name);
      const createdAt = before?.createdAt ?? deployment.startedAt;
      const endpoint: EndpointRecord = {
        ...{ accountId, name, tags: [], createdAt, modifiedAt: createdAt },
        ...{ status: 'InService', failureReason: null, current: deployment, next: null },
      };
      const { signal } = new AbortController();
      const failure = await this.deployments.bringUp(endpoint, deployment, signal);
      if (failure !== null) throw new Error(failure);
      await this.store.put(endpoint);
      if (before?.current) await this.deployments.takeDown(before, before.current);
    });
  }

  /** Continues what a stop interrupted, and starts the processes of endpoints that are in service. */
  async start(): Promise<void> {
    await this.timers.start();
    for (const endpoint of await this.store.list()) {
      const { current, next, status } = endpoint;
      const key = keyOf(endpoint);
      const kind = next ? 'deploy' : status === 'Deleting' ? 'remove' : null;
      if (kind && !(await this.timers.has(kind, key))) {
        await this.schedule(kind, endpoint, this.standIn.stepMs);
      }
      if (current && status !== 'Deleting') {
        this.tasks.begin(`${key}/restore`, (signal) => this.deployments.restore(endpoint, current, signal));
      }
    }
  }

  async stop(): Promise<void> {
    await this.tasks.stop();
    await this.hosting.stop();
  }

  private schedule(kind: keyof EndpointTimers, { accountId, name }: EndpointKey, ms: number): Promise<void> {
    return this.timers.schedule(kind, keyOf({ accountId, name }), ms, { accountId, name });
  }

  private async deployWhenDue({ accountId, name }: EndpointKey): Promise<number | undefined> {
    const endpoint = await this.store.find(accountId, name);
    const next = endpoint?.next;
    if (!endpoint || !next) return undefined;
    this.tasks.begin(keyOf(endpoint), (signal) => this.deploy(endpoint, next, signal));
    return checkEveryMs;
  }

  private async removeWhenDue({ accountId, name }: EndpointKey): Promise<undefined> {
    const endpoint = await this.store.find(accountId, name);
    if (endpoint?.status !== 'Deleting') return undefined;
    if (endpoint.current) await this.deployments.takeDown(endpoint, endpoint.current);
    await this.deployments.removeFiles(endpoint);
    await this.store.delete(endpoint);
    return undefined;
  }

  /** Brings a deployment up, and only then takes down the one before it. */
  private async deploy(endpoint: EndpointRecord, deployment: Deployment, signal: AbortSignal): Promise<void> {
    const fault = this.standIn.fault('endpoint.fail', endpoint.name);
    const failure = fault ?? (await this.deployments.bringUp(endpoint, deployment, signal));
    signal.throwIfAborted();
    if (failure !== null) await this.deployments.takeDown(endpoint, deployment);
    await this.recordEnd(endpoint, deployment, failure);
    if (failure === null && endpoint.current) await this.deployments.takeDown(endpoint, endpoint.current);
  }

  private recordEnd(endpoint: EndpointRecord, deployment: Deployment, failure: string | null): Promise<void> {
    return this.withLock(keyOf(endpoint), async () => {
      const now = await this.store.find(endpoint.accountId, endpoint.name);
      if (now?.next?.id !== deployment.id) return;
      this.standIn.log.info({ endpoint: keyOf(endpoint), failure }, 'A deployment has ended.');
      const settled = { ...now, next: null, failureReason: failure };
      if (failure === null) await this.store.put({ ...settled, status: 'InService', current: deployment });
      else await this.store.put({ ...settled, status: now.current ? 'InService' : 'Failed' });
    });
  }
}

function refuseInProgress(standIn: StandIn, { accountId, name, status }: EndpointRecord): void {
  if (status === 'InService' || status === 'Failed') return;
  const arn = endpointArn(standIn, accountId, name);
  throw new AwsError('ValidationException', `Cannot update in-progress endpoint "${arn}".`);
}
