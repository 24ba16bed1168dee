import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BackgroundTasks, createBackgroundTasks } from '@/local/aws/core/background-tasks';
import { createDurableTimers, type DurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import type { Programs } from '@/local/aws/core/programs';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import { refuseBeyondQuota } from '../shared/quotas';
import { billedInstances, instancesOf, type TrainingJobRecord, trainingJobArn, transitioned } from './record';
import { type Ended, runJob } from './run';

interface JobTimers {
  run: { readonly accountId: string; readonly name: string };
}

const collection = 'sagemaker.training-jobs';
/** How often the timer looks whether the task that it began has ended. */
const checkEveryMs = 500;

const keyOf = ({ accountId, name }: { readonly accountId: string; readonly name: string }): string =>
  `${accountId}/${name}`;

/**
 * Training jobs of every account. Those of one account run one at a time, each in its own process. A job that a stop
 * interrupted begins again.
 */
export class TrainingJobs {
  private readonly withLock = createKeyedMutex();
  private readonly oneAtATime = createKeyedMutex();
  private readonly tasks: BackgroundTasks;
  private readonly timers: DurableTimers<JobTimers>;

  /** Logs and files of jobs go to `dir`. */
  constructor(
    private readonly standIn: StandIn,
    private readonly programs: Programs,
    private readonly dir: string,
  ) {
    this.tasks = createBackgroundTasks(standIn.log);
    this.timers = createDurableTimers<JobTimers>(standIn, 'sagemaker.training-stages', {
      run: (key) => this.runWhenDue(key),
    });
  }

  find(accountId: string, name: string): Promise<TrainingJobRecord | undefined> {
    return this.standIn.state.get<TrainingJobRecord>(collection, keyOf({ accountId, name }));
  }

  async of(accountId: string): Promise<readonly TrainingJobRecord[]> {
    const prefix = `${accountId}/`;
    const all = await this.standIn.state.list<TrainingJobRecord>(collection, { prefix });
    return all.map(([, job]) => job);
  }

  /**
   * Throws ResourceInUse while there is a job of that name, which a job keeps for ever, and ResourceLimitExceeded where the account
   * has no more instances.
   */
  create(job: TrainingJobRecord): Promise<void> {
    // The account's lock comes first: whoever counts its instances adds to them before the next one counts.
    return this.withLock(job.accountId, () => this.createAlone(job));
  }

  private createAlone(job: TrainingJobRecord): Promise<void> {
    return this.withLock(keyOf(job), async () => {
      if (await this.find(job.accountId, job.name)) {
        const arn = trainingJobArn(this.standIn, job.accountId, job.name);
        throw new AwsError(
          'ResourceInUse',
          `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
        );
      }
      const used = (await this.of(job.accountId))
        .filter(isUnderWay)
        .reduce((sum, each) => sum + instancesOf(each), 0);
      refuseBeyondQuota('Number of instances across training jobs', used, instancesOf(job));
      await this.standIn.state.put(collection, keyOf(job), job);
      await this.schedule(job);
    });
  }

  /** Ends a job that is under way. Throws ValidationException for one that has ended. */
  async requestStop(accountId: string, name: string): Promise<void> {
    const job = await this.find(accountId, name);
    if (!job || job.status === 'Stopping') return;
    if (job.status !== 'InProgress') {
      throw new AwsError(
        'ValidationException',
        `The request was rejected because the training job is in status ${job.status}.`,
      );
    }
    await this.update(job, (now) =>
      now.status === 'InProgress'
        ? { ...transitioned(now, 'Stopping', 'Stopping the training job'), status: 'Stopping' }
        : null,
    );
    // The timer finds it stopping and ends it.
    this.tasks.abort(keyOf(job));
  }

  async start(): Promise<void> {
    await this.timers.start();
    for (const [key, job] of await this.standIn.state.list<TrainingJobRecord>(collection)) {
      if (!isUnderWay(job)) continue;
      if (job.secondaryStatus !== 'Starting' && job.status === 'InProgress') {
        await this.update(job, (now) =>
          transitioned(now, 'Restarting', 'The host was replaced; the job begins again'),
        );
      }
      if (!(await this.timers.has('run', key))) await this.schedule(job);
    }
  }

  stop(): Promise<void> {
    return this.tasks.stop();
  }

  private schedule({ accountId, name }: TrainingJobRecord): Promise<void> {
    const key = { accountId, name };
    return this.timers.schedule('run', keyOf(key), this.standIn.stepMs, key);
  }

  /** Changes the job as it is now; not when `change` gives null. */
  private update(
    { accountId, name }: TrainingJobRecord,
    change: (job: TrainingJobRecord) => TrainingJobRecord | null,
  ): Promise<void> {
    return this.withLock(keyOf({ accountId, name }), async () => {
      const now = await this.find(accountId, name);
      const changed = now && change(now);
      if (!changed) return;
      const modifiedAt = new Date().toISOString();
      await this.standIn.state.put(collection, keyOf(changed), { ...changed, modifiedAt });
      await this.standIn.services.usage.set(accountId, `training-job/${name}`, billedInstances(changed));
    });
  }

  private async runWhenDue({ accountId, name }: JobTimers['run']): Promise<number | undefined> {
    const job = await this.find(accountId, name);
    if (!job || !isUnderWay(job)) return undefined;
    this.tasks.begin(keyOf(job), (signal) => this.oneAtATime(accountId, () => this.run(job, signal)));
    return checkEveryMs;
  }

  private async run(begun: TrainingJobRecord, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const job = await this.find(begun.accountId, begun.name);
    if (!job || !isUnderWay(job)) return;
    const folder = join(this.dir, 'training', job.accountId, job.name);
    const ended: Ended =
      job.status === 'Stopping'
        ? { kind: 'stopped' }
        : await runJob(this.standIn, this.programs, job, folder, signal, (status, message) =>
            this.update(job, (now) =>
              now.status === 'InProgress' ? transitioned(now, status, message) : null,
            ),
          );
    signal.throwIfAborted();
    await this.update(job, (now) => (isUnderWay(now) ? endedJob(now, ended) : null));
    this.standIn.log.info({ job: keyOf(job), how: ended.kind }, 'A training job has ended.');
    // What is left is its log.
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.startsWith('run-')) await rm(join(folder, name), { recursive: true, force: true });
    }
  }
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
