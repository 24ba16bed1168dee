import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createBackgroundTasks } from '@/local/aws/core/background-tasks';
import { createDurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import { type TrainingJobRecord, trainingJobArn, transitioned } from './record';
import { type Ended, runJob } from './run';

export interface TrainingJobs {
  find(accountId: string, name: string): Promise<TrainingJobRecord | undefined>;
  of(accountId: string): Promise<readonly TrainingJobRecord[]>;
  /** Throws ResourceInUse while there is a job of that name, which a job keeps for ever. */
  create(job: TrainingJobRecord): Promise<void>;
  /** Ends a job that is under way; nothing for one that has ended. */
  requestStop(accountId: string, name: string): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

interface JobTimers {
  run: { readonly accountId: string; readonly name: string };
}

const collection = 'sagemaker.training-jobs';
/** How often the timer looks whether the task that it began has ended. */
const lookEveryMs = 500;

const keyOf = ({ accountId, name }: { readonly accountId: string; readonly name: string }): string =>
  `${accountId}/${name}`;

/** Training jobs of every account, one at a time in a process of its own. One that a stop interrupted begins again. */
export function createTrainingJobs(standIn: StandIn, dir: string): TrainingJobs {
  const withLock = createKeyedMutex();
  const oneAtATime = createKeyedMutex();
  const tasks = createBackgroundTasks(standIn.log);

  const find = (accountId: string, name: string) =>
    standIn.state.get<TrainingJobRecord>(collection, keyOf({ accountId, name }));
  /** Changes the job as it is now; not when `change` gives null. */
  const update = (
    { accountId, name }: TrainingJobRecord,
    change: (job: TrainingJobRecord) => TrainingJobRecord | null,
  ): Promise<void> =>
    withLock(keyOf({ accountId, name }), async () => {
      const now = await find(accountId, name);
      const changed = now && change(now);
      if (!changed) return;
      const modifiedAt = new Date().toISOString();
      await standIn.state.put(collection, keyOf(changed), { ...changed, modifiedAt });
    });

  const timers = createDurableTimers<JobTimers>(standIn, 'sagemaker.training-stages', {
    run: async ({ accountId, name }) => {
      const job = await find(accountId, name);
      if (!job || !isUnderWay(job)) return undefined;
      tasks.begin(keyOf(job), (signal) => oneAtATime('training', () => run(job, signal)));
      return lookEveryMs;
    },
  });

  async function run(begun: TrainingJobRecord, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const job = await find(begun.accountId, begun.name);
    if (!job || !isUnderWay(job)) return;
    const folder = join(dir, 'training', job.accountId, job.name);
    const ended: Ended =
      job.status === 'Stopping'
        ? { kind: 'stopped' }
        : await runJob(standIn, job, folder, signal, (status, message) =>
            update(job, (now) => (now.status === 'InProgress' ? transitioned(now, status, message) : null)),
          );
    signal.throwIfAborted();
    await update(job, (now) => (isUnderWay(now) ? endedJob(now, ended) : null));
    standIn.log.info({ job: keyOf(job), how: ended.kind }, 'a training job has ended');
    // What is left is its log.
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.startsWith('run-')) await rm(join(folder, name), { recursive: true, force: true });
    }
  }

  const schedule = (job: TrainingJobRecord, ms: number): Promise<void> =>
    timers.schedule('run', keyOf(job), ms, { accountId: job.accountId, name: job.name });

  return {
    find,
    async of(accountId) {
      const all = await standIn.state.list<TrainingJobRecord>(collection, { prefix: `${accountId}/` });
      return all.map(([, job]) => job);
    },
    create: (job) =>
      withLock(keyOf(job), async () => {
        if (await find(job.accountId, job.name)) {
          const arn = trainingJobArn(standIn, job.accountId, job.name);
          throw new AwsError(
            'ResourceInUse',
            `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
          );
        }
        await standIn.state.put(collection, keyOf(job), job);
        await schedule(job, standIn.stepMs);
      }),
    async requestStop(accountId, name) {
      const job = await find(accountId, name);
      if (job?.status !== 'InProgress') return;
      await update(job, (now) =>
        now.status === 'InProgress'
          ? { ...transitioned(now, 'Stopping', 'Stopping the training job'), status: 'Stopping' }
          : null,
      );
      // The timer finds it stopping and ends it.
      tasks.abort(keyOf(job));
    },
    async start() {
      await timers.start();
      for (const [key, job] of await standIn.state.list<TrainingJobRecord>(collection)) {
        if (!isUnderWay(job)) continue;
        if (job.secondaryStatus !== 'Starting' && job.status === 'InProgress') {
          await update(job, (now) =>
            transitioned(now, 'Restarting', 'The host was replaced; the job begins again'),
          );
        }
        if (!(await timers.has('run', key))) await schedule(job, standIn.stepMs);
      }
    },
    stop: () => tasks.stop(),
  };
}

const isUnderWay = ({ status }: TrainingJobRecord): boolean =>
  status === 'InProgress' || status === 'Stopping';

function endedJob(job: TrainingJobRecord, ended: Ended): TrainingJobRecord {
  const endedAt = new Date().toISOString();
  switch (ended.kind) {
    case 'completed': {
      const completed = transitioned(job, 'Completed', 'Training job completed');
      const { artefact, metrics } = ended;
      return { ...completed, status: 'Completed', endedAt, artefact, metrics };
    }
    case 'failed': {
      const failed = transitioned(job, 'Failed', ended.reason);
      return { ...failed, status: 'Failed', endedAt, failureReason: ended.reason };
    }
    case 'out-of-time': {
      const stopped = transitioned(
        job,
        'MaxRuntimeExceeded',
        'Training job runtime exceeded MaxRuntimeInSeconds',
      );
      return { ...stopped, status: 'Stopped', endedAt };
    }
    case 'stopped':
      return { ...transitioned(job, 'Stopped', 'Training job stopped'), status: 'Stopped', endedAt };
  }
}
