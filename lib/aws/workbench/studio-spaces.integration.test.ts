import { CreateSpaceCommand, DeleteSpaceCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { studioFetch } from '@/local/testing/studio-fetch';
import { vendStudio } from '@/local/testing/vended-studio';
import { tenantClient } from '../core/clients';
import { studio } from './studio';

const accountId = '333333333333';
const patience = { timeout: 20_000, interval: 20 };
let stack: ProductAws;
let domainId: string;

const sagemaker = () => tenantClient(SageMakerClient, { kind: 'silo', tenantId: 'foo', accountId });
const foo = studio('foo');
const as = (profile: string) => ({ accountId, domainId, profile });
const landing = (space: string | null, app: 'JupyterLab' | 'CodeEditor' = 'JupyterLab') => ({ app, space });

async function makeSpace(SpaceName: string, more: object = {}): Promise<void> {
  await sagemaker().send(
    new CreateSpaceCommand({
      DomainId: domainId,
      SpaceName,
      SpaceSettings: { AppType: 'JupyterLab' },
      OwnershipSettings: { OwnerUserProfileName: 'ada' },
      SpaceSharingSettings: { SharingType: 'Private' },
      ...more,
    }),
  );
  await vi.waitFor(
    async () => expect((await foo.space(as('ada'), SpaceName))?.status).toBe('InService'),
    patience,
  );
}

beforeAll(async () => {
  stack = await startProductAws({ stepMs: 20 });
  domainId = await vendStudio(stack, { tenantId: 'foo', accountId }, sagemaker);
  for (const profile of ['ada', 'grace']) await foo.ensureUserProfile(as(profile));
  await makeSpace('notes');
  await makeSpace('ours', {
    SpaceSettings: { AppType: 'CodeEditor' },
    SpaceSharingSettings: { SharingType: 'Shared' },
  });
  await makeSpace('old', {
    SpaceSettings: undefined,
    OwnershipSettings: undefined,
    SpaceSharingSettings: undefined,
  });
});
afterAll(() => stack?.stop());

describe('spaces of Studio', () => {
  it('are listed and described alike', async () => {
    const spaces = await foo.spaces(as('ada'));
    expect(spaces.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'notes', status: 'InService', app: 'JupyterLab', isPrivate: true, owner: 'ada' },
      { name: 'old', status: 'InService', app: null, isPrivate: false, owner: null },
      { name: 'ours', status: 'InService', app: 'CodeEditor', isPrivate: false, owner: 'ada' },
    ]);
    for (const space of spaces) expect(await foo.space(as('ada'), space.name)).toEqual(space);
    expect(await foo.space(as('ada'), 'nowhere')).toBeNull();
  });

  it('open at the app, as does one of one’s own', async () => {
    for (const [profile, at, place] of [
      ['ada', landing('notes'), 'app?type=JupyterLab&space=notes'],
      ['grace', landing('ours', 'CodeEditor'), 'app?type=CodeEditor&space=ours'],
      ['grace', landing(null, 'CodeEditor'), 'app?type=CodeEditor'],
      ['grace', null, ''],
    ] as const) {
      const answer = await studioFetch(await foo.presignedUrl({ ...as(profile), landing: at }));
      expect(answer.headers.get('location')).toBe(`/studio/${domainId}/${place}`);
    }
  });

  it('are refused by AWS too: of somebody else, gone, and of another tenant', async () => {
    const opening = foo.presignedUrl({ ...as('grace'), landing: landing('notes') });
    await expect(opening).rejects.toMatchObject({ code: 'invalid' });
    await makeSpace('brief');
    await sagemaker().send(new DeleteSpaceCommand({ DomainId: domainId, SpaceName: 'brief' }));
    await vi.waitFor(async () => expect(await foo.space(as('ada'), 'brief')).toBeNull(), patience);
    const late = foo.presignedUrl({ ...as('ada'), landing: landing('brief') });
    await expect(late).rejects.toMatchObject({ code: 'not_found' });
    const denied = { code: 'dependency_denied' };
    await expect(studio('bar').spaces(as('ada'))).rejects.toMatchObject(denied);
    await expect(studio('bar').space(as('ada'), 'notes')).rejects.toMatchObject(denied);
  });
});
