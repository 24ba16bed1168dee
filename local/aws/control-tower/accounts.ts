import { createHash } from 'node:crypto';
import { awsNames } from '@/local/aws-names';
import { createKeyedMutex } from '../core/keyed-mutex';
import type { StandIn } from '../core/service';
import { isManagedUnit } from './units';

/** An account of the organization, created for one tenant by one provisioned product. */
export interface VendedAccount {
  readonly accountId: string;
  readonly name: string;
  readonly email: string;
  /** Its organizational unit; `null` once Control Tower no longer manages the account. */
  readonly organizationalUnitId: string | null;
  readonly tenantId: string;
  readonly externalId: string;
  readonly instanceType: string;
  readonly idleTimeoutMinutes: number;
  /** The Service Catalog record that requested the account. */
  readonly recordId: string;
  readonly createdAt: string;
  /** Since it was closed: it and its e-mail address stay taken. */
  readonly closure?: 'PENDING_CLOSURE' | 'SUSPENDED';
}

const collection = 'organizations.accounts';

/** The account `accountId`; `undefined` unless it was vended. */
export const findAccount = (standIn: StandIn, accountId: string): Promise<VendedAccount | undefined> =>
  standIn.state.get<VendedAccount>(collection, accountId);

/** Closes the account: what runs there would stop, and nobody works in it again. */
export async function closeAccount(
  standIn: StandIn,
  accountId: string,
  closure: NonNullable<VendedAccount['closure']>,
): Promise<void> {
  const account = await findAccount(standIn, accountId);
  if (account) await standIn.state.put(collection, accountId, { ...account, closure });
}

/** Every account that was vended, by id. */
export async function accountsOf(standIn: StandIn): Promise<readonly VendedAccount[]> {
  return (await standIn.state.list<VendedAccount>(collection)).map(([, account]) => account);
}

/** Accounts in the organizational unit `unitId`, by id. */
export async function accountsInUnit(standIn: StandIn, unitId: string): Promise<readonly VendedAccount[]> {
  return (await accountsOf(standIn)).filter((account) => account.organizationalUnitId === unitId);
}

/** The result of a request for an account. `failure` is in Control Tower's words. */
export type Vending = { readonly account: VendedAccount } | { readonly failure: string };

export interface AccountFactory {
  /** Creates the account for the record. The same record always returns the same account. */
  vend(recordId: string, parameters: Readonly<Record<string, string>>): Promise<Vending>;
  /** Removes the account from its organizational unit. The account and its resources stay. */
  unmanage(accountId: string): Promise<void>;
}

/** Control Tower's Account Factory, for the organizational unit of the workbenches. */
export function createAccountFactory(standIn: StandIn): AccountFactory {
  const withLock = createKeyedMutex();

  async function vend(recordId: string, parameters: Readonly<Record<string, string>>): Promise<Vending> {
    const all = (await standIn.state.list<VendedAccount>(collection)).map(([, account]) => account);
    const mine = all.find((account) => account.recordId === recordId);
    if (mine) return { account: mine };

    const unit = parameters.ManagedOrganizationalUnit ?? '';
    if (!isManagedUnit(unit)) {
      return { failure: `AWS Control Tower could not find the organizational unit ${unit}.` };
    }
    const email = parameters.AccountEmail ?? '';
    if (all.some((account) => account.email.toLowerCase() === email.toLowerCase())) {
      return {
        failure: `AWS Control Tower could not create the account: the e-mail address ${email} is in use.`,
      };
    }
    const tenantId = parameters.TenantId ?? '';
    const fault = standIn.fault('account.vend', tenantId);
    if (fault !== null) return { failure: fault };

    const account: VendedAccount = {
      accountId: unusedId(
        recordId,
        new Set([standIn.portalAccountId, ...all.map(({ accountId }) => accountId)]),
      ),
      name: parameters.AccountName ?? '',
      email,
      organizationalUnitId: awsNames.mlOu,
      tenantId,
      externalId: parameters.ExternalId ?? '',
      instanceType: parameters.InstanceType ?? '',
      idleTimeoutMinutes: Number(parameters.IdleTimeoutMinutes),
      recordId,
      createdAt: new Date().toISOString(),
    };
    await standIn.state.put(collection, account.accountId, account);
    return { account };
  }

  return {
    vend: (recordId, parameters) => withLock('vend', () => vend(recordId, parameters)),
    unmanage: (accountId) =>
      withLock('vend', async () => {
        const account = await findAccount(standIn, accountId);
        if (account)
          await standIn.state.put(collection, accountId, { ...account, organizationalUnitId: null });
      }),
  };
}

/** Twelve digits that no account has. The same record gives the same digits. */
function unusedId(recordId: string, used: ReadonlySet<string>): string {
  for (let attempt = 0; ; attempt += 1) {
    const digest = createHash('sha256').update(`${recordId}/${attempt}`).digest();
    const id = String((digest.readBigUInt64BE() % 900_000_000_000n) + 100_000_000_000n);
    if (!used.has(id)) return id;
  }
}
