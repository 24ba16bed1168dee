import { randomBytes } from 'node:crypto';
import { AwsError, type Operation, type StandIn } from '../core/service';
import { optionalText } from '../wire/rpc-input';
import type { Agreement, Agreements } from './agreements';

interface Registration {
  readonly agreementId: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

const collection = 'marketplace.registrations';
const validMs = 4 * 3600_000;
/** Tokens are kept this long to be called expired. */
const keptMs = 24 * 3600_000;

/** A token by which the seller's page learns who has subscribed. It is valid for four hours, however often it is resolved. */
export async function newRegistrationToken(
  { state }: StandIn,
  { id }: Agreement,
  now: number,
): Promise<string> {
  for (const [token, { expiresAt }] of await state.list<Registration>(collection)) {
    if (Date.parse(expiresAt) + keptMs < now) await state.delete(collection, token);
  }
  const token = randomBytes(48).toString('base64url');
  const expiresAt = new Date(now + validMs).toISOString();
  await state.put<Registration>(collection, token, { agreementId: id, expiresAt });
  return token;
}

/** `ResolveCustomer`: who the buyer behind a registration token is. */
export function resolveCustomer(standIn: StandIn, agreements: Agreements, now: () => number): Operation {
  return async (input, caller) => {
    standIn.authorize(caller, 'aws-marketplace:ResolveCustomer', '*');
    const token = optionalText(input, 'RegistrationToken') ?? '';
    if (token === '') throw new AwsError('InvalidTokenException', 'RegistrationToken must not be empty.');
    // Every product here is the portal's: to any other seller, a token of it is none.
    const known =
      caller.accountId === standIn.portalAccountId && /^[\w-]{1,200}$/.test(token)
        ? await standIn.state.get<Registration>(collection, token)
        : undefined;
    const agreement = known && (await agreements.find(known.agreementId));
    if (!known || !agreement) throw new AwsError('InvalidTokenException', 'Registration token is invalid.');
    if (Date.parse(known.expiresAt) <= now()) {
      throw new AwsError('ExpiredTokenException', 'The submitted registration token has expired.');
    }
    return {
      CustomerIdentifier: agreement.customerIdentifier,
      ProductCode: agreement.productCode,
      CustomerAWSAccountId: agreement.accountId,
      ...(agreement.licenseArn === null ? {} : { LicenseArn: agreement.licenseArn }),
    };
  };
}
