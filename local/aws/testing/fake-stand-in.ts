import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCloudFormation } from '../cloudformation/service';
import type { IamRole } from '../core/iam-role';
import {
  AwsError,
  type Caller,
  type HttpService,
  type RpcService,
  type StandIn,
  type StateStore,
} from '../core/service';
import type { Services } from '../core/services';
import { createSageMaker } from '../sagemaker/service';
import { createServiceCatalog } from '../service-catalog/service';
import { createOutbox } from '../ses/outbox';
import { createStudio } from '../studio/service';

/** State that a restart of the fake keeps. */
export interface FakeState {
  readonly documents: Map<string, string>;
  readonly roles: Map<string, IamRole>;
  readonly buckets: Map<string, string>;
  readonly objects: Map<string, { key: string; bytes: number; modifiedAt: string }[]>;
  /** Bodies of messages in the events queue. */
  readonly events: string[];
}

export type RpcName = 'servicecatalog' | 'cloudformation' | 'sagemaker';

/** A stand-in in memory for unit tests; its time passes only in `settle`. */
export interface FakeStandIn {
  readonly standIn: StandIn;
  readonly kept: FakeState;
  readonly studio: HttpService;
  /** Calls an operation as that caller; `T` is the SDK's type of the answer, with times as numbers. */
  call<T = object>(service: RpcName, operation: string, input: object, caller?: Caller): Promise<T>;
  /** Adds a fault that happens once. */
  fault(point: string, subject: string, message?: string): void;
  /** Refuses an action to everybody. */
  deny(action: string): void;
  /** Runs what is due within the next `aheadMs` (half an hour: no idle stop), in order of time, and `tasks` at most. */
  settle(tasks?: number, aheadMs?: number): Promise<void>;
  /** Takes up work as a start after a stop does. */
  start(): Promise<void>;
}

export const portal: Caller = {
  accountId: '111122223333',
  arn: 'arn:aws:iam::111122223333:role/annex-portal',
  roleArn: 'arn:aws:iam::111122223333:role/annex-portal',
  tags: {},
};

/** A session of the tenant role in `accountId`. */
export const tenantCaller = (accountId: string, tenantId: string): Caller => ({
  accountId,
  arn: `arn:aws:sts::${accountId}:assumed-role/annex-tenant/${tenantId}`,
  roleArn: `arn:aws:iam::${accountId}:role/annex-tenant`,
  tags: { TenantId: tenantId },
});

const emptyState = (): FakeState => ({
  documents: new Map(),
  roles: new Map(),
  buckets: new Map(),
  objects: new Map(),
  events: [],
});

/** Makes a fake over `kept`; making another over the same is a restart without a proper stop. */
export function fakeStandIn(kept: FakeState = emptyState()): FakeStandIn {
  const pending: { at: number; readonly task: () => Promise<void> }[] = [];
  const faults: { point: string; subject: string; message: string }[] = [];
  const denied = new Set<string>();
  let now = 0;

  const standIn: StandIn = {
    region: 'us-east-1',
    portalAccountId: portal.accountId,
    origin: 'http://localhost:4566',
    studioOrigin: 'http://studio.localhost:4566',
    stepMs: 100,
    state: memoryState(kept.documents),
    log: { info() {}, warn() {}, error() {} },
    authorize(caller, action, resource) {
      const [, , , , account] = resource.split(':');
      if (!denied.has(action) && (account === undefined || account === caller.accountId)) return;
      throw new AwsError(
        'AccessDeniedException',
        `User: ${caller.arn} is not authorized to perform: ${action} on ${resource}`,
      );
    },
    get services() {
      return services;
    },
    later: (ms, task) => {
      pending.push({ at: now + ms, task });
    },
    fault(point, subject) {
      const at = faults.findIndex((fault) => fault.point === point && fault.subject === subject);
      return at < 0 ? null : (faults.splice(at, 1)[0]?.message ?? null);
    },
    standing: (point, subject) =>
      faults.find((fault) => fault.point === point && fault.subject === subject)?.message ?? null,
  };

  const cloudFormation = createCloudFormation(standIn);
  const sageMaker = createSageMaker(standIn, join(tmpdir(), 'annex-fake-sagemaker'));
  const services: Services = { ...memoryServices(kept), cloudFormation, sageMaker };
  const rpc: Record<RpcName, RpcService> = {
    servicecatalog: createServiceCatalog(standIn),
    cloudformation: cloudFormation,
    sagemaker: sageMaker,
  };

  return {
    standIn,
    kept,
    studio: createStudio(standIn, sageMaker),
    async call<T>(service: RpcName, operation: string, input: object, caller = portal) {
      const run = rpc[service].operations[operation];
      if (!run) throw new Error(`There is no ${service}:${operation}`);
      return (await run({ ...input }, caller, 'request', new AbortController().signal)) as T;
    },
    fault: (point, subject, message = 'asked for') => void faults.push({ point, subject, message }),
    deny: (action) => void denied.add(action),
    async settle(tasks = 1000, aheadMs = 30 * 60_000) {
      const until = now + aheadMs;
      for (let run = 0; run < tasks; run += 1) {
        pending.sort((a, b) => a.at - b.at);
        const next = pending[0];
        if (!next || next.at > until) return;
        pending.shift();
        now = next.at;
        await next.task();
      }
    },
    async start() {
      for (const service of Object.values(rpc)) await service.start?.();
    },
  };
}

function memoryState(documents: Map<string, string>): StateStore {
  const at = (collection: string, key: string) => `${collection}\n${key}`;
  return {
    async get<T>(collection: string, key: string) {
      const text = documents.get(at(collection, key));
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    async put(collection, key, value) {
      documents.set(at(collection, key), JSON.stringify(value));
    },
    async delete(collection, key) {
      documents.delete(at(collection, key));
    },
    async list<T>(collection: string, range: { prefix?: string; gt?: string; limit?: number } = {}) {
      return [...documents]
        .filter(([key]) => key.startsWith(at(collection, range.prefix ?? '')))
        .map(([key, text]) => [key.slice(collection.length + 1), JSON.parse(text) as T] as const)
        .filter(([key]) => range.gt === undefined || key > range.gt)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, range.limit);
    },
  };
}

const absent = async (): Promise<never> => {
  throw new Error('The fake does not have this.');
};

function memoryServices(kept: FakeState): Omit<Services, 'cloudFormation' | 'sageMaker'> {
  return {
    cloudWatch: { put: () => undefined },
    usage: { set: async () => undefined },
    marketplace: { modelPackage: async () => undefined, isSubscribed: async () => false },
    apiGateway: { endpoint: (apiId) => apiId, put: absent, remove: absent },
    lambda: { call: absent, invokeAs: absent },
    logs: { ensureGroup: absent, deleteGroup: absent, write: async () => undefined },
    outbox: createOutbox(memoryState(kept.documents)),
    sts: {
      async assumeForService() {
        throw new Error('The fake gives no sessions.');
      },
      trusts: (service, roleArn) => kept.roles.get(roleArn)?.trust.principals.includes(service) ?? false,
    },
    iam: {
      async putRole(role) {
        kept.roles.set(role.arn, role);
      },
      async deleteRole(arn) {
        kept.roles.delete(arn);
      },
      role: (arn) => kept.roles.get(arn),
      setResourcePolicy: () => undefined,
    },
    s3: {
      async createBucket(accountId, bucket) {
        kept.buckets.set(bucket, accountId);
      },
      async deleteBucket(bucket) {
        kept.buckets.delete(bucket);
      },
      bucketsOf: async (accountId) =>
        [...kept.buckets].filter(([, owner]) => owner === accountId).map(([bucket]) => bucket),
      read: absent,
      makeBucket: absent,
      removeBucket: absent,
      setPolicy: absent,
      objects: async (bucket, limit) => (kept.objects.get(bucket) ?? []).slice(0, limit),
    },
    sqs: {
      async deliver(_queue, body) {
        kept.events.push(body);
      },
    },
  };
}
