import { expect, it } from 'vitest';
import type { PeopleDirectory } from '@/lib/domain/tenants/ports';
import { World } from '@/lib/domain/testing/world';
import { disablePerson } from './disable-person';
import { enablePerson } from './enable-person';

class PeopleWorld extends World {
  readonly disabled = new Map([['u-1', false]]);

  private readonly people: PeopleDirectory = {
    setDisabled: async (email, disabled) => {
      if (email !== 'ada@foo.example') return [];
      this.disabled.set('u-1', disabled);
      return [{ id: 'u-1', name: email }];
    },
  };

  get ctx() {
    return this.controlContext('system', { people: this.people });
  }
}

it('disables and enables a person, and records both', async () => {
  const world = new PeopleWorld();
  const email = 'ada@foo.example';
  expect(await disablePerson(world.ctx, { email })).toEqual([{ id: 'u-1', name: email }]);
  expect(world.disabled.get('u-1')).toBe(true);
  await enablePerson(world.ctx, { email });
  expect(world.disabled.get('u-1')).toBe(false);
  expect(world.audit.map(({ action, subject, detail }) => ({ action, subject, detail }))).toEqual(
    ['people.disable', 'people.enable'].map((action) => ({ action, subject: 'user/u-1', detail: { email } })),
  );
});

it('names somebody who never signed in, and refuses what is no address', async () => {
  const { ctx } = new PeopleWorld();
  await expect(disablePerson(ctx, { email: 'bob@foo.example' })).rejects.toMatchObject({
    code: 'not_found',
    message: 'Nobody has signed in to Annex as bob@foo.example.',
  });
  await expect(enablePerson(ctx, { email: 'bob' })).rejects.toMatchObject({ code: 'invalid' });
});
