import { expect, test } from 'vitest';
import { type ChecksumName, createDigest } from './checksums';

// The check values of the CRC catalogue (reveng), and FIPS 180's of SHA, over "123456789".
const published: [ChecksumName, string][] = [
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
];

test.each(published)('%s gives its published check value, in one piece or two', async (name, expected) => {
  const base64 = Buffer.from(expected, 'hex').toString('base64');
  const whole = createDigest(name);
  whole.update(Buffer.from('123456789'));
  expect(await whole.base64()).toBe(base64);
  const pieces = createDigest(name);
  pieces.update(Buffer.from('1234'));
  pieces.update(Buffer.from('56789'));
  expect(await pieces.base64()).toBe(base64);
});
