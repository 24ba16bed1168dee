import { describe, expect, it } from 'vitest';
import { ModelWorld } from '@/lib/domain/testing/model-world';
import type { ModelVersion } from '../ports';
import { versionsCsv } from '../versions-csv';
import { exportVersions } from './export-versions';

const at = (second: number) => new Date(second * 1000);

const registration = (endpointName: string, second: number): Omit<ModelVersion, 'version'> => ({
  endpointName,
  contentType: 'text/csv',
  report: {
    endpointName,
    testedAt: at(second),
    deployment: null,
    passed: true,
    contentTypes: ['text/csv'],
    checks: [],
    latencyMs: { rows1: 1.500000000002785, rows100: null },
  },
  registeredBy: 'ada',
  registeredAt: at(second + 1),
});

async function withVersions(count: number): Promise<ModelWorld> {
  const world = new ModelWorld();
  for (let second = 1; second <= count; second++)
    await world.registry.register(registration('churn', second));
  return world;
}

describe('exportVersions', () => {
  it('gives every version with who registered and who last activated it, and when', async () => {
    const world = await withVersions(2);
    await world.registry.register({ ...registration('other', 9), registeredBy: '=cmd()' });
    for (const [version, by, second] of [
      [1, 'ada', 20],
      [2, 'bob', 21],
      [1, 'eve', 22],
    ] as const) {
      await world.registry.activate({ version, by, at: at(second) });
    }
    let text = '';
    for await (const chunk of versionsCsv(await exportVersions(world.as('scientist'), undefined)))
      text += chunk;
    const time = (second: string) => `1970-01-01T00:00:${second}.000Z`;
    expect(text.split('\r\n')).toEqual([
      '"version","endpoint","content_type","tested_at","rows_1_ms","rows_100_ms","registered_by","registered_at","activated_by","activated_at","in_use"',
      `3,"other","text/csv","${time('09')}",1.5,,"'=cmd()","${time('10')}",,,"no"`,
      `2,"churn","text/csv","${time('02')}",1.5,,"ada","${time('03')}","bob","${time('21')}","no"`,
      `1,"churn","text/csv","${time('01')}",1.5,,"ada","${time('02')}","eve","${time('22')}","yes"`,
      '',
    ]);
  });

  it.each([0, 99, 100, 201])('goes on to the last of %d', async (count) => {
    const world = await withVersions(count);
    const found: number[] = [];
    for await (const { model } of await exportVersions(world.as('scientist'), undefined))
      found.push(model.version);
    expect(found).toEqual(Array.from({ length: count }, (_, index) => count - index));
  });

  it('is refused to a member', async () => {
    const world = await withVersions(1);
    await expect(exportVersions(world.as('member'), undefined)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
