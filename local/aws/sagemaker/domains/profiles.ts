import { createDurableTimers, type DurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex, type KeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, structure, structures } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import { forms, neededForm, optionalForm, pageOfInput, sortedByTime } from '../shared/input';
import { appsOf } from './apps';
import { findDomain, neededDomain } from './domains';
import { idleSettingsDetail, idleSettingsOfInput } from './idle-settings';
import { spacesOf } from './space';
import { findProfile, profileArn, profileKey, profiles, type UserProfile } from './user-profile';

type Input = Record<string, unknown>;

interface ProfileTimers {
  up: { readonly key: string };
  down: { readonly key: string };
}

/** Operations on user profiles. */
export function createProfiles(standIn: StandIn): {
  readonly operations: Record<string, Operation>;
  /** Why the account's domains cannot be deleted; null when they have no profiles. */
  inUse(accountId: string): Promise<string | null>;
  start(): Promise<void>;
} {
  const withLock = createKeyedMutex();
  const timers = profileTimers(standIn);
  return {
    operations: {
      CreateUserProfile: createUserProfile(standIn, timers, withLock),
      DeleteUserProfile: deleteUserProfile(standIn, timers, withLock),
      ...profileReads(standIn),
    },
    async inUse(accountId) {
      const [first] = await standIn.state.list<UserProfile>(profiles, {
        prefix: `${accountId}/`,
        limit: 1,
      });
      return first
        ? `Unable to delete Domain ${first[1].domainId} because UserProfile(s) are associated with it`
        : null;
    },
    async start() {
      await timers.start();
      for (const [key, { status }] of await standIn.state.list<UserProfile>(profiles)) {
        const kind = status === 'Pending' ? 'up' : 'down';
        if (status !== 'InService' && !(await timers.has(kind, key)))
          await timers.schedule(kind, key, standIn.stepMs, { key });
      }
    },
  };
}

function profileTimers(standIn: StandIn): DurableTimers<ProfileTimers> {
  return createDurableTimers<ProfileTimers>(standIn, 'sagemaker.profile-stages', {
    up: async ({ key }) => {
      const profile = await standIn.state.get<UserProfile>(profiles, key);
      if (profile?.status === 'Pending') await putProfile(standIn, { ...profile, status: 'InService' });
      return undefined;
    },
    down: async ({ key }) => {
      const profile = await standIn.state.get<UserProfile>(profiles, key);
      if (profile?.status === 'Deleting') await standIn.state.delete(profiles, key);
      return undefined;
    },
  });
}

const putProfile = ({ state }: StandIn, profile: UserProfile): Promise<void> =>
  state.put(profiles, profileKey(profile.accountId, profile.domainId, profile.name), {
    ...profile,
    modifiedAt: new Date().toISOString(),
  });

function createUserProfile(
  standIn: StandIn,
  timers: DurableTimers<ProfileTimers>,
  withLock: KeyedMutex,
): Operation {
  return async (input, caller) => {
    const { domainId, name, arn } = authorizedNames(standIn, input, caller, 'CreateUserProfile');
    const key = profileKey(caller.accountId, domainId, name);
    await neededInService(standIn, caller, domainId);
    await withLock(key, async () => {
      if (await standIn.state.get(profiles, key)) {
        throw new AwsError('ResourceInUse', `User Profile [${arn}] already exists.`);
      }
      const now = new Date().toISOString();
      await putProfile(standIn, {
        accountId: caller.accountId,
        domainId,
        name,
        status: 'Pending',
        tags: structures(input, 'Tags').map((tag) => ({
          Key: optionalText(tag, 'Key') ?? '',
          Value: optionalText(tag, 'Value') ?? '',
        })),
        idle: idleSettingsOfInput(structure(input, 'UserSettings')),
        createdAt: now,
        modifiedAt: now,
      });
      await timers.schedule('up', key, standIn.stepMs / 2, { key });
    });
    return { UserProfileArn: arn };
  };
}

function deleteUserProfile(
  standIn: StandIn,
  timers: DurableTimers<ProfileTimers>,
  withLock: KeyedMutex,
): Operation {
  return async (input, caller) => {
    const { domainId, name, arn } = authorizedNames(standIn, input, caller, 'DeleteUserProfile');
    const key = profileKey(caller.accountId, domainId, name);
    await withLock(key, async () => {
      const profile = await neededProfile(standIn, caller, domainId, name);
      const apps = (await appsOf(standIn, caller.accountId, domainId)).filter(
        (app) => app.profile === name && app.status !== 'Deleted',
      );
      if (apps.length > 0)
        throw new AwsError('ResourceInUse', `User Profile [${arn}] has apps; delete them first.`);
      const spaces = await spacesOf(standIn, caller.accountId, domainId);
      if (spaces.some(({ owner }) => owner === name)) {
        throw new AwsError(
          'ResourceInUse',
          `Unable to delete UserProfile [${arn}] because Space(s) are associated with it`,
        );
      }
      if (profile.status === 'Deleting') return;
      await putProfile(standIn, { ...profile, status: 'Deleting' });
      await timers.schedule('down', key, standIn.stepMs / 2, { key });
    });
    return undefined;
  };
}

function profileReads(standIn: StandIn): Record<string, Operation> {
  return {
    async DescribeUserProfile(input, caller) {
      const { domainId, name } = authorizedNames(standIn, input, caller, 'DescribeUserProfile');
      const profile = await neededProfile(standIn, caller, domainId, name);
      return {
        ...profileSummary(profile),
        UserProfileArn: profileArn(standIn, caller.accountId, domainId, name),
        UserSettings: idleSettingsDetail(profile.idle ?? {}),
      };
    },
    async ListUserProfiles(input, caller) {
      standIn.authorize(
        caller,
        'sagemaker:ListUserProfiles',
        profileArn(standIn, caller.accountId, '*', '*'),
      );
      const domainId = optionalForm(input, 'DomainIdEquals', forms.domainId);
      const part = optionalForm(input, 'UserProfileNameContains', forms.name)?.toLowerCase() ?? '';
      const prefix = domainId === undefined ? `${caller.accountId}/` : `${caller.accountId}/${domainId}/`;
      const all = (await standIn.state.list<UserProfile>(profiles, { prefix })).map(([, profile]) => profile);
      const byModified = optionalText(input, 'SortBy') === 'LastModifiedTime';
      const sorted = sortedByTime(
        all.filter(({ name }) => name.toLowerCase().includes(part)),
        (profile) => (byModified ? profile.modifiedAt : profile.createdAt),
        input,
      );
      const { items, next } = pageOfInput(sorted, (profile) => `${profile.domainId}/${profile.name}`, input);
      return { UserProfiles: items.map(profileSummary), NextToken: next };
    },
  };
}

/** The names of a profile that `caller` may perform `action` on. Throws AccessDeniedException, ValidationException. */
export function authorizedNames(standIn: StandIn, input: Input, caller: Caller, action: string) {
  const domainId = neededForm(input, 'DomainId', forms.domainId);
  const name = neededForm(input, 'UserProfileName', forms.name);
  const arn = profileArn(standIn, caller.accountId, domainId, name);
  standIn.authorize(caller, `sagemaker:${action}`, arn);
  return { domainId, name, arn };
}

/** Throws ResourceNotFound, and ValidationException for a domain that is not in service. */
export async function neededInService(standIn: StandIn, caller: Caller, domainId: string): Promise<void> {
  const { status } = await neededDomain(standIn, caller.accountId, domainId);
  if (status === 'InService') return;
  throw new AwsError('ValidationException', `Domain ${domainId} is ${status}; it must be InService.`);
}

/** The profile; throws ResourceNotFound. */
export async function neededProfile(
  standIn: StandIn,
  caller: Caller,
  domainId: string,
  name: string,
): Promise<UserProfile> {
  const profile = await findProfile(standIn, caller.accountId, domainId, name);
  if (profile && (await findDomain(standIn, caller.accountId, domainId))) return profile;
  const arn = profileArn(standIn, caller.accountId, domainId, name);
  throw new AwsError('ResourceNotFound', `User Profile [${arn}] does not exist.`);
}

function profileSummary(profile: UserProfile): object {
  return {
    DomainId: profile.domainId,
    UserProfileName: profile.name,
    Status: profile.status,
    CreationTime: epochSeconds(profile.createdAt),
    LastModifiedTime: epochSeconds(profile.modifiedAt),
  };
}
