import { describe, expect, it } from 'vitest';
import { listTenants } from '@/lib/domain/tenants/verbs/list-tenants';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import { AnnexError } from '@/lib/errors';
import { profileName } from '../profile-name';
import { getWorkbench } from './get-workbench';
import { handleAccountEvent } from './handle-account-event';
import { launchStudio } from './launch-studio';
import { listVariants } from './list-variants';
import { requestWorkbench } from './request-workbench';
import { retryStep } from './retry-step';
import { sweepWorkbenches } from './sweep-workbenches';

const wish = { variantId: 'prod-standard', parameters: { InstanceType: 'ml.m5.xlarge' } };

async function readyWorld(): Promise<WorkbenchWorld> {
  const world = new WorkbenchWorld();
  await requestWorkbench(world.as('scientist'), wish);
  await world.work(({ state }) => state === 'ready');
  return world;
}

describe('requestWorkbench', () => {
  it('records the choice and the person, and sends the job', async () => {
    const world = new WorkbenchWorld();
    expect(await getWorkbench(world.as('scientist'), undefined)).toBeNull();
    const request = await requestWorkbench(world.as('scientist'), wish);
    expect(request).toMatchObject({
      state: 'provisioning',
      variant: { id: 'prod-standard', artifactId: 'pa-1', name: 'Standard' },
      parameters: { InstanceType: 'ml.m5.xlarge', Note: 'none' },
      requestedBy: { id: 'sub-1', name: 'ada@foo.example' },
    });
    expect(await getWorkbench(world.as('scientist'), undefined)).toEqual(request);
    expect(world.messages).toMatchObject([{ job: { requestId: request.requestId } }]);
    expect(world.audit).toMatchObject([{ action: 'workbench.request', actorId: 'sub-1' }]);
  });

  it('creates one request from two presses, even simultaneous ones', async () => {
    const world = new WorkbenchWorld();
    const press = (id: string) =>
      requestWorkbench(world.as('scientist', { id, name: `${id}@foo.example` }), wish);
    const [first, second] = await Promise.all([press('ada'), press('bob')]);
    const third = await press('eve');
    expect(new Set([first?.requestId, second?.requestId, third.requestId]).size).toBe(1);
    expect(world.requests.size).toBe(1);
    expect(world.audit).toHaveLength(1);
    await world.work(({ state }) => state === 'ready');
    expect(world.aws.accounts).toHaveLength(1);
  });

  it.each([
    [{ variantId: 'prod-other' }, 'variantId'],
    [{ variantId: 'prod-standard', parameters: { AccountEmail: 'x@y.example' } }, 'parameters.AccountEmail'],
    [{ variantId: 'prod-standard', parameters: { constructor: 'x' } }, 'parameters.constructor'],
    [
      { variantId: 'prod-standard', parameters: { InstanceType: 'ml.p5.48xlarge' } },
      'parameters.InstanceType',
    ],
    [{ variantId: 'prod-standard', parameters: { Note: '  ' } }, 'parameters.Note'],
    [{ variantId: '' }, 'variantId'],
  ])('refuses %j and names the field', async (input, field) => {
    const world = new WorkbenchWorld();
    const error = await requestWorkbench(world.as('scientist'), input).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalid', fields: { [field]: expect.any(String) } });
    expect(world.requests.size).toBe(0);
  });

  it('refuses a variant that the plan does not include, except to onboarding under way', async () => {
    const world = new WorkbenchWorld();
    world.limits = { variants: ['prod-other'] };
    await expect(requestWorkbench(world.as('owner'), wish)).rejects.toMatchObject({
      code: 'invalid',
      fields: { variantId: expect.stringContaining('Your plan, Standard, doesn’t include') },
    });
    expect(world.requests.size).toBe(0);
    await requestWorkbench(world.as('system'), wish);
    world.limits = { variants: ['prod-nothing'] };
    expect(await requestWorkbench(world.as('owner'), wish)).toEqual(world.live());
  });
});

describe('retryStep', () => {
  it('leaves a request that is not failed alone, and retries once for a double press', async () => {
    const world = await readyWorld();
    const { requestId } = world.live();
    expect(await retryStep(world.as('scientist'), { requestId })).toEqual(world.live());
    world.aws.studioDomain = null;
    world.messages.push({ job: { kind: 'workbench.advance', tenantId: 'foo' }, dueAt: 0 });
    await world.work(({ state }) => state === 'failed');
    const press = () => retryStep(world.as('scientist'), { requestId, attempt: 1 });
    const pressed = await Promise.all([press(), press()]);
    expect(pressed.map(({ attempt }) => attempt)).toEqual([2, 2]);
    expect((await press()).attempt).toBe(2);
    expect(world.audit.filter(({ action }) => action === 'workbench.retry')).toHaveLength(1);
  });

  it('throws not_found for another id', async () => {
    const world = await readyWorld();
    await expect(retryStep(world.as('scientist'), { requestId: 'other' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('handleAccountEvent', () => {
  const event = { accountName: 'annex-foo', accountId: '111111111111', state: 'SUCCEEDED' } as const;

  it('sends a check of the tenant’s request, whatever result the event claims', async () => {
    const world = new WorkbenchWorld();
    for (const state of ['SUCCEEDED', 'FAILED'] as const) {
      expect(await handleAccountEvent(world.asControl('system'), { ...event, state })).toBe('foo');
    }
    expect(world.messages.map(({ job }) => job)).toEqual([
      { kind: 'workbench.advance', tenantId: 'foo' },
      { kind: 'workbench.advance', tenantId: 'foo' },
    ]);
  });

  it.each([
    ['a name that is not ours', { ...event, accountName: 'sandbox-7' }],
    ['a tenant that does not exist', { ...event, accountName: 'annex-nobody' }],
    ['an account that is not the tenant’s', { ...event, accountId: '222222222222' }],
  ])('ignores %s and logs it', async (_what, forged) => {
    const world = await readyWorld();
    world.messages.length = 0;
    expect(await handleAccountEvent(world.asControl('system'), forged)).toBeNull();
    expect(world.messages).toHaveLength(0);
    expect(world.warnings.at(-1)).toMatch(/^account event ignored/);
  });

  it('never records the account that a forged event claims', async () => {
    const world = new WorkbenchWorld();
    await requestWorkbench(world.as('scientist'), wish);
    await handleAccountEvent(world.asControl('system'), { ...event, accountId: '666666666666' });
    await world.work(({ state }) => state === 'ready');
    expect(world.tenant.accountId).toBe(world.aws.accounts[0]);
    expect(world.tenant.accountId).not.toBe('666666666666');
  });
});

describe('sweepWorkbenches', () => {
  it('sends only stalled requests', async () => {
    const world = new WorkbenchWorld();
    await requestWorkbench(world.as('scientist'), wish);
    world.messages.length = 0;
    world.clock += 89_000;
    expect(await sweepWorkbenches(world.asControl('system'), { untouchedSeconds: 90 })).toBe(0);
    world.clock += 2000;
    expect(await sweepWorkbenches(world.asControl('system'), { untouchedSeconds: 90 })).toBe(1);
    expect(world.messages).toHaveLength(1);
  });

  it('sends a request again only after a while', async () => {
    const world = new WorkbenchWorld();
    await requestWorkbench(world.as('scientist'), wish);
    world.messages.length = 0;
    const sent = new Map<string, number>();
    for (let sweeps = 0; sweeps < 24; sweeps += 1) {
      world.clock += 15_000;
      await sweepWorkbenches(world.asControl('system'), { untouchedSeconds: 90, sent });
    }
    expect(world.messages).toHaveLength(4);
    expect(sent.size).toBe(1);
  });
});

describe('launchStudio', () => {
  it('creates the person’s profile and writes an audit row without the URL', async () => {
    const world = await readyWorld();
    const { url } = await launchStudio(world.as('scientist'), undefined);
    const profile = profileName('sub-1', 'ada@foo.example');
    expect(url).toContain(profile);
    expect([...world.profiles]).toEqual([profile]);
    expect(JSON.stringify(world.audit)).not.toContain(url);
    expect(world.audit.at(-1)).toMatchObject({ action: 'studio.launch', detail: { profile } });
  });

  it('says what is missing while there is nothing to launch', async () => {
    const world = new WorkbenchWorld();
    const launch = () => launchStudio(world.as('scientist'), undefined);
    await expect(launch()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('no workbench'),
    });
    await requestWorkbench(world.as('scientist'), wish);
    await expect(launch()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('not ready'),
    });
    world.aws.failures.account = 1;
    await world.work(({ state }) => state === 'failed');
    await expect(launch()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Retry'),
    });
  });

  it('sends a check of the workbench when its domain is gone', async () => {
    const world = await readyWorld();
    world.messages.length = 0;
    world.aws.studioDomain = null;
    world.studioFault = new AnnexError('not_found', 'no domain');
    await expect(launchStudio(world.as('scientist'), undefined)).rejects.toMatchObject({ code: 'conflict' });
    await world.work(({ state }) => state === 'failed');
    expect(world.steps()).toEqual(['account done', 'baseline done', 'domain failed']);
  });
});

describe('profileName', () => {
  const valid = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

  it.each(['ada@foo.example', '.-@x', 'Ünïcödé.Näme+tag@foo.example', `${'a.'.repeat(60)}@x`, '日本@x', ''])(
    'is valid for %s',
    (email) => {
      expect(profileName('sub', email)).toMatch(valid);
    },
  );

  it('differs for users of the same name, even when case is ignored', () => {
    expect(profileName('sub-1', 'ada@foo.example')).not.toBe(profileName('sub-2', 'ADA@foo.example'));
    expect(profileName('sub-1', 'ada@foo.example')).toBe(profileName('sub-1', 'ada@foo.example'));
  });
});

it('lists variants to scientists and tenants to admins', async () => {
  const world = new WorkbenchWorld();
  expect(await listVariants(world.as('scientist'), undefined)).toHaveLength(1);
  world.limits = { variants: ['prod-other'] };
  expect(await listVariants(world.as('scientist'), undefined)).toEqual([]);
  expect(await listTenants(world.asControl('admin'), {})).toMatchObject({ total: 1 });
  await expect(listTenants(world.asControl('admin'), { limit: 0 })).rejects.toMatchObject({
    code: 'invalid',
  });
});
