import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Client } from 'pg';
import type { Group } from '@/lib/domain/actor';
import type { SentMail } from '../local/aws/core/services';
import type { RecordedCall } from '../local/aws/trials/calls';
import { awsNames } from '../local/aws-names';
import { asControl } from '../local/database';
import type { RunningStack } from '../local/environment';
import { addTenant } from '../local/seed/tenants';
import { journeyStack } from './stack';

export const password = 'a-journey-of-2026';

/** The stack that the journeys run against. */
export async function runningStack(): Promise<RunningStack> {
  return JSON.parse(await readFile(join(journeyStack.stateDir, 'running.json'), 'utf8')) as RunningStack;
}

/** An id that nothing else in this run uses. */
export const newTenantId = (): string => `t${randomBytes(5).toString('hex')}`;

/** Creates a tenant that nothing else in this run uses. */
export async function mintTenant(name?: string): Promise<{ readonly id: string; readonly name: string }> {
  const id = newTenantId();
  const tenant = { id, name: name ?? `Tenant ${id}` };
  await addTenant(await databaseUrl(), tenant);
  return tenant;
}

/**
 * Creates a person who can sign in with the password above. Without `tenantId` the token has no tenant. `others` are more roles. A seller
 * works for a seller of their own.
 */
export async function mintUser(role: Group | null, tenantId?: string, ...others: Group[]): Promise<string> {
  const email = newAddress(role ?? 'nobody', tenantId);
  await addUser(email, tenantId, role ? [role, ...others] : [], 'SUPPRESS');
  const cognito = await cognitoClient();
  const user = { UserPoolId: awsNames.userPoolId, Username: email };
  await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  return email;
}

/** Invites a person, who gets a mail with a temporary password. Returns the address. */
export async function inviteUser(role: Group, tenantId?: string): Promise<string> {
  const email = newAddress(role, tenantId);
  await addUser(email, tenantId, [role]);
  return email;
}

const newAddress = (role: string, tenantId = 'none'): string =>
  `${role}-${randomBytes(4).toString('hex')}@${tenantId}.example`;

async function addUser(
  email: string,
  tenantId: string | undefined,
  groups: readonly Group[],
  MessageAction?: 'SUPPRESS',
): Promise<void> {
  const cognito = await cognitoClient();
  const user = { UserPoolId: awsNames.userPoolId, Username: email };
  await cognito.send(
    new AdminCreateUserCommand({
      ...user,
      MessageAction,
      UserAttributes: [
        { Name: 'email', Value: email },
        { Name: 'email_verified', Value: 'true' },
        ...(tenantId ? [{ Name: 'custom:tenant_id', Value: tenantId }] : []),
        ...(groups.includes('seller') ? [{ Name: 'custom:seller_id', Value: newTenantId() }] : []),
      ],
    }),
  );
  for (const GroupName of groups) await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
}

/** The mails that Cognito and SES sent to `address`, newest first. */
export async function mailsTo(address: string): Promise<readonly SentMail[]> {
  const response = await fetch((await outboxOf(address)).replace('/outbox?', '/outbox.json?'));
  if (!response.ok) throw new Error(`the outbox: ${response.status}`);
  return ((await response.json()) as { readonly mails: readonly SentMail[] }).mails;
}

/** The temporary password of the latest invitation to that address. */
export async function temporaryPassword(address: string): Promise<string> {
  const [latest] = await mailsTo(address);
  return /Temporary password: (\S+)/.exec(latest?.text ?? '')?.[1] ?? '';
}

/** The page with those mails. */
export async function outboxOf(address: string): Promise<string> {
  const { environment } = await runningStack();
  return `${environment.COGNITO_DOMAIN}/outbox?${new URLSearchParams({ to: address })}`;
}

export async function disableUser(email: string): Promise<void> {
  const cognito = await cognitoClient();
  await cognito.send(new AdminDisableUserCommand({ UserPoolId: awsNames.userPoolId, Username: email }));
}

/** Changes control-plane records for which there is no page yet. */
export async function controlPlane(work: (client: Client) => Promise<unknown>): Promise<void> {
  await asControl(await databaseUrl(), work);
}

/** Of the stack that the journeys run against. */
export async function databaseUrl(): Promise<string> {
  return (await runningStack()).environment.DATABASE_URL ?? '';
}

/** Imports `orders` (lines below the header) like an operator, with `npm run crm:import`. */
export async function importOrders(tenantId: string, orders: readonly string[]) {
  const file = join(journeyStack.stateDir, `${tenantId}-${randomBytes(3).toString('hex')}.csv`);
  await writeFile(file, `customer_id,ordered_at,quantity,amount\n${orders.join('\n')}\n`);
  return importOrdersFrom(tenantId, file);
}

/** Like `importOrders`, from a file in the import's format. */
export async function importOrdersFrom(tenantId: string, file: string) {
  const { environment } = journeyStack;
  return promisify(execFile)('npm', ['run', '-s', 'crm:import', '--', '--tenant', tenantId, '--file', file], {
    env: { ...process.env, ...environment },
  });
}

/** Disables a person in Annex with the operator's command. */
export async function disablePerson(email: string): Promise<void> {
  const { environment } = journeyStack;
  await promisify(execFile)('npm', ['run', '-s', 'people', '--', '--disable', email], {
    env: { ...process.env, ...environment },
  });
}

/** Subjects of the faults that this process injected. */
const faulty = new Set<string>();

/** Injects a fault into the stand-ins, once unless `times` is given; see local/aws/README.md. */
export async function fault(point: string, subject: string, message: string, times = 1): Promise<void> {
  faulty.add(subject);
  await control('faults', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ point, subject, message, times }),
  });
}

/** Removes the faults that this process injected. Faults of concurrent journeys stay. */
export async function clearFaults(): Promise<void> {
  for (const subject of faulty) {
    await control(`faults?subject=${encodeURIComponent(subject)}`, { method: 'DELETE' });
  }
  faulty.clear();
}

/** The calls that the stand-ins have authorised or refused since they started. */
export async function recordedCalls(): Promise<readonly RecordedCall[]> {
  return (await control('calls', {})).json() as Promise<readonly RecordedCall[]>;
}

async function control(path: string, init: RequestInit): Promise<Response> {
  const { environment } = await runningStack();
  const response = await fetch(`${environment.AWS_ENDPOINT_URL}/_annex/${path}`, init);
  if (!response.ok) throw new Error(`/_annex/${path}: ${response.status} ${await response.text()}`);
  return response;
}

/** The AWS account that was vended for a tenant. */
export async function tenantAccount(tenantId: string): Promise<string> {
  const { rows } = await asControl(await databaseUrl(), (client) =>
    client.query<{ account_id: string }>('select account_id from tenant where id = $1', [tenantId]),
  );
  return rows[0]?.account_id ?? '';
}

async function cognitoClient(): Promise<CognitoIdentityProviderClient> {
  const { environment } = await runningStack();
  return new CognitoIdentityProviderClient({
    region: awsNames.region,
    endpoint: environment.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
}
