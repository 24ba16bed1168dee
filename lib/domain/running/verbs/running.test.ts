import { describe, expect, it } from 'vitest';
import { appOf, endpointOf, RunningWorld } from '@/lib/domain/testing/running-world';
import { AnnexError } from '@/lib/errors';
import { getIdleShutdown } from './get-idle-shutdown';
import { listRunning } from './list-running';
import { setIdleShutdown } from './set-idle-shutdown';
import { stopRunningApp } from './stop-app';
import { stopRunningEndpoint } from './stop-endpoint';
import { viewRunning } from './view-running';

const jupyterLab = {
  domainId: 'd-1',
  owner: { kind: 'profile', name: 'ada' },
  type: 'JupyterLab',
  name: 'default',
} as const;

describe('listRunning', () => {
  it('tells what runs, and when AWS was asked', async () => {
    const world = new RunningWorld();
    world.running.up.apps.push(appOf('ada'));
    world.running.up.endpoints.push(endpointOf('churn'));
    expect(await listRunning(world.as('owner'), undefined)).toEqual({
      readAt: new Date(world.clock),
      hasAccount: true,
      apps: { state: 'read', value: { items: [appOf('ada')], more: false } },
      endpoints: { state: 'read', value: { items: [endpointOf('churn')], more: false } },
    });
  });

  it('asks nobody while there is no account', async () => {
    const world = new RunningWorld();
    world.tenant = { ...world.tenant, accountId: null };
    world.running.faults.apps = new AnnexError('internal', 'asked');
    expect(await listRunning(world.as('scientist'), undefined)).toMatchObject({
      hasAccount: false,
      apps: { value: { items: [] } },
    });
  });

  it('a part that AWS does not tell leaves the other one', async () => {
    const world = new RunningWorld();
    world.running.up.endpoints.push(endpointOf('churn'));
    for (const code of ['throttled', 'dependency_denied', 'dependency_failed'] as const) {
      world.running.faults.apps = new AnnexError(code, `because ${code}`);
      expect(await listRunning(world.as('scientist'), undefined)).toMatchObject({
        apps: { state: 'unreadable', reason: `because ${code}` },
        endpoints: { state: 'read', value: { items: [{ name: 'churn' }] } },
      });
    }
  });

  it('is for owners and scientists', async () => {
    const world = new RunningWorld();
    for (const role of ['member', 'admin', 'seller'] as const) {
      await expect(listRunning(world.as(role), undefined)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});

describe('stopping', () => {
  it('an app is recorded before AWS is asked, and again if AWS refuses', async () => {
    const world = new RunningWorld();
    world.running.up.apps.push(appOf('ada'), appOf('eve'));
    expect(await stopRunningApp(world.as('scientist'), jupyterLab)).toBe(true);
    expect(world.running.stopped).toEqual(['app ada']);
    // Somebody else was faster.
    expect(await stopRunningApp(world.as('scientist'), jupyterLab)).toBe(false);
    world.running.faults.stopApp = new AnnexError('throttled', 'slow down');
    await expect(
      stopRunningApp(world.as('owner'), { ...jupyterLab, owner: { kind: 'profile', name: 'eve' } }),
    ).rejects.toMatchObject({ code: 'throttled' });
    expect(world.audit.map(({ action, subject, result }) => [action, subject, result])).toEqual([
      ['running.stop', 'app/d-1/ada/JupyterLab/default', 'asked'],
      ['running.stop', 'app/d-1/ada/JupyterLab/default', 'asked'],
      ['running.stop', 'app/d-1/eve/JupyterLab/default', 'asked'],
      ['running.stop', 'app/d-1/eve/JupyterLab/default', 'failed'],
    ]);
  });

  it('the endpoint of the active model needs a confirmation, others do not', async () => {
    const world = new RunningWorld();
    world.activeEndpoint = 'churn';
    world.running.up.endpoints.push(endpointOf('churn'), endpointOf('trial'));
    const ctx = world.as('scientist');
    await stopRunningEndpoint(ctx, { endpointName: 'trial' });
    await expect(stopRunningEndpoint(ctx, { endpointName: 'churn' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Version 3'),
    });
    expect(world.running.stopped).toEqual(['endpoint trial']);
    await stopRunningEndpoint(ctx, { endpointName: 'churn', confirmed: true });
    expect(world.running.stopped).toEqual(['endpoint trial', 'endpoint churn']);
  });

  it('without an account there is nothing to stop, and nothing to record', async () => {
    const world = new RunningWorld();
    world.tenant = { ...world.tenant, accountId: null };
    expect(await stopRunningApp(world.as('owner'), jupyterLab)).toBe(false);
    expect(await stopRunningEndpoint(world.as('owner'), { endpointName: 'trial' })).toBe(false);
    expect(world.audit).toEqual([]);
  });

  it('takes no names that are none of SageMaker', async () => {
    const ctx = new RunningWorld().as('scientist');
    for (const bad of [{ name: '../x' }, { type: 'Jupyter Lab' }, { domainId: 'x' }]) {
      await expect(stopRunningApp(ctx, { ...jupyterLab, ...bad })).rejects.toMatchObject({ code: 'invalid' });
    }
    await expect(stopRunningEndpoint(ctx, { endpointName: 'https://x' })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});

describe('idle shutdown', () => {
  it('tells what is in force, and sets what it is given', async () => {
    const world = new RunningWorld();
    world.idleShutdown.settings = { JupyterLab: { state: 'enabled', minutes: 120 }, CodeEditor: null };
    world.running.up.apps.push(appOf('ada', { activeAt: new Date('2026-03-01T09:30:00Z') }), appOf('eve'));
    world.idleShutdown.own.set('eve', {
      JupyterLab: { state: 'disabled', minutes: null },
      CodeEditor: null,
    });
    const ctx = world.as('owner');
    expect(await getIdleShutdown(ctx, { apps: world.running.up.apps })).toMatchObject({
      domainId: 'd-1',
      settings: { JupyterLab: { state: 'enabled', minutes: 120 }, CodeEditor: null },
      last: { state: 'read', value: null },
      why: [
        { kind: 'in use', until: new Date('2026-03-01T11:30:00Z') },
        { kind: 'disabled', by: 'owner' },
      ],
    });
    await setIdleShutdown(ctx, { CodeEditor: { state: 'enabled', minutes: 60 } });
    expect(world.idleShutdown.settings).toEqual({
      JupyterLab: { state: 'enabled', minutes: 120 },
      CodeEditor: { state: 'enabled', minutes: 60 },
    });
    expect(world.audit).toMatchObject([
      {
        action: 'running.set-idle',
        result: 'asked',
        before: { jupyterLab: 'after 120 min', codeEditor: null },
        after: { jupyterLab: 'after 120 min', codeEditor: 'after 60 min' },
      },
    ]);
  });

  it.each([59, 525_601, 90.5, null])('refuses %s minutes', async (minutes) => {
    const world = new RunningWorld();
    const asked = setIdleShutdown(world.as('owner'), { JupyterLab: { state: 'enabled', minutes } });
    await expect(asked).rejects.toMatchObject({
      fields: { 'JupyterLab.minutes': expect.stringContaining('60') },
    });
  });

  it('changes nothing where nothing was chosen', async () => {
    const world = new RunningWorld();
    await expect(setIdleShutdown(world.as('owner'), {})).rejects.toMatchObject({ code: 'invalid' });
    expect(world.audit).toEqual([]);
  });

  it('without a domain there is nothing to set', async () => {
    const world = new RunningWorld();
    world.domainId = null;
    expect(await getIdleShutdown(world.as('owner'), {})).toBeNull();
    await expect(
      setIdleShutdown(world.as('owner'), { JupyterLab: { state: 'disabled' } }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  it('a refusal by AWS is recorded and thrown', async () => {
    const world = new RunningWorld();
    world.idleShutdown.fault = new AnnexError('dependency_denied', 'no');
    await expect(getIdleShutdown(world.as('owner'), {})).rejects.toMatchObject({ code: 'dependency_denied' });
  });
});

describe('viewRunning', () => {
  it('adds why apps are up, the calls of endpoints and the active version', async () => {
    const world = new RunningWorld();
    world.running.up.apps.push(appOf('ada'));
    world.running.up.endpoints.push(endpointOf('churn'));
    world.calls.set('churn', 0);
    world.activeEndpoint = 'churn';
    expect(await viewRunning(world.as('owner'), undefined)).toMatchObject({
      apps: { value: { items: [{ type: 'JupyterLab' }] } },
      idle: { value: { why: [{ kind: 'not set' }] } },
      calls: { value: new Map([['churn', 0]]) },
      active: { version: 3, endpointName: 'churn' },
    });
  });

  it('what AWS does not tell of idle shutdown keeps nothing else', async () => {
    const world = new RunningWorld();
    world.running.up.apps.push(appOf('ada'));
    for (const code of ['dependency_denied', 'throttled', 'not_found'] as const) {
      world.idleShutdown.fault = new AnnexError(code, 'no');
      expect(await viewRunning(world.as('owner'), undefined)).toMatchObject({
        apps: { state: 'read' },
        idle: { state: 'unreadable' },
        calls: { state: 'unread' },
        active: null,
      });
    }
  });
});
