import { AwsError, type StandIn } from '@/local/aws/core/service';
import { domainArn } from './domains';
import type { AppIdleSettings, IdleAppType } from './idle-settings';

/** A space of a domain: apps run in it, for one user profile or for all of them. */
export interface Space {
  readonly accountId: string;
  readonly domainId: string;
  readonly name: string;
  readonly displayName?: string;
  readonly status: 'Pending' | 'InService' | 'Deleting';
  /** Absent: any app of the domain. */
  readonly appType?: IdleAppType;
  /** The user profile that made it, and alone opens it if it is private; null for spaces of the first kind, which all share. */
  readonly owner: string | null;
  readonly sharing: 'Private' | 'Shared' | null;
  readonly idle: AppIdleSettings;
  /** SpaceSettings as they were given. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** Where spaces are kept, by `spaceKey`. */
export const spaces = 'sagemaker.spaces';

/** Key of a space's document. */
export const spaceKey = (accountId: string, domainId: string, name: string): string =>
  `${accountId}/${domainId}/${name}`;

/** ARN of a space. */
export const spaceArn = (standIn: StandIn, accountId: string, domainId: string, name: string): string =>
  domainArn(standIn, accountId, domainId).replace(':domain/', ':space/').concat('/', name);

/** The space; `undefined` when the domain has none of that name. */
export const findSpace = (
  { state }: StandIn,
  accountId: string,
  domainId: string,
  name: string,
): Promise<Space | undefined> => state.get<Space>(spaces, spaceKey(accountId, domainId, name));

/** As `findSpace`; throws ResourceNotFound. */
export async function neededSpace(
  standIn: StandIn,
  accountId: string,
  domainId: string,
  name: string,
): Promise<Space> {
  const space = await findSpace(standIn, accountId, domainId, name);
  if (space) return space;
  const arn = spaceArn(standIn, accountId, domainId, name);
  throw new AwsError('ResourceNotFound', `Space [${arn}] does not exist.`);
}

/** Spaces of the account, of one domain when it is given. */
export async function spacesOf(
  { state }: StandIn,
  accountId: string,
  domainId?: string,
): Promise<readonly Space[]> {
  const prefix = domainId === undefined ? `${accountId}/` : `${accountId}/${domainId}/`;
  return (await state.list<Space>(spaces, { prefix })).map(([, space]) => space);
}

/** Whether SageMaker lets that user profile in. */
export const isOpenTo = ({ sharing, owner }: Space, profile: string): boolean =>
  sharing !== 'Private' || owner === profile;
