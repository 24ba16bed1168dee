import type { Group } from '@/lib/domain/actor';
import { awsNames } from '../aws-names';
import type { Users } from './users';

interface DemoUser {
  readonly email: string;
  readonly group: Group;
  readonly tenant?: string;
  readonly seller?: string;
}

/** The users who can sign in to the embedded default from the start. */
export const demoUsers: readonly DemoUser[] = [
  { email: 'owner@foo.example', group: 'owner', tenant: 'foo' },
  { email: 'scientist@foo.example', group: 'scientist', tenant: 'foo' },
  { email: 'marketer@foo.example', group: 'member', tenant: 'foo' },
  { email: 'owner@bar.example', group: 'owner', tenant: 'bar' },
  { email: 'scientist@bar.example', group: 'scientist', tenant: 'bar' },
  { email: 'admin@xyz.example', group: 'admin' },
  { email: 'seller@models.example', group: 'seller', seller: 'models' },
];

/**
 * Creates the missing demo users. An existing one keeps every change that an administrator made, except the password:
 * it is reset to `password`, which the start prints.
 */
export async function seedDemoUsers(users: Users, password: string = awsNames.demoPassword): Promise<void> {
  for (const { email, group, tenant, seller } of demoUsers) {
    const there = await users.find(email);
    if (!there) {
      const attributes = {
        email_verified: 'true',
        ...(tenant !== undefined && { 'custom:tenant_id': tenant }),
        ...(seller !== undefined && { 'custom:seller_id': seller }),
      };
      await users.create({ email, attributes, temporaryPassword: password });
      await users.setPassword(email, password, true);
      await users.change(email, () => ({ groups: [group] }));
    } else if (!(await users.verify(email, password))) {
      await users.setPassword(email, password, true);
    }
  }
}
