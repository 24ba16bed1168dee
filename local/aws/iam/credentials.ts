import { randomBytes } from 'node:crypto';
import { awsNames, buyerRoleArn, portalRoleArn } from '@/local/aws-names';
import type { Caller, StateStore } from '../core/service';
import { type KeyPair, randomId } from './portal-credentials';

/** A key with which a caller signs requests. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Null for a long-lived key. */
  readonly sessionToken: string | null;
  /** Epoch milliseconds; null for a long-lived key. */
  readonly expiresAt: number | null;
  readonly caller: Caller;
}

const collection = 'sts-sessions';
/** How long to keep expired keys, so that they can be told from keys that never existed, ms. */
const rememberMs = 24 * 3600_000;

/** The keys that may sign requests. Sessions survive a restart until they expire. */
export class CredentialStore {
  private readonly keys = new Map<string, Credential>();

  constructor(private readonly state: StateStore) {}

  /** Loads the sessions and adds the long-lived keys. */
  async load(portal: KeyPair, buyer: KeyPair): Promise<void> {
    for (const [key, credential] of await this.state.list<Credential>(collection)) {
      if (this.forgotten(credential)) await this.state.delete(collection, key);
      else this.keys.set(key, credential);
    }
    this.add(portal, awsNames.portalAccountId, portalRoleArn);
    this.add(buyer, awsNames.buyerAccountId, buyerRoleArn);
  }

  private add(pair: KeyPair, accountId: string, roleArn: string): void {
    const caller = inOrganization({ accountId, arn: roleArn, roleArn, tags: {} });
    this.keys.set(pair.accessKeyId, { ...pair, sessionToken: null, expiresAt: null, caller });
  }

  find(accessKeyId: string): Credential | undefined {
    return this.keys.get(accessKeyId);
  }

  /** Creates a session of `caller` for `seconds`. */
  async issue(
    caller: Caller,
    seconds: number,
  ): Promise<Credential & { sessionToken: string; expiresAt: number }> {
    const credential = {
      accessKeyId: `ASIA${randomId(16)}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(180).toString('base64'),
      expiresAt: Date.now() + seconds * 1000,
      caller: inOrganization(caller),
    };
    await this.forget();
    await this.state.put(collection, credential.accessKeyId, credential);
    this.keys.set(credential.accessKeyId, credential);
    return credential;
  }

  private async forget(): Promise<void> {
    for (const [key, credential] of this.keys) {
      if (!this.forgotten(credential)) continue;
      this.keys.delete(key);
      await this.state.delete(collection, key);
    }
  }

  private forgotten(credential: Credential): boolean {
    return credential.expiresAt !== null && credential.expiresAt + rememberMs < Date.now();
  }
}

/** The caller with the organization of its account. */
const inOrganization = (caller: Caller): Caller =>
  caller.accountId === awsNames.buyerAccountId
    ? { ...caller, organizationId: awsNames.buyerOrganizationId }
    : caller;
