import {
  GetEntitlementsCommand,
  MarketplaceEntitlementServiceClient,
} from '@aws-sdk/client-marketplace-entitlement-service';
import {
  BatchMeterUsageCommand,
  MarketplaceMeteringClient,
  ResolveCustomerCommand,
  type UsageRecord,
} from '@aws-sdk/client-marketplace-metering';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Agreed, marketplaceSteps, type SoldProduct } from '../testing/marketplace-steps';
import { clientConfig, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

let aws: TestAws;
let steps: ReturnType<typeof marketplaceSteps>;
let metering: MarketplaceMeteringClient;
let entitlements: MarketplaceEntitlementServiceClient;
let churn: SoldProduct;
let next = 200_000_000_000;
let account: string;

beforeAll(async () => {
  aws = await startTestAws();
  steps = marketplaceSteps(aws);
  metering = new MarketplaceMeteringClient(clientConfig(aws, aws.portal));
  entitlements = new MarketplaceEntitlementServiceClient(clientConfig(aws, aws.portal));
  churn = await steps.product('Churn 30 days');
});
beforeEach(async () => {
  await aws.clearFaults();
  account = String(next++);
});
afterAll(() => aws.stop());

const subscribe = (product: SoldProduct = churn, fields = {}) =>
  steps.act('subscribe', { account, product: product.id, ...fields });
const resolve = (RegistrationToken: string, client = metering) =>
  client.send(new ResolveCustomerCommand({ RegistrationToken }));
const meter = (...UsageRecords: UsageRecord[]) => metering.send(new BatchMeterUsageCommand({ UsageRecords }));
const usageOf = ({ agreement }: Agreed, more: Partial<UsageRecord> = {}): UsageRecord => ({
  Timestamp: new Date(),
  CustomerAWSAccountId: account,
  LicenseArn: agreement.licenseArn,
  Dimension: 'requests',
  Quantity: 3,
  ...more,
});
const kinds = (events: readonly Record<string, unknown>[]) =>
  events.map((event) => String(event['detail-type']).replace(' - Manufacturer', ''));

describe('a subscription', () => {
  test('is told in two events, and its token says who has subscribed', async () => {
    const agreed = await subscribe();
    const [created, license] = await steps.events(2);
    expect(created).toEqual({
      version: '0',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      'detail-type': 'Purchase Agreement Created - Manufacturer',
      source: 'aws.agreement-marketplace',
      account: '111122223333',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      region: 'us-east-1',
      resources: [`arn:aws:aws-marketplace::aws:agreement:${agreed.agreement.id}`],
      detail: {
        requestId: expect.any(String),
        catalog: 'AWSMarketplace',
        agreement: {
          id: agreed.agreement.id,
          intent: 'NEW',
          status: 'ACTIVE',
          acceptanceTime: expect.any(String),
          startTime: expect.any(String),
          endTime: '9999-01-01T00:00:00Z',
        },
        offer: { id: expect.stringMatching(/^offer-[a-z0-9]{13}$/) },
        acceptor: { accountId: account },
        proposer: { accountId: '111122223333' },
        resaleAuthorization: { id: null },
      },
    });
    expect(license).toMatchObject({
      'detail-type': 'License Updated - Manufacturer',
      detail: {
        agreement: { id: agreed.agreement.id },
        product: { id: churn.id, code: churn.code },
        license: { arn: agreed.agreement.licenseArn },
      },
    });
    const known = {
      CustomerIdentifier: '',
      ProductCode: churn.code,
      CustomerAWSAccountId: account,
      LicenseArn: agreed.agreement.licenseArn,
    };
    expect(await resolve(agreed.token)).toMatchObject(known);
    await aws.restart();
    expect(await resolve(agreed.token)).toMatchObject(known);
    await expect(resolve('forged')).rejects.toMatchObject({ name: 'InvalidTokenException' });
    await expect(subscribe()).rejects.toThrow(/409/);
  });

  test('is ended in two events, and another one can follow', async () => {
    const { agreement } = await subscribe();
    await steps.events(2);
    await steps.act('end', { agreement: agreement.id });
    const [ended, deprovisioned] = await steps.events(2);
    expect(ended).toMatchObject({
      'detail-type': 'Purchase Agreement Ended - Manufacturer',
      detail: { agreement: { id: agreement.id, status: 'CANCELLED' } },
    });
    expect(kinds([deprovisioned ?? {}])).toEqual(['License Deprovisioned']);
    await expect(steps.act('end', { agreement: agreement.id })).rejects.toThrow(/409/);
    const again = await subscribe();
    expect(again.agreement.licenseArn).not.toBe(agreement.licenseArn);
    await steps.events(2);
  });

  test('on a contract is amended and renewed, and GetEntitlements follows', async () => {
    const contract = await steps.product('Next order value');
    const { agreement } = await subscribe(contract, { 'quantity.included_requests': '500' });
    const held = async (Filter: object) => {
      const asked = { ProductCode: contract.code, Filter, MaxResults: 1 };
      const { Entitlements } = await entitlements.send(new GetEntitlementsCommand(asked));
      return Entitlements?.map(({ Value, LicenseArn }) => [Value?.IntegerValue, LicenseArn]);
    };
    const ofAccount = { CUSTOMER_AWS_ACCOUNT_ID: [account] };
    expect(await held(ofAccount)).toEqual([[500, agreement.licenseArn]]);
    await steps.act('amend', { agreement: agreement.id, 'quantity.included_requests': '900' });
    expect(await held({ ...ofAccount, LICENSE_ARN: [agreement.licenseArn] })).toEqual([
      [900, agreement.licenseArn],
    ]);
    expect(await held({ ...ofAccount, DIMENSION: ['requests'] })).toEqual([]);
    const renewed = await steps.act('renew', { agreement: agreement.id });
    expect(await held(ofAccount)).toEqual([[900, renewed.agreement.licenseArn]]);
    const told = await steps.events(8);
    expect(kinds(told).toSorted()).toEqual([
      'License Deprovisioned',
      'License Updated',
      'License Updated',
      'License Updated',
      'Purchase Agreement Amended',
      'Purchase Agreement Created',
      'Purchase Agreement Created',
      'Purchase Agreement Ended',
    ]);
    expect(JSON.stringify(told)).toContain('"intent":"RENEW"');
    expect(JSON.stringify(told)).toContain('"status":"RENEWED"');
    await expect(
      entitlements.send(new GetEntitlementsCommand({ ProductCode: 'nothing' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('on a product from before licences is told through SNS, and has an identifier', async () => {
    const legacy = await steps.addProduct({
      title: 'Old churn',
      legacy: true,
      dimensions: [{ name: 'requests', description: 'An answer', usd: 1 }],
    });
    const { agreement, token } = await subscribe(legacy);
    await steps.act('end', { agreement: agreement.id });
    const told = await steps.events(3);
    expect(told[0]).toMatchObject({ Type: 'Notification', TopicArn: expect.stringContaining(legacy.code) });
    expect(told.map(({ Message }) => JSON.parse(String(Message))).map(({ action }) => action)).toEqual([
      'subscribe-success',
      'unsubscribe-pending',
      'unsubscribe-success',
    ]);
    const resolved = await resolve(token);
    expect(resolved.CustomerIdentifier).toBe(agreement.customerIdentifier);
    expect(resolved.LicenseArn).toBeUndefined();
    const record = {
      Timestamp: new Date(),
      CustomerIdentifier: agreement.customerIdentifier,
      Dimension: 'requests',
    };
    const asked = { ProductCode: legacy.code, UsageRecords: [record] };
    const { Results } = await metering.send(new BatchMeterUsageCommand(asked));
    expect(Results?.[0]?.Status).toBe('Success');
  });
});

test('events are lost, doubled and reordered where a fault says so', async () => {
  await aws.fault('marketplace.event.lost', account);
  await subscribe();
  expect(kinds(await steps.events(1))).toEqual(['License Updated']);
  account = String(next++);
  await aws.fault('marketplace.event.twice', account);
  await aws.fault('marketplace.event.reordered', account);
  await subscribe();
  const told = await steps.events(3);
  expect(kinds(told)).toEqual(['License Updated', 'License Updated', 'Purchase Agreement Created']);
  expect(told[0]?.id).toBe(told[1]?.id);
  account = String(next++);
  await aws.fault('marketplace.event.late', account);
  await subscribe();
  expect(kinds(await steps.events(2))).toEqual(['License Updated', 'Purchase Agreement Created']);
});

test('an event that a stop kept back is sent after the next start, once', async () => {
  await aws.fault('marketplace.event.late', account, { message: '300', times: 2 });
  const { agreement } = await subscribe();
  await aws.restart();
  const told = await steps.events(2);
  expect(kinds(told)).toEqual(['Purchase Agreement Created', 'License Updated']);
  await steps.act('end', { agreement: agreement.id });
  expect(kinds(await steps.events(2))).toEqual(['Purchase Agreement Ended', 'License Deprovisioned']);
});

describe('usage', () => {
  test('of an hour counts once, and the first record wins', async () => {
    const agreed = await subscribe();
    await steps.events(2);
    const record = usageOf(agreed, {
      UsageAllocations: [
        { AllocatedUsageQuantity: 1, Tags: [{ Key: 'team', Value: 'a' }] },
        { AllocatedUsageQuantity: 2 },
      ],
    });
    const first = await meter(record);
    expect(first).toMatchObject({
      Results: [{ Status: 'Success', UsageRecord: { Dimension: 'requests', Quantity: 3 } }],
      UnprocessedRecords: [],
    });
    await aws.restart();
    const again = await meter(record, { ...record, Quantity: 4, UsageAllocations: [] });
    expect(again.Results?.map(({ Status }) => Status)).toEqual(['Success', 'DuplicateRecord']);
    expect(again.Results?.map(({ MeteringRecordId }) => MeteringRecordId)).toEqual(
      Array(2).fill(first.Results?.[0]?.MeteringRecordId),
    );
    const own = (await steps.usage()).filter(({ accountId }) => accountId === account);
    expect(own).toEqual([
      expect.objectContaining({ dimension: 'requests', quantity: 3, productCode: churn.code }),
    ]);
  });

  test('is left unprocessed at the rate of a fault', async () => {
    const agreed = await subscribe();
    await steps.events(2);
    await aws.fault('marketplace.unprocessed', churn.code, { rate: 0.5 });
    const { Results, UnprocessedRecords } = await meter(
      usageOf(agreed),
      usageOf(agreed, { Timestamp: new Date(Date.now() - 3600_000) }),
    );
    expect([Results?.length, UnprocessedRecords?.length]).toEqual([1, 1]);
    expect(UnprocessedRecords?.[0]).toMatchObject({ LicenseArn: agreed.agreement.licenseArn });
  });

  test.each<[string, Partial<UsageRecord>]>([
    ['TimestampOutOfBoundsException', { Timestamp: new Date(Date.now() - 7 * 3600_000) }],
    ['TimestampOutOfBoundsException', { Timestamp: new Date(Date.now() + 3600_000) }],
    ['InvalidUsageDimensionException', { Dimension: 'nothing' }],
    ['InvalidLicenseException', { LicenseArn: 'arn:aws:license-manager::294406891311:license:l-0' }],
    ['InvalidLicenseException', { CustomerAWSAccountId: '999999999999' }],
    ['ValidationException', { Quantity: -1 }],
    ['ValidationException', { Quantity: 2_147_483_648 }],
    ['InvalidUsageAllocationsException', { UsageAllocations: [{ AllocatedUsageQuantity: 2 }] }],
    [
      'InvalidTagException',
      {
        UsageAllocations: [
          { AllocatedUsageQuantity: 3, Tags: [...'abcdef'].map((Key) => ({ Key, Value: 'x' })) },
        ],
      },
    ],
  ])('is refused with %s: %j', async (name, wrong) => {
    // A restart forgets how many calls there were in this second.
    await aws.restart();
    const agreed = await subscribe();
    await steps.events(2);
    await expect(meter(usageOf(agreed), usageOf(agreed, wrong))).rejects.toMatchObject({ name });
    expect((await steps.usage()).filter(({ accountId }) => accountId === account)).toEqual([]);
  });

  test('is refused beyond 25 records, and with product and licence together', async () => {
    await aws.restart();
    const agreed = await subscribe();
    await steps.events(2);
    const many = Array(26).fill(usageOf(agreed)) as UsageRecord[];
    await expect(meter(...many)).rejects.toMatchObject({ name: 'ValidationException' });
    const both = new BatchMeterUsageCommand({ ProductCode: churn.code, UsageRecords: [usageOf(agreed)] });
    await expect(metering.send(both)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

test('nobody but the portal asks AWS Marketplace', async () => {
  await aws.vend('foo', account);
  const foo = new MarketplaceMeteringClient(clientConfig(aws, await tenantKeys(aws, 'foo', account)));
  const { token } = await subscribe();
  await steps.events(2);
  await expect(resolve(token, foo)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});
