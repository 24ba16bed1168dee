import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { ChunkedDecoder, type ChunkSigning, HashCheck } from './chunked';
import type { Signature } from './sigv4';

// The example of the S3 API Reference, "Signature Calculations … Transferring Payload in Multiple Chunks".
const signing: ChunkSigning = {
  secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  signature: {
    scope: '20130524/us-east-1/s3/aws4_request',
    day: '20130524',
    region: 'us-east-1',
    service: 's3',
    time: '20130524T000000Z',
    signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
  } as Signature,
};
const body = Buffer.alloc(66_560, 'a');
const chunk = (data: Buffer, signature: string) =>
  Buffer.concat([
    Buffer.from(`${data.length.toString(16)};chunk-signature=${signature}\r\n`),
    data,
    Buffer.from('\r\n'),
  ]);
const signed = Buffer.concat([
  chunk(body.subarray(0, 65_536), 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'),
  chunk(body.subarray(65_536), '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'),
  chunk(Buffer.alloc(0), 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'),
]);

async function decode(data: Buffer, decoder: ChunkedDecoder, pieceBytes = 1000): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let at = 0; at < data.length; at += pieceBytes) pieces.push(data.subarray(at, at + pieceBytes));
  const source = Readable.from(pieces);
  source.once('error', (error) => decoder.destroy(error));
  return buffer(source.pipe(decoder));
}

test.each([1, 7, 1000, 100_000])('decodes what AWS signed, in pieces of %d bytes', async (pieceBytes) => {
  expect((await decode(signed, new ChunkedDecoder(signing), pieceBytes)).equals(body)).toBe(true);
});

test('refuses a changed byte, a dropped chunk and a changed signature', async () => {
  const changed = Buffer.from(signed);
  changed[500] = 0x62;
  await expect(decode(changed, new ChunkedDecoder(signing))).rejects.toThrow(/not what was signed/);
  const dropped = Buffer.concat([
    signed.subarray(0, 65_536 + 87 + 2),
    chunk(Buffer.alloc(0), 'b'.repeat(64)),
  ]);
  await expect(decode(dropped, new ChunkedDecoder(signing))).rejects.toThrow();
});

test('refuses a body that is cut short', async () => {
  await expect(decode(signed.subarray(0, 70_000 - 4000), new ChunkedDecoder(signing))).rejects.toThrow(
    /terminated/,
  );
  await expect(decode(Buffer.from('5\r\nhel'), new ChunkedDecoder(null))).rejects.toThrow(/terminated/);
  await expect(decode(Buffer.from('5\r\nhello\r\n'), new ChunkedDecoder(null))).rejects.toThrow(/terminated/);
});

test.each([
  'xyz\r\nhello',
  '5\r\nhelloworld\r\n0\r\n\r\n',
  '-5\r\nhello\r\n',
  `${'a'.repeat(20_000)}`,
  '0\r\nno colon\r\n\r\n',
])('refuses malformed chunks: %.20s', async (text) => {
  await expect(decode(Buffer.from(text), new ChunkedDecoder(null))).rejects.toThrow();
});

test('reads trailers of an unsigned body', async () => {
  const decoder = new ChunkedDecoder(null);
  const text = '5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n';
  expect((await decode(Buffer.from(text), decoder, 3)).toString()).toBe('hello world');
  expect(decoder.trailers).toEqual({ 'x-amz-checksum-crc32': 'DUoRhQ==' });
});

test('checks the hash of a whole body', async () => {
  const hash = createHash('sha256').update('abc').digest('hex');
  expect((await buffer(Readable.from([Buffer.from('abc')]).pipe(new HashCheck(hash)))).toString()).toBe(
    'abc',
  );
  await expect(buffer(Readable.from([Buffer.from('abd')]).pipe(new HashCheck(hash)))).rejects.toThrow(
    /does not match/,
  );
});
