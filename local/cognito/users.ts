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
  readonly status: 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD';
  readonly password: PasswordHash | null;
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
  /** Throws UserNotFoundException. */
  change(name: string, change: (user: PoolUser) => Partial<PoolUser>): Promise<PoolUser>;
  /** Throws InvalidPasswordException and UserNotFoundException. */
  setPassword(name: string, password: string, permanent: boolean): Promise<void>;
  delete(name: string): Promise<void>;
  /** The user with that address and password, or null. Takes the same time when the user does not exist. */
  verify(email: string, password: string): Promise<PoolUser | null>;
}

const collection = 'cognito.users';
const emails = 'cognito.emails';
/** The pool's password policy. */
export const minimumPasswordLength = 8;

/** The users of the pool in `state`. Changes are made one at a time. */
export function createUsers(state: StateStore): Users {
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

  const change: Users['change'] = (name, update) =>
    withLock('pool', async () => {
      const user = await get(name);
      const changed = { ...user, ...update(user), modifiedAt: new Date().toISOString() };
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
    create: ({ email, attributes, temporaryPassword }) => {
      checkPassword(temporaryPassword);
      return withLock('pool', async () => {
        if (await find(email)) throw new AwsError('UsernameExistsException', 'User account already exists');
        const now = new Date().toISOString();
        const user: PoolUser = {
          sub: randomUUID(),
          email: email.trim(),
          attributes,
          groups: [],
          enabled: true,
          status: 'FORCE_CHANGE_PASSWORD',
          password: await hashPassword(temporaryPassword),
          createdAt: now,
          modifiedAt: now,
        };
        await state.put(collection, user.sub, user);
        await state.put(emails, emailKey(user.email), user.sub);
        return user;
      });
    },
    setPassword: async (name, password, permanent) => {
      checkPassword(password);
      const hash = await hashPassword(password);
      await change(name, () => ({
        password: hash,
        status: permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
      }));
    },
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

function checkPassword(password: string): void {
  if (password.length < minimumPasswordLength || password.length > 256) {
    throw new AwsError(
      'InvalidPasswordException',
      'Password did not conform with policy: Password not long enough',
    );
  }
}
