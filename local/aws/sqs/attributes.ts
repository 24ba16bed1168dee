import { AwsError } from '../core/service';

/** The attributes of a queue. All values are strings, as in SQS. */
export type QueueAttributes = Readonly<Record<string, string>>;

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** Numeric attributes: minimum, maximum and default. */
const numbers: Readonly<Record<string, readonly [min: number, max: number, standard: number]>> = {
  DelaySeconds: [0, 900, 0],
  MaximumMessageSize: [1024, 1_048_576, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, 20, 0],
  VisibilityTimeout: [0, 43_200, 30],
};
const texts = [
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

export const standardAttributes: QueueAttributes = {
  ...Object.fromEntries(Object.entries(numbers).map(([name, [, , standard]]) => [name, String(standard)])),
  SqsManagedSseEnabled: 'true',
};

/** The attributes in `given`. Throws InvalidAttributeName and InvalidAttributeValue. */
export function checkAttributes(given: unknown): QueueAttributes {
  if (given === undefined || given === null) return {};
  const checked: Record<string, string> = {};
  for (const [name, raw] of Object.entries(Object(given) as Record<string, unknown>)) {
    const value = String(raw);
    const range = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
    if (range) checkNumber(name, value, range);
    else if (name === 'RedrivePolicy') parseRedrive(value);
    else if (!texts.includes(name)) {
      const why = /Fifo|ContentBased|Dedup/.test(name)
        ? 'FIFO queues are not here'
        : 'there is no such attribute';
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}: ${why}.`);
    }
    checked[name] = value;
  }
  return checked;
}

function checkNumber(name: string, value: string, [min, max]: readonly [number, number, number]): void {
  const number = Number(value);
  if (value.trim() === '' || !Number.isInteger(number) || number < min || number > max) {
    throw new AwsError(
      'InvalidAttributeValue',
      `Invalid value for the parameter ${name}: it is from ${min} to ${max}.`,
    );
  }
}

/** The redrive policy in `text`; null when `text` is empty, which removes the policy. */
export function parseRedrive(text: string | undefined): RedrivePolicy | null {
  if (!text) return null;
  let given: { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown } | null = null;
  try {
    given = Object(JSON.parse(text)) as { deadLetterTargetArn?: unknown; maxReceiveCount?: unknown };
  } catch {
    given = null;
  }
  const count = Number(given?.maxReceiveCount);
  const target = given?.deadLetterTargetArn;
  if (typeof target !== 'string' || !Number.isInteger(count) || count < 1 || count > 1000) {
    throw new AwsError(
      'InvalidAttributeValue',
      'Invalid value for the parameter RedrivePolicy: it needs deadLetterTargetArn and a maxReceiveCount from 1 to 1000.',
    );
  }
  return { deadLetterTargetArn: target, maxReceiveCount: count };
}
