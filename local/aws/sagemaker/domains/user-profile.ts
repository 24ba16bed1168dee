import type { StandIn } from '@/local/aws/core/service';
import { domainArn } from './domains';
import type { AppIdleSettings } from './idle-settings';

/** A user profile of a domain. */
export interface UserProfile {
  readonly accountId: string;
  readonly domainId: string;
  readonly name: string;
  readonly status: 'Pending' | 'InService' | 'Deleting';
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** What the profile has set for itself. */
  readonly idle?: AppIdleSettings;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** Where user profiles are kept, by `profileKey`. */
export const profiles = 'sagemaker.user-profiles';

/** Key of a user profile's document. */
export const profileKey = (accountId: string, domainId: string, name: string): string =>
  `${accountId}/${domainId}/${name}`;

/** ARN of a user profile. */
export const profileArn = (standIn: StandIn, accountId: string, domainId: string, name: string): string =>
  domainArn(standIn, accountId, domainId).replace(':domain/', ':user-profile/').concat('/', name);

/** The profile; `undefined` when the domain has none of that name. */
export const findProfile = (
  { state }: StandIn,
  accountId: string,
  domainId: string,
  name: string,
): Promise<UserProfile | undefined> =>
  state.get<UserProfile>(profiles, profileKey(accountId, domainId, name));
