import { AwsError, type StandIn } from '../aws/core/service';
import type { Messages } from './messages';
import type { SignUpCodes } from './sign-up-codes';
import type { Users } from './users';

/** What the calls of the pool work with. */
export interface Pool {
  readonly standIn: StandIn;
  readonly users: Users;
  readonly codes: SignUpCodes;
  readonly messages: Messages;
  readonly clientSecret: string;
}

/** Throws what a trial asked of the call `operation`: that Cognito is down, or throttles. */
export function failAsAsked({ fault }: StandIn, operation: string): void {
  const down = fault('cognito.down', operation);
  if (down !== null) throw new AwsError('InternalErrorException', down, 500);
  const throttled = fault('cognito.throttle', operation);
  if (throttled !== null) throw new AwsError('TooManyRequestsException', throttled);
}
