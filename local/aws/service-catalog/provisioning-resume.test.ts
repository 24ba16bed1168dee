import type { DescribeProvisionedProductOutput } from '@aws-sdk/client-service-catalog';
import { describe, expect, it } from 'vitest';
import { createFakeClient, provisionInput } from '../testing/fake-client';
import { type FakeStandIn, fakeStandIn } from '../testing/fake-stand-in';

describe('a stop at any moment', () => {
  it.each(Array.from({ length: 8 }, (_, step) => step))(
    'comes to the same end after %i stages',
    async (step) => {
      const before = fakeStandIn();
      const { RecordId } = await createFakeClient(before).provision('token-1');
      await before.settle(step);
      const fake = fakeStandIn(before.kept);
      const client = createFakeClient(fake);
      await fake.start();
      await fake.settle();
      const { Status, accountId } = await client.record(RecordId);
      expect(Status).toBe('SUCCEEDED');
      expect((await client.instance(accountId))?.Status).toBe('CURRENT');
      expect((await client.domain(accountId))?.Status).toBe('InService');
      expect([...fake.kept.buckets.keys()]).toEqual([`annex-foo-${accountId}`]);
      expect(fake.kept.events).toHaveLength(1);
      expect([...fake.kept.documents.keys()].filter((key) => key.includes('stages'))).toEqual([]);
    },
  );

  it('loses nothing when each write may be the last', async () => {
    const whole = fakeStandIn();
    let writes = 0;
    const put = whole.standIn.state.put;
    const { delete: remove } = whole.standIn.state;
    whole.standIn.state.put = async (...given) => {
      writes += 1;
      return put(...given);
    };
    whole.standIn.state.delete = async (...given) => {
      writes += 1;
      return remove(...given);
    };
    await whole.call('servicecatalog', 'ProvisionProduct', provisionInput('token-1'));
    await whole.settle();
    expect(writes).toBeGreaterThan(10);
    for (let last = 1; last < writes; last += 1) await dieAfterWrite(last);
  });
});

it('removes a failed product whichever write is the last', async () => {
  for (let last = 0; last < 8; last += 1) {
    const before = fakeStandIn();
    before.fault('account.vend', 'foo');
    await createFakeClient(before).provision('token-1');
    await before.settle();
    const dying = fakeStandIn(before.kept);
    limitWrites(dying, last);
    await terminate(dying).catch(() => undefined);
    await dying.settle(20).catch(() => undefined);
    const next = fakeStandIn(before.kept);
    await next.start();
    await next.settle();
    await terminate(next).catch(() => undefined);
    await next.settle();
    const looked = next.call('servicecatalog', 'DescribeProvisionedProduct', { Name: 'annex-foo' });
    await expect(looked, `after write ${last}`).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  }
});

async function terminate(fake: FakeStandIn): Promise<void> {
  const ProvisionedProductName = 'annex-foo';
  const { ProvisionedProductDetail } = await fake.call<DescribeProvisionedProductOutput>(
    'servicecatalog',
    'DescribeProvisionedProduct',
    { Name: ProvisionedProductName },
  );
  const TerminateToken = `end-${ProvisionedProductDetail?.LastRecordId}`;
  await fake.call('servicecatalog', 'TerminateProvisionedProduct', {
    ProvisionedProductName,
    TerminateToken,
  });
}

/** Lets `last` writes through and fails from then on, as a process does that was killed. */
function limitWrites(dying: FakeStandIn, last: number): void {
  let writes = 0;
  const { put, delete: remove } = dying.standIn.state;
  dying.standIn.state.put = async (...given) => {
    if (writes >= last) throw new Error('dead');
    writes += 1;
    return put(...given);
  };
  dying.standIn.state.delete = async (...given) => {
    if (writes >= last) throw new Error('dead');
    writes += 1;
    return remove(...given);
  };
}

async function dieAfterWrite(last: number): Promise<void> {
  const dying = fakeStandIn();
  limitWrites(dying, last);
  await dying.call('servicecatalog', 'ProvisionProduct', provisionInput('token-1')).catch(() => undefined);
  await dying.settle(20).catch(() => undefined);
  const next = fakeStandIn(dying.kept);
  await next.start();
  await next.call('servicecatalog', 'ProvisionProduct', provisionInput('token-1'));
  await next.settle();
  const accounts = [...next.kept.documents.keys()].filter((key) => key.startsWith('organizations.accounts'));
  expect(accounts, `after write ${last}`).toHaveLength(1);
  const accountId = accounts[0]?.split('\n')[1] ?? '';
  expect(await createFakeClient(next).domain(accountId), `after write ${last}`).toMatchObject({
    Status: 'InService',
  });
  expect(next.kept.events.length, `after write ${last}`).toBeGreaterThan(0);
}
