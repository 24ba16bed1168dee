import { expect, test } from 'vitest';
import { AuthError } from './auth-error';
import { checkSignature, checkTime, readSignature, type SignedMessage, sha256 } from './sigv4';

// Keys and requests that AWS publishes: S3 API Reference, "Examples: Signature Calculations" and
// "Authenticating Requests: Using Query Parameters"; SigV4 test suite, get-vanilla.
const s3Secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const suiteSecret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const empty = sha256('');
const host = 'examplebucket.s3.amazonaws.com';

function s3Authorization(signedHeaders: string, signature: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
}

const published: [string, SignedMessage, string, string][] = [
  [
    'GET object with a range',
    {
      method: 'GET',
      url: '/test.txt',
      headers: {
        host,
        range: 'bytes=0-9',
        'x-amz-content-sha256': empty,
        'x-amz-date': '20130524T000000Z',
        authorization: s3Authorization(
          'host;range;x-amz-content-sha256;x-amz-date',
          'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
        ),
      },
    },
    s3Secret,
    empty,
  ],
  [
    'PUT object whose key needs encoding',
    {
      method: 'PUT',
      url: '/test%24file.text',
      headers: {
        host,
        date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-content-sha256': sha256('Welcome to Amazon S3.'),
        'x-amz-date': '20130524T000000Z',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        authorization: s3Authorization(
          'date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class',
          '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
        ),
      },
    },
    s3Secret,
    sha256('Welcome to Amazon S3.'),
  ],
  [
    'GET bucket lifecycle: a parameter without a value',
    {
      method: 'GET',
      url: '/?lifecycle',
      headers: {
        host,
        'x-amz-content-sha256': empty,
        'x-amz-date': '20130524T000000Z',
        authorization: s3Authorization(
          'host;x-amz-content-sha256;x-amz-date',
          'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
        ),
      },
    },
    s3Secret,
    empty,
  ],
  [
    'list objects: sorted parameters',
    {
      method: 'GET',
      url: '/?prefix=J&max-keys=2',
      headers: {
        host,
        'x-amz-content-sha256': empty,
        'x-amz-date': '20130524T000000Z',
        authorization: s3Authorization(
          'host;x-amz-content-sha256;x-amz-date',
          '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
        ),
      },
    },
    s3Secret,
    empty,
  ],
  [
    'presigned GET',
    {
      method: 'GET',
      url: '/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
      headers: { host },
    },
    s3Secret,
    'UNSIGNED-PAYLOAD',
  ],
  [
    'get-vanilla of the test suite',
    {
      method: 'GET',
      url: '/',
      headers: {
        host: 'example.amazonaws.com',
        'x-amz-date': '20150830T123600Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
      },
    },
    suiteSecret,
    empty,
  ],
];

function read(message: SignedMessage) {
  const signature = readSignature(message);
  if (!signature) throw new Error('no signature');
  return signature;
}

test.each(published)('accepts what AWS signed: %s', (_, message, secret, hash) => {
  expect(() => checkSignature(message, read(message), secret, hash)).not.toThrow();
});

test.each(published)('refuses it with another key, path, header or body: %s', (_, message, secret, hash) => {
  const signature = read(message);
  const refusal = expect.objectContaining({ failure: 'mismatch' });
  expect(() => checkSignature(message, signature, `${secret}x`, hash)).toThrow(refusal);
  expect(() => checkSignature({ ...message, url: `/x${message.url}` }, signature, secret, hash)).toThrow(
    refusal,
  );
  const headers = { ...message.headers, host: 'elsewhere.example' };
  expect(() => checkSignature({ ...message, headers }, signature, secret, hash)).toThrow(refusal);
  expect(() => checkSignature(message, signature, secret, sha256('other'))).toThrow(refusal);
});

test('refuses an x-amz header that is not signed', () => {
  const [, message, secret, hash] = published[0] ?? [];
  if (!message || !secret || !hash) throw new Error('no vector');
  const headers = { ...message.headers, 'x-amz-acl': 'public-read' };
  expect(() => checkSignature({ ...message, headers }, read(message), secret, hash)).toThrow(
    /not signed: x-amz-acl/,
  );
});

test('a header signature is good for 15 minutes around its time', () => {
  const signature = read(published[0]?.[1] as SignedMessage);
  expect(() => checkTime(signature, new Date('2013-05-24T00:14:59Z'))).not.toThrow();
  expect(() => checkTime(signature, new Date('2013-05-23T23:45:01Z'))).not.toThrow();
  expect(() => checkTime(signature, new Date('2013-05-24T00:15:01Z'))).toThrow(AuthError);
  expect(() => checkTime(signature, new Date('2013-05-23T23:44:59Z'))).toThrow(AuthError);
});

test('a presigned URL is good until its end', () => {
  const signature = read(published[4]?.[1] as SignedMessage);
  expect(() => checkTime(signature, new Date('2013-05-24T23:59:59Z'))).not.toThrow();
  expect(() => checkTime(signature, new Date('2013-05-25T00:00:01Z'))).toThrow(/expired/);
});

test.each([
  [
    'a scope with a part missing',
    'AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3, SignedHeaders=host, Signature=1',
  ],
  [
    'another algorithm',
    'AWS4-ECDSA-P256-SHA256 Credential=A/20130524/s3/aws4_request, SignedHeaders=host, Signature=1',
  ],
  [
    'no host among the signed headers',
    'AWS4-HMAC-SHA256 Credential=A/20130524/us-east-1/s3/aws4_request, SignedHeaders=x-amz-date, Signature=1',
  ],
  ['nothing', 'AWS4-HMAC-SHA256'],
  ['another scheme', 'Bearer abc'],
])('calls %s incomplete', (_, authorization) => {
  const message = {
    method: 'GET',
    url: '/',
    headers: { host, 'x-amz-date': '20130524T000000Z', authorization },
  };
  expect(() => readSignature(message)).toThrow(expect.objectContaining({ failure: 'incomplete' }));
});

test('finds no signature in an unsigned request', () => {
  expect(readSignature({ method: 'GET', url: '/?list-type=2', headers: { host } })).toBeNull();
});
