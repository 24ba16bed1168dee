import { createDurableTimers, type DurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex, type KeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, structure } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import {
  forms,
  neededChoice,
  neededForm,
  optionalChoice,
  optionalForm,
  pageOfInput,
  sortedByTime,
  validationError,
} from '../shared/input';
import { appsOf } from './apps';
import { neededDomain } from './domains';
import { idleAppTypes, spaceIdleSettingsOfInput } from './idle-settings';
import { neededSpace, type Space, spaceArn, spaceKey, spaces, spacesOf } from './space';
import { findProfile, profileArn } from './user-profile';

type Input = Record<string, unknown>;

const sharingTypes = ['Private', 'Shared'] as const;

interface SpaceTimers {
  up: { readonly key: string };
  down: { readonly key: string };
}

/** Operations on spaces. */
export function createSpaces(standIn: StandIn): {
  readonly operations: Record<string, Operation>;
  /** Why the account's domains cannot be deleted; null when they have no spaces. */
  inUse(accountId: string): Promise<string | null>;
  start(): Promise<void>;
} {
  const withLock = createKeyedMutex();
  const timers = spaceTimers(standIn);
  return {
    operations: {
      CreateSpace: createSpace(standIn, timers, withLock),
      DeleteSpace: deleteSpace(standIn, timers, withLock),
      ...spaceReads(standIn),
    },
    async inUse(accountId) {
      const [first] = await spacesOf(standIn, accountId);
      return first
        ? `Unable to delete Domain ${first.domainId} because Space(s) are associated with it`
        : null;
    },
    async start() {
      await timers.start();
      for (const [key, { status }] of await standIn.state.list<Space>(spaces)) {
        const kind = status === 'Pending' ? 'up' : 'down';
        if (status !== 'InService' && !(await timers.has(kind, key)))
          await timers.schedule(kind, key, standIn.stepMs, { key });
      }
    },
  };
}

function spaceTimers(standIn: StandIn): DurableTimers<SpaceTimers> {
  return createDurableTimers<SpaceTimers>(standIn, 'sagemaker.space-stages', {
    up: async ({ key }) => {
      const space = await standIn.state.get<Space>(spaces, key);
      if (space?.status === 'Pending') await putSpace(standIn, { ...space, status: 'InService' });
      return undefined;
    },
    down: async ({ key }) => {
      const space = await standIn.state.get<Space>(spaces, key);
      if (space?.status === 'Deleting') await standIn.state.delete(spaces, key);
      return undefined;
    },
  });
}

const putSpace = ({ state }: StandIn, space: Space): Promise<void> =>
  state.put(spaces, spaceKey(space.accountId, space.domainId, space.name), {
    ...space,
    modifiedAt: new Date().toISOString(),
  });

function createSpace(standIn: StandIn, timers: DurableTimers<SpaceTimers>, withLock: KeyedMutex): Operation {
  return async (input, caller) => {
    const { domainId, name, arn } = authorizedNames(standIn, input, caller, 'CreateSpace');
    const wanted = spaceOfInput(input);
    const { status } = await neededDomain(standIn, caller.accountId, domainId);
    if (status !== 'InService')
      throw new AwsError('ValidationException', `Domain ${domainId} is ${status}; it must be InService.`);
    if (wanted.owner !== null) await neededOwner(standIn, caller, domainId, wanted.owner);
    const key = spaceKey(caller.accountId, domainId, name);
    await withLock(key, async () => {
      if (await standIn.state.get(spaces, key))
        throw new AwsError('ResourceInUse', `Space [${arn}] already exists.`);
      const now = new Date().toISOString();
      const names = { accountId: caller.accountId, domainId, name };
      await putSpace(standIn, { ...names, status: 'Pending', ...wanted, createdAt: now, modifiedAt: now });
      await timers.schedule('up', key, standIn.stepMs / 2, { key });
    });
    return { SpaceArn: arn };
  };
}

/** What a space is to be like. Throws ValidationException. */
function spaceOfInput(
  input: Input,
): Pick<Space, 'displayName' | 'appType' | 'owner' | 'sharing' | 'idle' | 'settings'> {
  const settings = structure(input, 'SpaceSettings');
  const ownership = structure(input, 'OwnershipSettings');
  const shared = structure(input, 'SpaceSharingSettings');
  const isOwned = Object.keys(ownership).length > 0;
  if (isOwned !== Object.keys(shared).length > 0) {
    throw new AwsError(
      'ValidationException',
      'OwnershipSettings and SpaceSharingSettings must be provided together.',
    );
  }
  const appType = optionalChoice(settings, 'AppType', idleAppTypes);
  if (isOwned && appType === undefined) throw validationError('AppType', null, 'Member must not be null');
  const displayName = optionalForm(input, 'SpaceDisplayName', '(?!\\s*$).+', 64);
  return {
    ...(displayName === undefined ? {} : { displayName }),
    ...(appType === undefined ? {} : { appType }),
    owner: isOwned ? neededForm(ownership, 'OwnerUserProfileName', forms.name) : null,
    sharing: isOwned ? neededChoice(shared, 'SharingType', sharingTypes) : null,
    idle: spaceIdleSettingsOfInput(settings),
    settings,
  };
}

async function neededOwner(standIn: StandIn, caller: Caller, domainId: string, owner: string): Promise<void> {
  const profile = await findProfile(standIn, caller.accountId, domainId, owner);
  if (profile?.status === 'InService') return;
  const arn = profileArn(standIn, caller.accountId, domainId, owner);
  throw new AwsError('ValidationException', `User Profile [${arn}] must exist and be InService.`);
}

function deleteSpace(standIn: StandIn, timers: DurableTimers<SpaceTimers>, withLock: KeyedMutex): Operation {
  return async (input, caller) => {
    const { domainId, name, arn } = authorizedNames(standIn, input, caller, 'DeleteSpace');
    const key = spaceKey(caller.accountId, domainId, name);
    await withLock(key, async () => {
      const space = await neededSpace(standIn, caller.accountId, domainId, name);
      const apps = await appsOf(standIn, caller.accountId, domainId);
      if (apps.some((app) => app.space === name && app.status !== 'Deleted')) {
        throw new AwsError(
          'ResourceInUse',
          `Unable to delete Space [${arn}] because App(s) are associated with it`,
        );
      }
      if (space.status === 'Deleting') return;
      await putSpace(standIn, { ...space, status: 'Deleting' });
      await timers.schedule('down', key, standIn.stepMs / 2, { key });
    });
    return undefined;
  };
}

function spaceReads(standIn: StandIn): Record<string, Operation> {
  return {
    async DescribeSpace(input, caller) {
      const { domainId, name, arn } = authorizedNames(standIn, input, caller, 'DescribeSpace');
      const space = await neededSpace(standIn, caller.accountId, domainId, name);
      return {
        ...spaceNames(space),
        SpaceArn: arn,
        SpaceSettings: space.settings,
        ...ownershipOf(space, ''),
        Url: `${standIn.studioOrigin}/studio/${domainId}/`,
      };
    },
    async ListSpaces(input, caller) {
      standIn.authorize(caller, 'sagemaker:ListSpaces', spaceArn(standIn, caller.accountId, '*', '*'));
      const domainId = optionalForm(input, 'DomainIdEquals', forms.domainId);
      const part = optionalForm(input, 'SpaceNameContains', forms.name)?.toLowerCase() ?? '';
      const byModified = optionalText(input, 'SortBy') === 'LastModifiedTime';
      const sorted = sortedByTime(
        (await spacesOf(standIn, caller.accountId, domainId)).filter(({ name }) =>
          name.toLowerCase().includes(part),
        ),
        (space) => (byModified ? space.modifiedAt : space.createdAt),
        input,
      );
      const { items, next } = pageOfInput(sorted, (space) => `${space.domainId}/${space.name}`, input);
      return { Spaces: items.map(spaceSummary), NextToken: next };
    },
  };
}

function authorizedNames(standIn: StandIn, input: Input, caller: Caller, action: string) {
  const domainId = neededForm(input, 'DomainId', forms.domainId);
  const name = neededForm(input, 'SpaceName', forms.name);
  const arn = spaceArn(standIn, caller.accountId, domainId, name);
  standIn.authorize(caller, `sagemaker:${action}`, arn);
  return { domainId, name, arn };
}

const spaceSummary = (space: Space): object => ({
  ...spaceNames(space),
  SpaceSettingsSummary: space.appType === undefined ? {} : { AppType: space.appType },
  ...ownershipOf(space, 'Summary'),
});

const spaceNames = (space: Space): object => ({
  DomainId: space.domainId,
  SpaceName: space.name,
  ...(space.displayName === undefined ? {} : { SpaceDisplayName: space.displayName }),
  Status: space.status,
  CreationTime: epochSeconds(space.createdAt),
  LastModifiedTime: epochSeconds(space.modifiedAt),
});

const ownershipOf = ({ owner, sharing }: Space, suffix: '' | 'Summary'): object =>
  sharing === null
    ? {}
    : {
        [`OwnershipSettings${suffix}`]: { OwnerUserProfileName: owner },
        [`SpaceSharingSettings${suffix}`]: { SharingType: sharing },
      };
