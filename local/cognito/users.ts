import { randomUUID } from 'node:crypto';
import type { Group } from '@/lib/domain/actor';
import { createKeyedMutex } from '../aws/core/keyed-mutex';
import { AwsError, type StateStore } from '../aws/core/service';
import { hashPassword, isPassword, type PasswordHash } from './password';

/** A user of the pool. Its username is its `sub`; people sign in with the e-mail address. */
export interface PoolUser {
  readonly sub: string;
  readonly email: string;
  /** Without `sub` and `email`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly Group[];
  readonly enabled: boolean;
  /** Who signed up is UNCONFIRMED until the code is entered; who was invited has to change the temporary password first. */
  readonly status: 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD';
  readonly password: PasswordHash | null;
  /** When a temporary password was set, ISO 8601; absent for users from before that was kept. */
  readonly temporarySince?: string;
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** The users of one pool. Errors are Cognito's own. */
export interface Users {
  /** By `sub` or e-mail address; the admin calls accept both. */
  find(name: string): Promise<PoolUser | undefined>;
  /** As `find`. Throws UserNotFoundException. */
  get(name: string): Promise<PoolUser>;
  /** Sorted by `sub`. */
  all(): Promise<readonly PoolUser[]>;
  /** Throws UsernameExistsException. */
  create(input: {
    email: string;
    attributes: Readonly<Record<string, string>>;
    temporaryPassword: string;
  }): Promise<PoolUser>;
  /** Who signs up alone; UNCONFIRMED. Throws InvalidPasswordException and UsernameExistsException. */
  signUp(input: {
    email: string;
    attributes: Readonly<Record<string, string>>;
    password: string;
  }): Promise<PoolUser>;
  /** Throws UserNotFoundException. */
  change(name: string, change: (user: PoolUser) => Partial<PoolUser>): Promise<PoolUser>;
  /** Throws InvalidPasswordException and UserNotFoundException. */
  setPassword(name: string, password: string, permanent: boolean): Promise<void>;
  /**
   * A new temporary password, valid from now, for a user who has one. Throws UnsupportedUserStateException for any other,
   * InvalidPasswordException and UserNotFoundException.
   */
  renewTemporaryPassword(name: string, password: string): Promise<PoolUser>;
  /**
   * Replaces the temporary password with which `proven` was verified. Throws InvalidPasswordException, and
   * NotAuthorizedException when it is no longer the user's password, has expired, or the user is disabled.
   */
  choosePassword(proven: PoolUser, password: string): Promise<PoolUser>;
  /** Whether the user's temporary password no longer works. */
  hasExpired(user: PoolUser): boolean;
  delete(name: string): Promise<void>;
  /** The user with that address and password, or null. Takes the same time when the user does not exist. */
  verify(email: string, password: string): Promise<PoolUser | null>;
}

const collection = 'cognito.users';
const emails = 'cognito.emails';
/** The pool's password policy. */
export const minimumPasswordLength = 8;
export const maximumPasswordLength = 256;
export const temporaryPasswordDays = 7;

/** The users of the pool in `state`. Changes are made one at a time. */
export function createUsers(state: StateStore, now: () => number = Date.now): Users {
  const withLock = createKeyedMutex();

  async function find(name: string): Promise<PoolUser | undefined> {
    const sub = await state.get<string>(emails, emailKey(name));
    return state.get<PoolUser>(collection, sub ?? name);
  }

  async function get(name: string): Promise<PoolUser> {
    const user = await find(name);
    if (!user) throw new AwsError('UserNotFoundException', 'User does not exist.');
    return user;
  }

  const timestamp = (): string => new Date(now()).toISOString();

  const lasting = (password: PasswordHash): Partial<PoolUser> => ({ password, status: 'CONFIRMED' });
  const temporary = (password: PasswordHash): Partial<PoolUser> => ({
    password,
    status: 'FORCE_CHANGE_PASSWORD',
    temporarySince: timestamp(),
  });

  const hasExpired = ({ temporarySince, createdAt }: PoolUser): boolean =>
    Date.parse(temporarySince ?? createdAt) + temporaryPasswordDays * 24 * 3600_000 <= now();

  /** `taken` is what Cognito says of an address that has a user. */
  const add = (
    given: Pick<PoolUser, 'email' | 'attributes' | 'password' | 'status' | 'temporarySince'>,
    taken: string,
  ): Promise<PoolUser> =>
    withLock('pool', async () => {
      const email = given.email.trim();
      if (await find(email)) throw new AwsError('UsernameExistsException', taken);
      const times = { createdAt: timestamp(), modifiedAt: timestamp() };
      const user: PoolUser = { ...given, email, sub: randomUUID(), groups: [], enabled: true, ...times };
      await state.put(collection, user.sub, user);
      await state.put(emails, emailKey(user.email), user.sub);
      return user;
    });

  const change: Users['change'] = (name, update) =>
    withLock('pool', async () => {
      const user = await get(name);
      const changed = { ...user, ...update(user), modifiedAt: timestamp() };
      if (emailKey(changed.email) !== emailKey(user.email)) await moveEmail(user, changed.email);
      await state.put(collection, user.sub, changed);
      return changed;
    });

  async function moveEmail(user: PoolUser, email: string): Promise<void> {
    if (await state.get(emails, emailKey(email))) {
      throw new AwsError('AliasExistsException', 'An account with the given email already exists.');
    }
    await state.put(emails, emailKey(email), user.sub);
    await state.delete(emails, emailKey(user.email));
  }

  return {
    find,
    get,
    change,
    all: async () => (await state.list<PoolUser>(collection)).map(([, user]) => user),
    create: async ({ email, attributes, temporaryPassword }) => {
      const password = await hashed(temporaryPassword);
      const taken = 'User account already exists';
      return add(
        { email, attributes, password, status: 'FORCE_CHANGE_PASSWORD', temporarySince: timestamp() },
        taken,
      );
    },
    signUp: async ({ email, attributes, password }) => {
      const taken = 'An account with the given email already exists.';
      return add({ email, attributes, password: await hashed(password), status: 'UNCONFIRMED' }, taken);
    },
    setPassword: async (name, password, permanent) => {
      const hash = await hashed(password);
      await change(name, () => (permanent ? lasting(hash) : temporary(hash)));
    },
    renewTemporaryPassword: async (name, password) => {
      const hash = await hashed(password);
      return change(name, ({ sub, status }) => {
        if (status === 'FORCE_CHANGE_PASSWORD') return temporary(hash);
        const message = `Resend not possible. ${sub} status is not FORCE_CHANGE_PASSWORD`;
        throw new AwsError('UnsupportedUserStateException', message);
      });
    },
    choosePassword: async (proven, password) => {
      const hash = await hashed(password);
      return change(proven.sub, (user) => {
        const isProven =
          user.status === 'FORCE_CHANGE_PASSWORD' && user.password?.hash === proven.password?.hash;
        if (isProven && user.enabled && !hasExpired(user)) return lasting(hash);
        throw new AwsError('NotAuthorizedException', 'Invalid session for the user.');
      });
    },
    hasExpired,
    delete: (name) =>
      withLock('pool', async () => {
        const user = await get(name);
        await state.delete(emails, emailKey(user.email));
        await state.delete(collection, user.sub);
      }),
    verify: async (email, password) => {
      const sub = await state.get<string>(emails, emailKey(email));
      const user = sub === undefined ? undefined : await state.get<PoolUser>(collection, sub);
      const right = await isPassword(password, user?.password ?? null);
      return right && user ? user : null;
    },
  };
}

/** E-mail addresses ignore case, as in a pool with case-insensitive usernames. */
export const emailKey = (email: string): string => email.trim().normalize('NFKC').toLowerCase();

/** The password's hash. Throws InvalidPasswordException. */
async function hashed(password: string): Promise<PasswordHash> {
  if (password.length < minimumPasswordLength) throw badPassword('Password not long enough');
  if (password.length > maximumPasswordLength) throw badPassword('Password too long');
  return hashPassword(password);
}

const badPassword = (why: string): AwsError =>
  new AwsError('InvalidPasswordException', `Password did not conform with policy: ${why}`);
