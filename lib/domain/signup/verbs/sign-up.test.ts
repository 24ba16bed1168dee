import { describe, expect, it } from 'vitest';
import { SignUpWorld } from '@/lib/domain/testing/sign-up-world';
import { dayMs } from '@/lib/domain/time';
import { AnnexError } from '@/lib/errors';
import { confirmSignUp } from './confirm-sign-up';
import { getSignUp } from './get-sign-up';
import { renameOrganisation } from './rename-organisation';
import { resendCode } from './resend-code';
import { startSignUp } from './start-sign-up';
import { sweepSignUps } from './sweep-sign-ups';

const client = '198.51.100.1';
const olga = {
  organisation: 'Foo & Söhne',
  person: 'Olga',
  email: 'olga@foo.example',
  password: 'a-password-of-2026',
  client,
};
const code = '123456';

const start = (world: SignUpWorld, more: Partial<typeof olga> = {}) =>
  startSignUp(world.asControl(), { ...olga, ...more });
const standing = async (world: SignUpWorld, id: string) =>
  (await getSignUp(world.asControl(), { id })).standing;

describe('signing up', () => {
  it('asks for a tenant once the code is entered, and makes the person its owner', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world);
    expect(world.codes).toEqual(['olga@foo.example']);
    expect(await standing(world, id)).toBe('code');
    expect(world.tenants.size).toBe(0);
    await confirmSignUp(world.asControl(), { id, code: ' 123 456 ', client });
    expect([...world.tenants.values()]).toMatchObject([
      { id: 'foo-sohne', name: 'Foo & Söhne', state: 'requested' },
    ]);
    expect([...world.users.values()]).toEqual([
      { email: olga.email, confirmed: true, tenantId: 'foo-sohne' },
    ]);
    expect(await standing(world, id)).toBe('requested');
    expect(world.audit).toMatchObject([
      { action: 'sign-up.start', subject: 'sign-up' },
      { action: 'sign-up.confirm', subject: 'tenant/foo-sohne', actorName: 'olga@foo.example' },
    ]);
    expect(world.mails).toEqual([]);
    expect(world.taken).toEqual([`sign-up ${client}`, `code ${client}`]);
  });

  it('admits at once where sign-up is open', async () => {
    const world = new SignUpWorld();
    world.mode = 'open';
    const { id } = await start(world);
    await confirmSignUp(world.asControl(), { id, code, client });
    await confirmSignUp(world.asControl(), { id, code, client });
    expect(await standing(world, id)).toBe('admitted');
    expect(world.onboardings).toMatchObject([
      { tenantId: 'foo-sohne', ownerId: 'user-1-0', state: 'running' },
    ]);
    expect(world.messages.map(({ job }) => job)).toEqual([
      { kind: 'tenants.onboard', tenantId: 'foo-sohne' },
    ]);
    expect(world.mails.map(({ to, subject }) => [to, subject])).toEqual([
      ['olga@foo.example', 'Your organisation is admitted to Annex'],
    ]);
  });

  it('is refused while it is closed, whatever is asked', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world);
    world.mode = 'closed';
    const ctx = world.asControl();
    for (const attempt of [
      startSignUp(ctx, olga),
      confirmSignUp(ctx, { id, code, client }),
      resendCode(ctx, { id, client }),
      renameOrganisation(ctx, { id, organisation: 'Foo', client }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'forbidden' });
    }
    expect(world.tenants.size).toBe(0);
  });

  it.each([
    [{ organisation: ' ' }, 'organisation'],
    [{ person: '' }, 'person'],
    [{ email: 'olga' }, 'email'],
    [{ password: 'short' }, 'password'],
    [{ organisation: 'Foo\u202e' }, 'organisation'],
  ])('refuses %j by field', async (wrong, field) => {
    const world = new SignUpWorld();
    await expect(start(world, wrong)).rejects.toMatchObject({
      code: 'invalid',
      fields: { [field]: expect.any(String) },
    });
    expect(world.signUps.size).toBe(0);
  });

  it('is nothing that anybody with a role does', async () => {
    for (const role of ['admin', 'owner', 'seller'] as const) {
      await expect(startSignUp(new SignUpWorld().asControl(role), olga)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
  });
});

describe('a code', () => {
  it('counts, and too many end the sign-up, also before the right one', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world);
    for (let time = 0; time < 5; time += 1) {
      await expect(confirmSignUp(world.asControl(), { id, code: '000000', client })).rejects.toMatchObject({
        code: 'invalid',
        fields: { code: expect.any(String) },
      });
    }
    await expect(confirmSignUp(world.asControl(), { id, code, client })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(world.tenants.size).toBe(0);
  });

  it('is sent three times more', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world);
    for (let time = 0; time < 3; time += 1) await resendCode(world.asControl(), { id, client });
    await expect(resendCode(world.asControl(), { id, client })).rejects.toMatchObject({ code: 'conflict' });
    expect(world.codes).toHaveLength(4);
  });

  it('of a sign-up that is over or was never begun is not taken', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world);
    world.clock += dayMs;
    for (const each of [id, 'x'.repeat(22)]) {
      await expect(confirmSignUp(world.asControl(), { id: each, code, client })).rejects.toMatchObject({
        code: 'not_found',
        message: 'This sign-up is over. Sign up again.',
      });
    }
  });
});

describe('an address that has a user', () => {
  const known = () => {
    const world = new SignUpWorld();
    world.users.set('known', { email: olga.email, confirmed: true, tenantId: 'bar' });
    return world;
  };
  /** What a browser gets to know, in turn. */
  const seen = async (world: SignUpWorld) => {
    const { id } = await start(world);
    const answers: unknown[] = [{ ...(await getSignUp(world.asControl(), { id })), id: null }];
    const wrong = () => confirmSignUp(world.asControl(), { id, code: '000000', client });
    const again = () => resendCode(world.asControl(), { id, client });
    for (const attempt of [wrong, wrong, wrong, wrong, wrong, wrong, again, again, again, again]) {
      answers.push(await attempt().catch(({ code: kind, message }: AnnexError) => [kind, message]));
    }
    return answers;
  };

  it('is answered like any other, and told by mail once a day without the words of whoever signed up', async () => {
    const world = known();
    expect(await seen(world)).toEqual(await seen(new SignUpWorld()));
    await start(world);
    expect(world.codes).toEqual([]);
    expect(world.mails).toHaveLength(1);
    expect(world.mails[0]).toMatchObject({ to: olga.email });
    expect(JSON.stringify(world.mails)).not.toMatch(/Foo|Olga"/);
    const { id } = await start(world);
    await expect(confirmSignUp(world.asControl(), { id, code, client })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(world.tenants.size).toBe(0);
  });

  it('is answered like any other when the mail fails, and when the password is bad', async () => {
    const world = known();
    world.mailFault = new AnnexError('dependency_failed', 'no mail');
    expect(await start(world)).toEqual({ id: expect.any(String) });
    await expect(start(world, { password: 'short' })).rejects.toMatchObject({ message: 'Too short.' });
  });

  it.each([known, () => new SignUpWorld()])(
    'and one that has none can be used five times a day',
    async (make) => {
      const world = make();
      for (let time = 0; time < 5; time += 1) await start(world);
      await expect(start(world)).rejects.toMatchObject({ code: 'throttled' });
      await start(world, { email: 'otto@foo.example' });
      world.clock += dayMs + 1;
      await start(world);
    },
  );
});

describe('a name that is taken', () => {
  const confirmed = async (world: SignUpWorld) => {
    world.addTenant('acme', 'active', olga.organisation);
    const { id } = await start(world);
    await confirmSignUp(world.asControl(), { id, code, client });
    return id;
  };

  it('is said once the address is confirmed, and another asks for the tenant', async () => {
    const world = new SignUpWorld();
    const id = await confirmed(world);
    expect(await standing(world, id)).toBe('name');
    const rename = (organisation: string) =>
      renameOrganisation(world.asControl(), { id, organisation, client });
    await expect(rename(olga.organisation)).rejects.toMatchObject({ fields: { organisation: 'taken' } });
    await rename('Bar');
    expect(world.tenants.get('bar')).toMatchObject({ name: 'Bar', state: 'requested' });
    expect(await standing(world, id)).toBe('requested');
  });

  it('is not asked about before the code is entered', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world);
    const rename = renameOrganisation(world.asControl(), { id, organisation: 'Bar', client });
    await expect(rename).rejects.toMatchObject({ code: 'not_found' });
    expect(world.tenants.size).toBe(0);
  });
});

describe('what was begun and not finished', () => {
  it('is continued, wherever it was interrupted', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let at = 1; at < 12; at += 1) {
        const world = new SignUpWorld();
        const { id } = await start(world);
        world.killer = { calls: 0, at, when };
        const confirm = () => confirmSignUp(world.asControl(), { id, code, client });
        await confirm().catch(() => undefined);
        world.killer = null;
        await confirm();
        expect([...world.tenants.keys()], `killed ${when} ${at}`).toEqual(['foo-sohne']);
        expect(
          [...world.users.values()].map(({ tenantId }) => tenantId),
          `killed ${when} ${at}`,
        ).toEqual(['foo-sohne']);
      }
    }
  });

  it('is removed after a day with its user, unless it asks for a tenant', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world, { email: 'done@foo.example' });
    await confirmSignUp(world.asControl(), { id, code, client });
    await start(world);
    world.clock += dayMs - 1;
    expect(await sweepSignUps(world.asControl(), undefined)).toBe(0);
    world.clock += 1;
    expect(await sweepSignUps(world.asControl(), undefined)).toBe(1);
    expect([...world.users.values()].map(({ email }) => email)).toEqual(['done@foo.example']);
    expect([...world.signUps.keys()]).toEqual([id]);
    expect(await standing(world, id)).toBe('requested');
  });

  it('is replaced by another sign-up with the address, and its code is worth nothing', async () => {
    const world = new SignUpWorld();
    const { id } = await start(world, { organisation: 'Mallory' });
    await start(world);
    await expect(confirmSignUp(world.asControl(), { id, code, client })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
