import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { lastMessage, type Programs } from '@/local/aws/core/programs';
import type { StandIn } from '@/local/aws/core/service';
import { algorithmOf } from '../shared/images';
import { reasonOf } from '../shared/reason';
import { isRefusal, isUnanswered, parseS3Uri, type RoleS3, roleS3 } from '../shared/role-s3';
import { packTarGz } from '../shared/tar-gz';
import type { SecondaryStatus, TrainingJobRecord } from './record';
import type { TrainerMessage } from './trainer/main';
import type { TrainingInput } from './trainer/trainer';

/** How a job ended. */
export type Ended =
  | {
      readonly kind: 'completed';
      readonly artefact: string;
      readonly metrics: TrainingJobRecord['metrics'];
    }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' | 'out-of-time' };

type Progress = (status: SecondaryStatus, message: string) => Promise<void>;

/** A failure that is the customer's to mend. */
class JobFailure extends Error {}

const retryMs = 500;
/** Of one file of a channel. */
const maxFileBytes = 5 * 1024 ** 3;
/** Room for the largest model that can be written as JSON. */
const heapMb = 2048;

/**
 * Does what SageMaker does for a job: downloads its channels with its execution role, trains in a process of its own, and
 * uploads the artefact. Rejects once `signal` is aborted.
 */
export async function runJob(
  standIn: StandIn,
  programs: Programs,
  job: TrainingJobRecord,
  dir: string,
  signal: AbortSignal,
  progress: Progress,
): Promise<Ended> {
  const s3 = roleS3(standIn, job.roleArn);
  // Its time begins anew with every run, as AWS counts the time of the instances.
  const limit = AbortSignal.timeout(Math.min(job.maxRuntimeSeconds * 1000, 2 ** 31 - 1));
  const either = AbortSignal.any([signal, limit]);
  try {
    return await run(programs, job, dir, s3, either, progress);
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return { kind: 'out-of-time' };
    if (error instanceof JobFailure) return { kind: 'failed', reason: error.message.slice(0, 1024) };
    throw error;
  } finally {
    s3.close();
  }
}

async function run(
  programs: Programs,
  job: TrainingJobRecord,
  dir: string,
  s3: RoleS3,
  signal: AbortSignal,
  progress: Progress,
): Promise<Ended> {
  const algorithm = algorithmOf(job.image);
  if (algorithm === null) {
    throw new JobFailure(
      `ClientError: The image ${job.image} is not here: this stand-in has SageMaker's built-in XGBoost and Linear Learner.`,
    );
  }
  await progress('Downloading', 'Downloading input data');
  // Of its own: a process of a run before this may still be on its way out.
  const runDir = join(dir, `run-${randomUUID()}`);
  const dataDir = join(runDir, 'input');
  const modelDir = join(runDir, 'model');
  await mkdir(modelDir, { recursive: true });
  await mkdir(dataDir);
  for (const { name, uri, contentType } of job.channels) {
    if (!/^text\/csv\b/i.test(contentType)) {
      throw new JobFailure(
        `ClientError: The channel ${name} has content type '${contentType}'; text/csv is what is read here.`,
      );
    }
    await download(s3, uri, job.roleArn, join(dataDir, name), signal);
  }
  await progress('Training', 'Training image download completed. Training in progress.');
  const channels = job.channels.map(({ name }) => name);
  const { hyperparameters } = job;
  const input = { algorithm, hyperparameters, dataDir, channels, modelDir };
  const metrics = await train(programs, input, join(dir, 'log'), signal);
  await progress('Uploading', 'Uploading generated training model');
  const artefact = `${job.output.replace(/\/+$/, '')}/${job.name}/output/model.tar.gz`;
  await upload(s3, artefact, modelDir, signal);
  const at = new Date().toISOString();
  const defined = Object.entries(metrics).flatMap(([name, value]) =>
    value === null ? [] : [{ name, value, at }],
  );
  return { kind: 'completed', artefact, metrics: defined };
}

/** Downloads the objects under the prefix; tries again while S3 does not answer. */
async function download(
  s3: RoleS3,
  uri: string,
  roleArn: string,
  dir: string,
  signal: AbortSignal,
): Promise<void> {
  const place = parseS3Uri(uri);
  if (!place) throw new JobFailure(`ClientError: ${uri} is no place in S3.`);
  await persistently(signal, `Data download failed for ${uri} with the role "${roleArn}"`, async () => {
    let files = 0;
    for await (const { key } of s3.list(place)) {
      if (key.endsWith('/')) continue;
      const under = place.key.endsWith('/') ? key.slice(place.key.length) : basename(key);
      if (under.split('/').includes('..'))
        throw new JobFailure(`ClientError: The key ${key} cannot be a file.`);
      const file = join(dir, under);
      await mkdir(dirname(file), { recursive: true });
      await s3.download({ bucket: place.bucket, key }, file, maxFileBytes, signal);
      files += 1;
    }
    if (files > 0) return;
    throw new JobFailure(
      `ClientError: No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists, that objects exist under that S3 prefix, and that the role "${roleArn}" has "s3:ListBucket" permissions on bucket "${place.bucket}".`,
    );
  });
}

async function upload(s3: RoleS3, uri: string, modelDir: string, signal: AbortSignal): Promise<void> {
  const place = parseS3Uri(uri);
  if (!place) throw new JobFailure(`ClientError: ${uri} is no place in S3.`);
  const names = (await readdir(modelDir)).sort();
  const files = await Promise.all(
    names.map(async (name) => ({ name, data: await readFile(join(modelDir, name)) })),
  );
  const archive = await packTarGz(files);
  await persistently(signal, `Could not upload the model to ${uri}`, () =>
    s3.put(place, archive, 'application/x-tar'),
  );
}

/** Repeats `task` until AWS answers; a refusal, or keys that cannot be files beside each other, fail the job with `what`. */
async function persistently(signal: AbortSignal, what: string, task: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await task();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof JobFailure) throw error;
      if (isRefusal(error)) throw new JobFailure(`ClientError: ${what}: ${error.name}: ${error.message}`);
      if (!isUnanswered(error)) throw new JobFailure(`ClientError: ${what}: ${reasonOf(error)}`);
      await wait(retryMs, undefined, { signal });
    }
  }
}

/** Trains in a process of its own; its metrics. Rejects with JobFailure, or when aborted. */
async function train(
  programs: Programs,
  input: TrainingInput,
  logFile: string,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number | null>>> {
  const log = createWriteStream(logFile, { flags: 'a' });
  const rights = { read: [input.dataDir], write: [input.modelDir], heapMb };
  const child = await programs.start(join(import.meta.dirname, 'trainer', 'main.ts'), input, rights);
  for (const stream of [child.stdout, child.stderr]) stream?.pipe(log, { end: false });
  const message = await lastMessage<TrainerMessage>(child, signal);
  log.end();
  signal.throwIfAborted();
  if (message?.kind === 'trained') return message.metrics;
  if (message?.kind === 'refused') throw new JobFailure(`ClientError: ${message.reason}, exit code: 1`);
  throw new JobFailure(
    `AlgorithmError: the training process ended before its time, exit code: ${child.exitCode ?? 137}`,
  );
}
