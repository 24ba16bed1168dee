import { describe, expect, it } from 'vitest';
import type { TenantRole } from '@/lib/domain/actor';
import { FakePeople, somebody } from '@/lib/domain/testing/fake-people';
import { World } from '@/lib/domain/testing/world';
import { AnnexError } from '@/lib/errors';
import { standingOf } from '../standing';
import { changeRole } from './change-role';
import { getPerson } from './get-person';
import { invitePerson } from './invite-person';
import { listPeople } from './list-people';
import { removePerson } from './remove-person';
import { resendInvitation } from './resend-invitation';
import { setAccess } from './set-access';

class PeopleWorld extends World {
  readonly fake = new FakePeople(() => new Date(this.clock), this.audit);
  readonly stored = this.fake.stored;
  readonly pool = this.fake.pool;

  constructor() {
    super();
    this.stored.set('olga', somebody('olga', { roles: ['owner'] }));
    this.stored.set('sam', somebody('sam'));
  }

  as(role: TenantRole) {
    return this.tenantContext(role, { people: this.fake.people, userPool: this.fake.userPool });
  }
}

it('invites somebody: the user with its role, then the mail, both recorded', async () => {
  const world = new PeopleWorld();
  await invitePerson(world.as('owner'), { email: ' ada@foo.example ', role: 'member' });
  expect(world.pool).toEqual(['create ada@foo.example member', 'send ada']);
  expect(world.stored.get('ada')).toMatchObject({
    roles: ['member'],
    invitationSentAt: new Date(world.clock),
  });
  expect(world.audit.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    'people.invite user/ada',
    'people.send-invitation user/ada',
  ]);
});

it('mails once, however often the same invitation is asked for', async () => {
  const world = new PeopleWorld();
  const ask = () => invitePerson(world.as('owner'), { email: 'ada@foo.example', role: 'member' });
  await ask();
  await ask();
  expect(world.pool.filter((what) => what === 'send ada')).toHaveLength(1);
});

it('invites as many as the plan allows, also at once; and goes on with an invitation that is there', async () => {
  const world = new PeopleWorld();
  world.limits = { people: 4 };
  const ask = (email: string) => invitePerson(world.as('owner'), { email, role: 'member' });
  const asked = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => ask(`${name}@foo.example`)));
  expect(world.stored.size).toBe(4);
  const [refusal] = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  const text =
    'Your plan, Standard, allows 4 people. There are 4, those who were invited included. Nobody was invited. An administrator can change the plan.';
  expect(refusal).toMatchObject({ code: 'conflict', message: text, fields: { email: text } });
  expect(world.pool.filter((what) => what.startsWith('create'))).toHaveLength(2);
  world.limits = { people: 1 };
  await ask('a@foo.example');
  expect(world.stored.size).toBe(4);
});

it('refuses an invitation by field, and of everybody but owners', async () => {
  const world = new PeopleWorld();
  await expect(invitePerson(world.as('owner'), { email: 'ada', role: 'member' })).rejects.toMatchObject({
    code: 'invalid',
    fields: { email: 'Enter an e-mail address.' },
  });
  const role = 'admin' as TenantRole;
  await expect(invitePerson(world.as('owner'), { email: 'a@b.example', role })).rejects.toMatchObject({
    fields: { role: 'Choose a role.' },
  });
  for (const other of ['scientist', 'member'] as const) {
    await expect(
      invitePerson(world.as(other), { email: 'a@b.example', role: 'owner' }),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
  }
  expect(world.pool).toEqual([]);
});

describe('the last owner', () => {
  const changes = {
    role: (world: PeopleWorld) => changeRole(world.as('owner'), { id: 'olga', role: 'scientist' }),
    access: (world: PeopleWorld) => setAccess(world.as('owner'), { id: 'olga', disabled: true }),
    removal: (world: PeopleWorld) => removePerson(world.as('owner'), { id: 'olga' }),
  };
  it.each(Object.entries(changes))('stays one (%s), until another owner has signed in', async (_, change) => {
    const world = new PeopleWorld();
    world.stored.set('ida', somebody('ida', { roles: ['owner'], lastSeenAt: null }));
    world.stored.set('dan', somebody('dan', { roles: ['owner'], disabledAt: new Date(1) }));
    await expect(change(world)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('olga@foo.example is the last owner'),
    });
    expect(world.pool).toEqual([]);
    world.stored.set('ida', somebody('ida', { roles: ['owner'] }));
    await change(world);
    expect(world.pool).toHaveLength(1);
  });
});

it('changes a role, access and a removal in the pool and the directory, and records before and after', async () => {
  const world = new PeopleWorld();
  await changeRole(world.as('owner'), { id: 'sam', role: 'member' });
  await setAccess(world.as('owner'), { id: 'sam', disabled: true });
  expect(world.stored.get('sam')).toMatchObject({ roles: ['member'], disabledAt: new Date(world.clock) });
  await setAccess(world.as('owner'), { id: 'sam', disabled: false });
  await removePerson(world.as('owner'), { id: 'sam' });
  expect(world.stored.has('sam')).toBe(false);
  expect(world.pool).toEqual(['role sam member', 'enabled sam false', 'enabled sam true', 'remove sam']);
  expect(world.audit[0]).toMatchObject({
    action: 'people.change-role',
    detail: { email: 'sam@foo.example' },
    before: { role: 'scientist' },
    after: { role: 'member' },
  });
});

it('stores nothing when the user pool refuses', async () => {
  const world = new PeopleWorld();
  world.fake.poolFailure = new AnnexError('dependency_failed', 'Away.');
  await expect(changeRole(world.as('owner'), { id: 'sam', role: 'member' })).rejects.toThrow('Away.');
  await expect(invitePerson(world.as('owner'), { email: 'a@b.example', role: 'owner' })).rejects.toThrow(
    'Away.',
  );
  expect(world.stored.get('sam')?.roles).toEqual(['scientist']);
  expect(world.audit).toEqual([]);
});

it('leaves people with a role outside the tenant to the administrator', async () => {
  const world = new PeopleWorld();
  world.stored.set('root', somebody('root', { roles: ['member', 'admin'] }));
  for (const change of [
    removePerson(world.as('owner'), { id: 'root' }),
    changeRole(world.as('owner'), { id: 'root', role: 'owner' }),
  ]) {
    await expect(change).rejects.toMatchObject({ code: 'conflict' });
  }
  expect(world.pool).toEqual([]);
});

it('sends an invitation again until somebody has signed in', async () => {
  const world = new PeopleWorld();
  await expect(resendInvitation(world.as('owner'), { id: 'sam' })).rejects.toMatchObject({
    code: 'conflict',
  });
  world.stored.set('ada', somebody('ada', { lastSeenAt: null }));
  await resendInvitation(world.as('owner'), { id: 'ada' });
  expect(world.pool).toEqual(['send ada']);
});

it('shows people to owners alone, and nobody of elsewhere', async () => {
  const world = new PeopleWorld();
  expect((await listPeople(world.as('owner'), {})).people).toHaveLength(2);
  expect(await getPerson(world.as('owner'), { id: 'sam' })).toMatchObject({ email: 'sam@foo.example' });
  await expect(getPerson(world.as('owner'), { id: 'nobody' })).rejects.toMatchObject({ code: 'not_found' });
  await expect(listPeople(world.as('scientist'), {})).rejects.toMatchObject({ code: 'forbidden' });
});

it.each([
  ['active', {}],
  ['disabled', { disabledAt: new Date(1) }],
  ['expired', { lastSeenAt: null }],
  ['invited', { lastSeenAt: null, invitationSentAt: new Date('2026-02-22T10:00:01Z') }],
  ['expired', { lastSeenAt: null, invitationSentAt: new Date('2026-02-22T10:00:00Z') }],
] as const)('is %s with %j', (standing, more) => {
  expect(standingOf(somebody('a', more), new Date('2026-03-01T10:00:00Z'))).toBe(standing);
});
