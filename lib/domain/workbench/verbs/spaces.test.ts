import { describe, expect, it } from 'vitest';
import { WorkbenchWorld } from '@/lib/domain/testing/workbench-world';
import type { StudioSpace } from '../ports';
import { profileName } from '../profile-name';
import { getSpaceRefusal } from './get-space-refusal';
import { launchStudio } from './launch-studio';
import { listSpaces } from './list-spaces';
import { requestWorkbench } from './request-workbench';

async function readyWorld(): Promise<WorkbenchWorld> {
  const world = new WorkbenchWorld();
  await requestWorkbench(world.as('scientist'), { variantId: 'prod-standard', parameters: {} });
  await world.work(({ state }) => state === 'ready');
  return world;
}

describe('launchStudio at a space', () => {
  const own = profileName('sub-1', 'ada@foo.example');
  const spaceOf = (name: string, more: Partial<StudioSpace> = {}): StudioSpace => ({
    name,
    status: 'InService',
    app: 'JupyterLab',
    isPrivate: true,
    owner: own,
    ...more,
  });
  async function worldWith(...spaces: StudioSpace[]): Promise<WorkbenchWorld> {
    const world = await readyWorld();
    world.spaces.push(...spaces);
    return world;
  }
  const launchAt = (world: WorkbenchWorld, place: Parameters<typeof launchStudio>[1]) =>
    launchStudio(world.as('scientist'), place);

  it('leads to the app of one’s own or a shared space, and the audit names it', async () => {
    const shared = spaceOf('ours', { isPrivate: false, owner: 'grace-1', app: 'CodeEditor' });
    const world = await worldWith(spaceOf('notes'), shared);
    await launchAt(world, { space: 'notes' });
    expect(world.audit.at(-1)).toMatchObject({
      action: 'studio.launch',
      detail: { space: 'notes', app: 'JupyterLab', domain: 'd-1' },
    });
    await launchAt(world, { space: 'ours' });
    await launchAt(world, { app: 'CodeEditor' });
    await launchAt(world, undefined);
    expect(world.landings).toEqual([
      { space: 'notes', app: 'JupyterLab' },
      { space: 'ours', app: 'CodeEditor' },
      { space: null, app: 'CodeEditor' },
      null,
    ]);
    expect(world.audit.at(-1)?.detail).not.toHaveProperty('space');
  });

  it.each([
    ['is private to somebody else', { owner: 'grace-1' }, 'invalid', 'private to somebody else'],
    ['is private to nobody known', { owner: null }, 'invalid', 'private to somebody else'],
    ['is private and being deleted', { owner: 'grace-1', status: 'Deleting' }, 'invalid', 'private'],
    ['is being made', { status: 'Pending' }, 'conflict', 'preparing the space notes'],
    ['is being deleted', { status: 'Deleting' }, 'conflict', 'is being deleted'],
    ['failed', { status: 'Failed' }, 'conflict', 'is Failed'],
    ['is of Studio Classic', { app: null, isPrivate: false }, 'conflict', 'neither for JupyterLab'],
    ['is for another app', { app: 'Canvas' }, 'conflict', 'neither for JupyterLab'],
  ] as const)('refuses one that %s, and says so', async (_what, more, code, words) => {
    const world = await worldWith(spaceOf('notes', more));
    const before = world.audit.length;
    await expect(launchAt(world, { space: 'notes' })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
    expect(await getSpaceRefusal(world.as('scientist'), { space: 'notes' })).toContain(words);
    expect(world.landings).toEqual([]);
    expect(world.profiles.size).toBe(0);
    expect(world.audit).toHaveLength(before);
  });

  it('refuses one that is gone, in plain words, and has the workbench checked', async () => {
    const world = await worldWith(spaceOf('notes'));
    world.messages.length = 0;
    await expect(launchAt(world, { space: 'gone' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('The space gone could not be opened'),
    });
    expect(world.messages).toMatchObject([{ job: { kind: 'workbench.advance' } }]);
    expect(await getSpaceRefusal(world.as('scientist'), { space: 'gone' })).toContain('no longer exists');
    expect(await getSpaceRefusal(world.as('scientist'), { space: 'notes' })).toBeNull();
  });

  it.each([
    [{ space: '' }, 'space'],
    [{ space: '../auth' }, 'space'],
    [{ space: 'a'.repeat(64) }, 'space'],
    [{ app: 'Canvas' as 'JupyterLab' }, 'app'],
    [{ space: 'notes', app: 'JupyterLab' }, 'app'],
  ] as const)('refuses %j and names the field', async (place, field) => {
    const world = await worldWith(spaceOf('notes'));
    await expect(launchAt(world, place)).rejects.toMatchObject({
      code: 'invalid',
      fields: { [field]: expect.any(String) },
    });
  });

  it('lists what the person may open now, and nothing before there is a Studio', async () => {
    const world = await worldWith(
      spaceOf('notes'),
      spaceOf('hers', { owner: 'grace-1' }),
      spaceOf('ours', { isPrivate: false, owner: 'grace-1', app: 'CodeEditor' }),
      spaceOf('old', { isPrivate: false, owner: null, app: null }),
      spaceOf('leaving', { status: 'Deleting' }),
    );
    expect(await listSpaces(world.as('scientist'), undefined)).toEqual({
      domainId: 'd-1',
      profile: own,
      spaces: [
        { name: 'notes', app: 'JupyterLab', own: true },
        { name: 'ours', app: 'CodeEditor', own: false },
      ],
    });
    expect(await listSpaces(new WorkbenchWorld().as('scientist'), undefined)).toBeNull();
    for (const role of ['member', 'admin', 'seller'] as const) {
      await expect(listSpaces(world.as(role), undefined)).rejects.toMatchObject({ code: 'forbidden' });
    }
  });
});
