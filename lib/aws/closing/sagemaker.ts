import {
  DeleteAppCommand,
  DeleteEndpointCommand,
  DeleteSpaceCommand,
  DeleteUserProfileCommand,
  paginateListApps,
  paginateListEndpoints,
  paginateListSpaces,
  paginateListUserProfiles,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import type { ClosingCounts, Pass, Refused } from '@/lib/domain/closing/ports';
import { isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';

/** The tenant's own account. */
export interface Account {
  readonly tenantId: string;
  readonly accountId: string;
}

/** Deletions of one pass: a pass is short, and the next one goes on. */
const mostAtOnce = 100;

const clientOf = (account: Account) => tenantClient(SageMakerClient, { kind: 'silo', ...account });

/** A thing of the account, whether it is on its way out, and how to delete it. */
interface Thing {
  readonly what: string;
  readonly runs: Refused['runs'];
  readonly leaving: boolean;
  remove(): Promise<unknown>;
}

export async function countStudio(
  account: Account,
): Promise<Pick<ClosingCounts, 'endpoints' | 'apps' | 'profiles'>> {
  return {
    endpoints: await countOf(endpoints(account)),
    apps: await countOf(apps(account)),
    profiles: await countOf(profiles(account)),
  };
}

export const deleteEndpoints = (account: Account): Promise<Pass> => remove(endpoints(account));

export async function emptyStudio(account: Account): Promise<Pass> {
  const refused: Refused[] = [];
  for (const things of [apps, spaces, profiles]) {
    const pass = await remove(things(account));
    refused.push(...pass.refused);
    // A profile with apps can't be deleted.
    if (pass.waiting > 0) return { waiting: pass.waiting, refused };
  }
  return { waiting: 0, refused };
}

async function countOf(things: AsyncGenerator<Thing>): Promise<number> {
  let count = 0;
  for await (const _ of things) count += 1;
  return count;
}

async function remove(things: AsyncGenerator<Thing>): Promise<Pass> {
  const refused: Refused[] = [];
  let waiting = 0;
  for await (const thing of things) {
    if (waiting >= mostAtOnce) break;
    const reason = thing.leaving ? null : await refusalOf(thing);
    if (reason === null) waiting += 1;
    else refused.push({ what: thing.what, reason, runs: thing.runs });
  }
  return { waiting, refused };
}

/** Why AWS does not delete the thing, for good; null if it does, or may later. */
async function refusalOf(thing: Thing): Promise<string | null> {
  try {
    await aws(`deleting ${thing.what}`, () => thing.remove());
    return null;
  } catch (error) {
    // Gone already, or still in use by what is on its way out.
    if (isAnnexError(error, 'not_found', 'conflict')) return null;
    if (!isAnnexError(error, 'dependency_denied', 'invalid', 'dependency_failed') || error.transient)
      throw error;
    return error.message;
  }
}

async function* endpoints(account: Account): AsyncGenerator<Thing> {
  const client = clientOf(account);
  const pages = paginateListEndpoints({ client, pageSize: 100 }, {});
  for await (const { Endpoints = [] } of listed('endpoints', pages)) {
    for (const { EndpointName, EndpointStatus } of Endpoints) {
      yield {
        what: `the endpoint ${EndpointName}`,
        runs: { kind: 'endpoint', name: EndpointName ?? '' },
        leaving: EndpointStatus === 'Deleting',
        remove: () => client.send(new DeleteEndpointCommand({ EndpointName })),
      };
    }
  }
}

async function* apps(account: Account): AsyncGenerator<Thing> {
  const client = clientOf(account);
  for await (const { Apps = [] } of listed('apps', paginateListApps({ client, pageSize: 100 }, {}))) {
    for (const { DomainId, UserProfileName, SpaceName, AppType, AppName, Status } of Apps) {
      // SageMaker lists deleted and failed apps for a day.
      if (Status === 'Deleted' || Status === 'Failed') continue;
      const owner = SpaceName === undefined ? { UserProfileName } : { SpaceName };
      yield {
        what: `the app ${AppName} of ${SpaceName ?? UserProfileName}`,
        runs: { kind: 'app', name: `${SpaceName ?? UserProfileName}/${AppName}` },
        leaving: Status === 'Deleting',
        remove: () => client.send(new DeleteAppCommand({ DomainId, ...owner, AppType, AppName })),
      };
    }
  }
}

async function* spaces(account: Account): AsyncGenerator<Thing> {
  const client = clientOf(account);
  for await (const { Spaces = [] } of listed('spaces', paginateListSpaces({ client, pageSize: 100 }, {}))) {
    for (const { DomainId, SpaceName, Status } of Spaces) {
      yield {
        what: `the space ${SpaceName}`,
        runs: null,
        leaving: Status === 'Deleting',
        remove: () => client.send(new DeleteSpaceCommand({ DomainId, SpaceName })),
      };
    }
  }
}

async function* profiles(account: Account): AsyncGenerator<Thing> {
  const client = clientOf(account);
  const pages = paginateListUserProfiles({ client, pageSize: 100 }, {});
  for await (const { UserProfiles = [] } of listed('user profiles', pages)) {
    for (const { DomainId, UserProfileName, Status } of UserProfiles) {
      yield {
        what: `the user profile ${UserProfileName}`,
        runs: null,
        leaving: Status === 'Deleting',
        remove: () => client.send(new DeleteUserProfileCommand({ DomainId, UserProfileName })),
      };
    }
  }
}

/** Pages, with the errors of AWS converted. */
async function* listed<T>(what: string, pages: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    const { done, value } = await aws(`listing ${what}`, () => pages.next());
    if (done) return;
    yield value;
  }
}
