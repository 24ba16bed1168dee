import { randomBytes } from 'node:crypto';
import { createDurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import type { DomainTemplate, StudioDomains } from '@/local/aws/core/services';
import { structure } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import { siloRoleArn } from '@/local/aws-names';
import { forms, neededForm, pageOfInput } from '../shared/input';
import {
  type AppIdleSettings,
  idleSettingsDetail,
  idleSettingsOfInput,
  instanceTypeOfInput,
} from './idle-settings';

/** A Studio domain of one account. */
export interface Domain {
  readonly domainId: string;
  readonly name: string;
  readonly accountId: string;
  readonly tenantId: string;
  readonly status: 'Pending' | 'InService' | 'Failed';
  readonly failureReason: string | null;
  readonly instanceType: string;
  readonly idleTimeoutMinutes: number;
  /** What UpdateDomain set; what is missing is as the baseline made it. */
  readonly idle?: AppIdleSettings;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

const collection = 'sagemaker.domains';
/** How many steps a domain takes that was asked to be slow. */
const slowSteps = 8;

/** ARN of a domain. */
export const domainArn = (standIn: StandIn, accountId: string, domainId: string): string =>
  `arn:aws:sagemaker:${standIn.region}:${accountId}:domain/${domainId}`;

/** The domain of that account; `undefined` when the account has no such domain. */
export const findDomain = (
  { state }: StandIn,
  accountId: string,
  domainId: string,
): Promise<Domain | undefined> => state.get<Domain>(collection, `${accountId}/${domainId}`);

/** As `findDomain`; throws ResourceNotFound. */
export async function neededDomain(standIn: StandIn, accountId: string, domainId: string): Promise<Domain> {
  const domain = await findDomain(standIn, accountId, domainId);
  return domain ?? noDomain(standIn, accountId, domainId);
}

function noDomain(standIn: StandIn, accountId: string, domainId: string): never {
  throw new AwsError(
    'ResourceNotFound',
    `Domain [${domainArn(standIn, accountId, domainId)}] does not exist.`,
  );
}

/** The account's domains, by id. */
const domainsOf = async ({ state }: StandIn, accountId: string): Promise<readonly Domain[]> =>
  (await state.list<Domain>(collection, { prefix: `${accountId}/` })).map(([, domain]) => domain);

/** What holds for apps whose user profile has no settings of its own. The baseline's template sets it for JupyterLab alone. */
export const idleSettingsOf = ({ idle, idleTimeoutMinutes }: Domain): AppIdleSettings => ({
  JupyterLab: { LifecycleManagement: 'ENABLED', IdleTimeoutInMinutes: idleTimeoutMinutes },
  ...idle,
});

const putDomain = ({ state }: StandIn, domain: Domain): Promise<void> =>
  state.put(collection, `${domain.accountId}/${domain.domainId}`, {
    ...domain,
    modifiedAt: new Date().toISOString(),
  });

/** Makes domains for the baseline; one that is on its way survives a stop. */
export function createDomains(standIn: StandIn): Omit<StudioDomains, 'domainInUse'> & {
  start(): Promise<void>;
} {
  const withLock = createKeyedMutex();
  const put = (domain: Domain): Promise<void> => putDomain(standIn, domain);

  const timers = createDurableTimers<{ up: { readonly accountId: string; readonly domainId: string } }>(
    standIn,
    'sagemaker.domain-stages',
    {
      up: async ({ accountId, domainId }) => {
        const domain = await findDomain(standIn, accountId, domainId);
        if (domain?.status !== 'Pending') return undefined;
        if (standIn.standing('domain.stuck', domain.tenantId) !== null) return standIn.stepMs;
        const fault = standIn.fault('domain.fail', domain.tenantId);
        standIn.log.info(
          { accountId, domainId, fault },
          fault === null ? 'A Studio domain is up.' : 'A Studio domain failed.',
        );
        await put(
          fault === null
            ? { ...domain, status: 'InService' }
            : { ...domain, status: 'Failed', failureReason: fault },
        );
        return undefined;
      },
    },
  );

  async function schedule(domain: Domain): Promise<void> {
    const slow = standIn.fault('domain.slow', domain.tenantId) !== null;
    const { accountId, domainId } = domain;
    await timers.schedule('up', domainId, standIn.stepMs * (slow ? slowSteps : 1), { accountId, domainId });
  }

  async function ensureDomain(template: DomainTemplate): Promise<void> {
    const { accountId } = template;
    for (const domain of await domainsOf(standIn, accountId)) {
      if (domain.status !== 'Failed') return;
      await standIn.state.delete(collection, `${accountId}/${domain.domainId}`);
    }
    const domain = newDomain(template);
    await put(domain);
    await schedule(domain);
  }

  return {
    ensureDomain: (template) => withLock(template.accountId, () => ensureDomain(template)),
    deleteDomains: (accountId) =>
      withLock(accountId, async () => {
        for (const { domainId } of await domainsOf(standIn, accountId))
          await standIn.state.delete(collection, `${accountId}/${domainId}`);
      }),
    async domainStatus(accountId) {
      return (await domainsOf(standIn, accountId))[0]?.status ?? null;
    },
    async start() {
      await timers.start();
      // A domain that was stored when a stop came before its timer was set.
      for (const [, domain] of await standIn.state.list<Domain>(collection)) {
        if (domain.status === 'Pending' && !(await timers.has('up', domain.domainId))) await schedule(domain);
      }
    },
  };
}

function newDomain({ accountId, tenantId, instanceType, idleTimeoutMinutes }: DomainTemplate): Domain {
  const now = new Date().toISOString();
  const digits = BigInt(`0x${randomBytes(12).toString('hex')}`)
    .toString(36)
    .padStart(12, '0');
  return {
    domainId: `d-${digits.slice(-12)}`,
    name: `annex-${tenantId}`,
    accountId,
    tenantId,
    status: 'Pending',
    failureReason: null,
    instanceType,
    idleTimeoutMinutes,
    createdAt: now,
    modifiedAt: now,
  };
}

/** Operations on domains. Nobody but the baseline makes or deletes one. */
export function domainOperations(standIn: StandIn): Record<string, Operation> {
  return {
    async ListDomains(input, caller) {
      standIn.authorize(caller, 'sagemaker:ListDomains', domainArn(standIn, caller.accountId, '*'));
      const { items, next } = pageOfInput(
        await seenDomains(standIn, caller.accountId),
        ({ domainId }) => domainId,
        input,
      );
      return { Domains: items.map((domain) => domainSummary(standIn, domain)), NextToken: next };
    },
    async DescribeDomain(input, caller) {
      const domain = await authorizedDomain(standIn, input, caller, 'DescribeDomain');
      return domainDetail(standIn, domain);
    },
    // On AWS the domain is Updating for a moment.
    async UpdateDomain(input, caller) {
      const domain = await authorizedDomain(standIn, input, caller, 'UpdateDomain');
      if (domain.status !== 'InService') {
        throw new AwsError(
          'ValidationException',
          `Domain ${domain.domainId} must be InService to be updated.`,
        );
      }
      const settings = structure(input, 'DefaultUserSettings');
      const idle = { ...domain.idle, ...idleSettingsOfInput(settings) };
      const instanceType = instanceTypeOfInput(settings, 'JupyterLab') ?? domain.instanceType;
      await putDomain(standIn, { ...domain, idle, instanceType });
      return { DomainArn: domainArn(standIn, domain.accountId, domain.domainId) };
    },
  };
}

async function authorizedDomain(
  standIn: StandIn,
  input: Record<string, unknown>,
  caller: Caller,
  action: string,
): Promise<Domain> {
  const domainId = neededForm(input, 'DomainId', forms.domainId);
  standIn.authorize(caller, `sagemaker:${action}`, domainArn(standIn, caller.accountId, domainId));
  const domain = await neededDomain(standIn, caller.accountId, domainId);
  return faultyDomain(standIn, domain) ?? noDomain(standIn, caller.accountId, domainId);
}

/** The account's domains as the faults of their tenant make them. */
const seenDomains = async (standIn: StandIn, accountId: string): Promise<readonly Domain[]> =>
  (await domainsOf(standIn, accountId)).flatMap((domain) => faultyDomain(standIn, domain) ?? []);

/** `domain` as the faults of its tenant make it: deleted by hand, or in a state as in `Failed: no capacity`. */
function faultyDomain(standIn: StandIn, domain: Domain): Domain | null {
  if (standIn.standing('domain.missing', domain.tenantId) !== null) return null;
  const [, status, reason] =
    /^(\w+)(?:: (.*))?$/s.exec(standIn.standing('domain.status', domain.tenantId) ?? '') ?? [];
  return status === undefined
    ? domain
    : { ...domain, status: status as Domain['status'], failureReason: reason ?? null };
}

function domainSummary(standIn: StandIn, domain: Domain): object {
  return {
    DomainArn: domainArn(standIn, domain.accountId, domain.domainId),
    DomainId: domain.domainId,
    DomainName: domain.name,
    Status: domain.status,
    CreationTime: epochSeconds(domain.createdAt),
    LastModifiedTime: epochSeconds(domain.modifiedAt),
    Url: `${standIn.studioOrigin}/studio/${domain.domainId}/`,
  };
}

/** A fault's message is the name of another role of the account. */
function executionRole(standIn: StandIn, { accountId, tenantId }: Domain): string {
  const other = standIn.standing('domain.role', tenantId);
  return other === null ? siloRoleArn(accountId) : `arn:aws:iam::${accountId}:role/${other}`;
}

function domainDetail(standIn: StandIn, domain: Domain): object {
  return {
    ...domainSummary(standIn, domain),
    ...(domain.failureReason === null ? {} : { FailureReason: domain.failureReason }),
    AuthMode: 'IAM',
    AppNetworkAccessType: 'PublicInternetOnly',
    DefaultUserSettings: {
      ExecutionRole: executionRole(standIn, domain),
      DefaultLandingUri: 'studio::',
      StudioWebPortal: 'ENABLED',
      ...idleSettingsDetail(idleSettingsOf(domain), {
        JupyterLab: { DefaultResourceSpec: { InstanceType: domain.instanceType } },
      }),
    },
  };
}
