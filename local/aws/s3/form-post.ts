import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { z } from 'zod';
import { AwsError, type Caller, type Payload } from '../core/service';
import type { Credential, CredentialStore } from '../iam/credentials';
import { hmac, sameText, signingKey } from '../wire/auth/sigv4';
import { addressOf, refuseLongKey } from './exchange';

/** An upload by a browser's form, whose signed policy says what the form may upload. */
export interface FormPost {
  readonly caller: Caller;
  readonly key: string;
  /** The form's fields by name in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly payload: Payload;
  /** Throws unless the policy allows a file of `bytes`. */
  checkLength(bytes: number): void;
}

const maxFieldBytes = 20 * 1024;
/** In a key it stands for the name of the file. */
const fileNameVariable = `$\{filename}`;

export const isFormPost = (request: IncomingMessage): boolean =>
  request.method === 'POST' &&
  /^multipart\/form-data\b/i.test(request.headers['content-type'] ?? '') &&
  request.headers.authorization === undefined;

const policySchema = z.object({
  expiration: z.iso.datetime({ offset: true }),
  conditions: z.array(
    z.union([
      z.tuple([z.string().regex(/^content-length-range$/i), z.coerce.number(), z.coerce.number()]),
      z.tuple([z.string().regex(/^(eq|starts-with)$/i), z.string().startsWith('$'), z.string()]),
      z.record(z.string(), z.string()),
    ]),
  ),
});
type Policy = z.infer<typeof policySchema>;

/**
 * Reads a form up to its file and checks signature and policy. Throws AwsError as S3 does. Source: S3 API reference, "Browser-based
 * uploads using POST" (SigV4, and the older signature that boto3 still makes).
 */
export async function readFormPost(
  credentials: CredentialStore,
  request: IncomingMessage,
): Promise<FormPost> {
  const { fields, file, name } = await untilFile(request);
  const encoded = fields.get('policy');
  if (encoded === undefined) throw denied('Access Denied');
  const credential = signer(credentials, fields, encoded);
  const policy = parsePolicy(encoded);
  checkPolicy(policy, fields, addressOf(request).bucket);
  const key = (fields.get('key') ?? '').replaceAll(fileNameVariable, name);
  if (key === '') throw new AwsError('InvalidArgument', 'Bucket POST must contain a field named key.');
  refuseLongKey(key);
  return {
    caller: credential.caller,
    key,
    fields,
    payload: { body: file, length: null, trailers: () => ({}) },
    checkLength: (bytes) => checkLength(policy, bytes),
  };
}

interface FileInForm {
  readonly fields: ReadonlyMap<string, string>;
  readonly file: Readable;
  readonly name: string;
}

function untilFile(request: IncomingMessage): Promise<FileInForm> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    let bytes = 0;
    const malformed = () =>
      reject(new AwsError('MalformedPOSTRequest', 'The body of your POST request is not well-formed.'));
    const { 'content-type': type = '' } = request.headers;
    const form = new Busboy({
      headers: { ...request.headers, 'content-type': type },
      limits: { fields: 100, files: 1, fieldNameSize: 200, fieldSize: maxFieldBytes },
    });
    form.on('field', (name, value) => {
      bytes += name.length + value.length;
      if (bytes > maxFieldBytes) {
        reject(new AwsError('MaxPostPreDataLengthExceededError', 'Your POST request fields were too large.'));
      }
      fields.set(name.toLowerCase(), value);
    });
    form.on('file', (_field, file, name) => resolve({ fields, file, name }));
    form.on('finish', () =>
      reject(new AwsError('InvalidArgument', 'POST requires exactly one file upload per request.')),
    );
    form.on('error', malformed);
    request.once('aborted', malformed);
    request.pipe(form);
  });
}

function signer(
  credentials: CredentialStore,
  fields: ReadonlyMap<string, string>,
  policy: string,
): Credential {
  const scope = (fields.get('x-amz-credential') ?? '').split('/');
  const [accessKeyId = '', day = '', region = '', service = ''] = scope;
  const older = fields.get('awsaccesskeyid');
  const credential = credentials.find(older ?? accessKeyId);
  const token = fields.get('x-amz-security-token') ?? '';
  if (!credential || !sameText(credential.sessionToken ?? '', token)) {
    throw new AwsError(
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
      403,
    );
  }
  const { secretAccessKey } = credential;
  const expected =
    older === undefined
      ? hmac(signingKey(secretAccessKey, { day, region, service }), policy).toString('hex')
      : createHmac('sha1', secretAccessKey).update(policy).digest('base64');
  const given = fields.get(older === undefined ? 'x-amz-signature' : 'signature') ?? '';
  if ((older === undefined && service !== 's3') || !sameText(expected, given)) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided.',
      403,
    );
  }
  if (credential.expiresAt !== null && credential.expiresAt <= Date.now()) {
    throw new AwsError('ExpiredToken', 'The provided token has expired.');
  }
  return credential;
}

function parsePolicy(encoded: string): Policy {
  try {
    return policySchema.parse(JSON.parse(Buffer.from(encoded, 'base64').toString()));
  } catch {
    throw new AwsError('InvalidPolicyDocument', 'Invalid Policy: Invalid JSON.');
  }
}

/** Fields that no condition needs to name. */
const exempt = /^(policy|x-amz-signature|signature|awsaccesskeyid|file|x-ignore-.*)$/;

function checkPolicy(policy: Policy, fields: ReadonlyMap<string, string>, bucket: string): void {
  if (Date.parse(policy.expiration) <= Date.now())
    throw denied('Invalid according to Policy: Policy expired.');
  const named = new Set<string>();
  const check = (operator: string, field: string, wanted: string) => {
    const name = field.toLowerCase();
    const given = name === 'bucket' ? bucket : (fields.get(name) ?? '');
    named.add(name);
    const met = operator.toLowerCase() === 'eq' ? given === wanted : given.startsWith(wanted);
    if (!met)
      throw denied(
        `Invalid according to Policy: Policy Condition failed: ["${operator}", "$${field}", "${wanted}"]`,
      );
  };
  for (const condition of policy.conditions) {
    if (!Array.isArray(condition)) {
      for (const [field, wanted] of Object.entries(condition)) check('eq', field, wanted);
    } else if (typeof condition[1] === 'string')
      check(condition[0], condition[1].slice(1), String(condition[2]));
  }
  // The bucket is in the address. S3 treats it as a field all the same: no policy is for any bucket.
  for (const name of ['bucket', ...fields.keys()]) {
    if (!named.has(name) && !exempt.test(name)) {
      throw denied(`Invalid according to Policy: Extra input fields: ${name}`);
    }
  }
}

function checkLength(policy: Policy, bytes: number): void {
  for (const condition of policy.conditions) {
    if (!Array.isArray(condition) || typeof condition[1] === 'string') continue;
    const [, least, most] = condition;
    if (bytes < least)
      throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size');
    if (bytes > Number(most))
      throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
  }
}

const denied = (message: string): AwsError => new AwsError('AccessDenied', message, 403);
