import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireSpace } from '../core/disk-space';
import { AwsError, type Caller, type StandIn } from '../core/service';
import { BadZip, unzip, ZipTooLarge } from '../core/zip';
import { optionalText } from '../wire/rpc-input';
import { invalid, required } from './input';
import type { FunctionRecord } from './record';

type Input = Record<string, unknown>;
type Code = FunctionRecord['code'];

/** Lambda's limits of a package, bytes: in a request, in S3 and unpacked. */
const maxDirectBytes = 50 * 1024 * 1024;
const maxUnpackedBytes = 262_144_000;

/** The unpacked code of all functions, one folder per package. */
export interface CodeStore {
  /** Unpacks the package that `ZipFile`, or `S3Bucket` and `S3Key`, name. Throws InvalidParameterValueException. */
  take(input: Input, caller: Caller): Promise<Code>;
  /** The folder, or null when it is lost. */
  path(code: Code): string | null;
  remove(code: Code): Promise<void>;
  /** Removes what no function uses, such as what a stop left half unpacked. */
  keepOnly(used: readonly Code[]): Promise<void>;
}

export function createCodeStore(standIn: StandIn, dir: string): CodeStore {
  const drafts = join(dir, 'drafts');
  const whole = join(dir, 'code');
  return {
    async take(input, caller) {
      const zip = await packageOf(standIn, input, caller);
      await mkdir(drafts, { recursive: true });
      await mkdir(whole, { recursive: true });
      await requireSpace(dir);
      const folder = randomUUID();
      const draft = join(drafts, folder);
      await mkdir(draft);
      try {
        await unzip(zip, draft, maxUnpackedBytes);
        await rename(draft, join(whole, folder));
      } catch (error) {
        await rm(draft, { recursive: true, force: true });
        throw refusal(error);
      }
      return { folder, sha256: createHash('sha256').update(zip).digest('base64'), bytes: zip.length };
    },
    path({ folder }) {
      const path = join(whole, folder);
      return existsSync(path) ? path : null;
    },
    remove: ({ folder }) => rm(join(whole, folder), { recursive: true, force: true }),
    async keepOnly(used) {
      await rm(drafts, { recursive: true, force: true });
      const kept = new Set(used.map(({ folder }) => folder));
      for (const name of await readdir(whole).catch(() => []))
        if (!kept.has(name)) await rm(join(whole, name), { recursive: true, force: true });
    },
  };
}

function refusal(error: unknown): unknown {
  if (error instanceof ZipTooLarge)
    return invalid(`Unzipped size must be smaller than ${maxUnpackedBytes} bytes`);
  if (error instanceof BadZip)
    return invalid(
      `Could not unzip uploaded file. Please check your file, then try to upload again: ${error.message}.`,
    );
  return error;
}

async function packageOf(standIn: StandIn, input: Input, caller: Caller): Promise<Buffer> {
  if (input.ImageUri !== undefined || input.S3ObjectVersion !== undefined)
    throw invalid('Code must be ZipFile, or S3Bucket and S3Key, here.');
  const direct = optionalText(input, 'ZipFile');
  if (direct !== undefined) {
    const zip = Buffer.from(direct, 'base64');
    if (zip.length <= maxDirectBytes) return zip;
    throw new AwsError(
      'RequestEntityTooLargeException',
      `Request must be smaller than ${maxDirectBytes} bytes for the CreateFunction operation`,
      413,
    );
  }
  const bucket = required(input, 'S3Bucket');
  const key = required(input, 'S3Key');
  try {
    return await standIn.services.s3.read(caller, bucket, key, maxUnpackedBytes);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalid(
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
    );
  }
}
