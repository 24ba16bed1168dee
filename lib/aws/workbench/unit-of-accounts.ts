import { env } from '@/lib/env';
import { AnnexError } from '@/lib/errors';

/** Id of the organizational unit of the tenants' accounts. Control Tower writes it in brackets after the name. */
export function unitOfAccounts(): string {
  const unit = /\bou-[a-z0-9-]+/.exec(env().ANNEX_ML_OU)?.[0];
  if (unit) return unit;
  throw new AnnexError('internal', 'ANNEX_ML_OU must contain the id of an organizational unit.');
}
