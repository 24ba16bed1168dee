import { createHash } from 'node:crypto';

/** A message attribute as it is sent; binary values are base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** MD5 in lower-case hex, as SQS uses to check bodies. */
export const md5 = (data: string | Buffer): string => createHash('md5').update(data).digest('hex');

/**
 * The MD5 of message attributes; undefined when there are none. Source: SQS Developer Guide, "Calculating the MD5
 * message digest for message attributes".
 */
export function attributesMd5(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const parts = names.flatMap((name) => {
    const attribute = attributes[name] ?? { DataType: 'String' };
    const binary = attribute.DataType.startsWith('Binary');
    const value = binary
      ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
      : Buffer.from(attribute.StringValue ?? '');
    return [
      ...sized(Buffer.from(name)),
      ...sized(Buffer.from(attribute.DataType)),
      Buffer.of(binary ? 2 : 1),
      ...sized(value),
    ];
  });
  return md5(Buffer.concat(parts));
}

function sized(data: Buffer): [Buffer, Buffer] {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return [length, data];
}
