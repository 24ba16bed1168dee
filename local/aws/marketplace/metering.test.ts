import { beforeEach, expect, it } from 'vitest';
import type { Caller } from '../core/service';
import { fakeStandIn, portal } from '../testing/fake-stand-in';
import { Agreements } from './agreements';
import { batchMeterUsage } from './metering';
import { addDemoProducts, productsOf } from './products';
import { newRegistrationToken, resolveCustomer } from './registrations';
import { createMarketplace } from './service';

const hour = 3600_000;
const buyer = '222233334444';
let clock: number;
let fake: ReturnType<typeof fakeStandIn>;
let agreements: Agreements;
const now = () => clock;

beforeEach(async () => {
  clock = Date.parse('2026-11-11T12:30:00Z');
  fake = fakeStandIn();
  await addDemoProducts(fake.standIn);
  agreements = new Agreements(fake.standIn, now);
});

async function subscribed() {
  const [product] = await productsOf(fake.standIn);
  if (!product) throw new Error('no product');
  return agreements.subscribe(product, buyer);
}
const run = (operation: ReturnType<typeof batchMeterUsage>, input: object, caller: Caller = portal) =>
  operation({ ...input }, caller, 'request', new AbortController().signal);

it('takes usage for an hour after the end, and not of a time after it', async () => {
  const { id, licenseArn } = await subscribed();
  const meter = batchMeterUsage(fake.standIn, agreements, now);
  const record = (Timestamp: number) => ({
    UsageRecords: [
      {
        Timestamp: Timestamp / 1000,
        CustomerAWSAccountId: buyer,
        LicenseArn: licenseArn,
        Dimension: 'requests',
      },
    ],
  });
  await agreements.end(id);
  const end = clock;
  clock = end + hour;
  expect(await run(meter, record(end))).toMatchObject({ Results: [{ Status: 'Success' }] });
  clock = end + hour + 60_000;
  expect(await run(meter, record(end - hour))).toMatchObject({
    Results: [{ Status: 'CustomerNotSubscribed' }],
  });
  await expect(run(meter, record(clock))).rejects.toMatchObject({ code: 'TimestampOutOfBoundsException' });
});

it('resolves a token for four hours, for its seller', async () => {
  const agreement = await subscribed();
  const token = await newRegistrationToken(fake.standIn, agreement, clock);
  const resolve = resolveCustomer(fake.standIn, agreements, now);
  clock += 4 * hour - 1;
  expect(await run(resolve, { RegistrationToken: token })).toMatchObject({ CustomerAWSAccountId: buyer });
  const other = { ...portal, accountId: '555566667777' };
  await expect(run(resolve, { RegistrationToken: token }, other)).rejects.toMatchObject({
    code: 'InvalidTokenException',
  });
  clock += 1;
  await expect(run(resolve, { RegistrationToken: token })).rejects.toMatchObject({
    code: 'ExpiredTokenException',
  });
});

it('is throttled beyond ten calls a second', async () => {
  const meter = batchMeterUsage(fake.standIn, agreements, now);
  for (let call = 0; call < 10; call += 1) await run(meter, { UsageRecords: [] });
  await expect(run(meter, { UsageRecords: [] })).rejects.toMatchObject({ code: 'ThrottlingException' });
  clock += 1000;
  expect(await run(meter, { UsageRecords: [] })).toEqual({ Results: [], UnprocessedRecords: [] });
});

it('goes by AWS’s clock', async () => {
  const { operations } = createMarketplace(fake.standIn, 'http://localhost:3000');
  const meter = operations.BatchMeterUsage;
  if (!meter) throw new Error('no BatchMeterUsage');
  clock = Date.now();
  const { licenseArn } = await subscribed();
  const record = { CustomerAWSAccountId: buyer, LicenseArn: licenseArn, Dimension: 'requests' };
  const input = { UsageRecords: [{ ...record, Timestamp: clock / 1000 }] };
  expect(await run(meter, input)).toMatchObject({ Results: [{ Status: 'Success' }] });
  fake.fault('clock', '*', String(7 * 3600));
  await expect(run(meter, input)).rejects.toMatchObject({ code: 'TimestampOutOfBoundsException' });
});
