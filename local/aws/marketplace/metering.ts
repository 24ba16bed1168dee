import { randomUUID } from 'node:crypto';
import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type Operation, type StandIn } from '../core/service';
import { optionalText, structures } from '../wire/rpc-input';
import type { Agreements } from './agreements';
import { createChecker, type Input, type Usage, validation } from './usage-record';

/** Usage that AWS Marketplace bills to a buyer. */
export interface AcceptedUsage {
  readonly id: string;
  readonly productCode: string;
  readonly accountId: string;
  readonly licenseArn: string | null;
  readonly dimension: string;
  /** The hour that it counts for, ISO 8601. */
  readonly hour: string;
  readonly quantity: number;
  readonly usageAllocations: readonly object[];
  readonly acceptedAt: string;
}

const collection = 'marketplace.usage';
const maxRecords = 25;
const maxBytes = 1024 * 1024;
const callsPerSecond = 10;

/** Usage that was accepted, by hour. */
export const acceptedUsage = async ({ state }: StandIn): Promise<readonly AcceptedUsage[]> =>
  (await state.list<AcceptedUsage>(collection))
    .map(([, usage]) => usage)
    .sort((a, b) => a.hour.localeCompare(b.hour));

/**
 * `BatchMeterUsage`. A customer’s use of a dimension in an hour counts once: the same quantity again is the same record, another one is
 * `DuplicateRecord`.
 */
export function batchMeterUsage(standIn: StandIn, agreements: Agreements, now: () => number): Operation {
  const withLock = createKeyedMutex();
  const throttle = createThrottle(now);
  const checked = createChecker(standIn, agreements, now);

  return async (input, caller) => {
    standIn.authorize(caller, 'aws-marketplace:BatchMeterUsage', '*');
    throttle();
    const records = recordsOf(input);
    const code = optionalText(input, 'ProductCode');
    const all: { readonly record: Input; readonly usage: Usage | null }[] = [];
    // One record that is none refuses them all, so nothing is stored before.
    for (const record of records) all.push({ record, usage: await checked(caller, code, record) });
    return withLock('usage', async () => {
      const Results: object[] = [];
      const UnprocessedRecords: object[] = [];
      for (const { record, usage } of all) {
        if (usage === null) Results.push({ UsageRecord: record, Status: 'CustomerNotSubscribed' });
        else if (standIn.fault('marketplace.unprocessed', usage.agreement.productCode) !== null)
          UnprocessedRecords.push(record);
        else Results.push({ UsageRecord: record, ...(await accept(standIn, usage, now())) });
      }
      return { Results, UnprocessedRecords };
    });
  };
}

async function accept(
  { state }: StandIn,
  { agreement, dimension, hour, quantity, allocations }: Usage,
  now: number,
): Promise<{ readonly MeteringRecordId: string; readonly Status: 'Success' | 'DuplicateRecord' }> {
  const { accountId, licenseArn, productCode } = agreement;
  const key = [hour, accountId, licenseArn ?? productCode, dimension].map(encodeURIComponent).join('/');
  const before = await state.get<AcceptedUsage>(collection, key);
  if (before) {
    return {
      MeteringRecordId: before.id,
      Status: before.quantity === quantity ? 'Success' : 'DuplicateRecord',
    };
  }
  const id = randomUUID();
  await state.put<AcceptedUsage>(collection, key, {
    ...{ id, productCode, accountId, licenseArn, dimension, hour, quantity },
    usageAllocations: allocations,
    acceptedAt: new Date(now).toISOString(),
  });
  return { MeteringRecordId: id, Status: 'Success' };
}

function recordsOf(input: Input): readonly Input[] {
  const records = structures(input, 'UsageRecords');
  if (input.UsageRecords === undefined || input.UsageRecords === null) {
    throw validation('usageRecords', 'Member must not be null');
  }
  if (records.length > maxRecords) {
    throw validation('usageRecords', `Member must have length less than or equal to ${maxRecords}`);
  }
  if (Buffer.byteLength(JSON.stringify(input)) > maxBytes) {
    throw validation('usageRecords', `The request must have at most ${maxBytes} bytes`);
  }
  return records;
}

/** Refuses more than ten calls within a second. */
function createThrottle(now: () => number): () => void {
  let calls: number[] = [];
  return () => {
    const at = now();
    calls = calls.filter((each) => each > at - 1000);
    if (calls.length >= callsPerSecond) throw new AwsError('ThrottlingException', 'Rate exceeded');
    calls.push(at);
  };
}
