import { randomBytes } from 'node:crypto';
import { createDurableTimers, type DurableTimers } from '../core/durable-timers';
import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type StandIn } from '../core/service';
import type { GlueJob } from './job';
import type { RunEnd, RunLauncher } from './run-process';
import { type ProgramSettings, RunPrograms } from './run-programs';
import { isActive, type JobRun, keyOf, outcomeOf, RunRecords } from './run-records';
import type { RunOrder } from './runner/messages';

const maxClearings = 5;
/** As long as Glue remembers a run. */
const rememberMs = 90 * 24 * 3600_000;
const interrupted = 'The run was interrupted because Glue stopped during the run.';

/** Runs of the jobs of this stand-in. */
export class JobRuns {
  private readonly withLock = createKeyedMutex();
  private readonly records: RunRecords;
  private readonly programs: RunPrograms;
  private readonly timers: DurableTimers<{ clear: { readonly key: string } }>;
  private readonly launches = new Set<Promise<void>>();

  constructor(
    private readonly standIn: StandIn,
    launcher: RunLauncher,
    settings: ProgramSettings,
  ) {
    this.records = new RunRecords(standIn.state);
    this.programs = new RunPrograms(standIn, launcher, settings);
    this.timers = createDurableTimers(standIn, 'glue.stages', { clear: ({ key }) => this.clear(key) });
  }

  /** Begins a run. Throws ConcurrentRunsExceededException when the job has as many as it may. */
  begin(
    job: GlueJob,
    runArguments: Readonly<Record<string, string>>,
    timeoutMinutes: number,
  ): Promise<JobRun> {
    return this.withLock(job.name, async () => {
      const busy = (await this.records.list()).filter((run) => run.jobName === job.name && isActive(run));
      if (busy.length >= job.maxConcurrentRuns) {
        throw new AwsError(
          'ConcurrentRunsExceededException',
          `Concurrent runs exceeded for ${job.name}: ${job.maxConcurrentRuns}.`,
        );
      }
      const run = newRun(job, runArguments, timeoutMinutes);
      await this.records.put(run);
      this.launch(run);
      return run;
    });
  }

  find(jobName: string, id: string): Promise<JobRun | undefined> {
    return this.records.find(keyOf({ jobName, id }));
  }

  /** The newest first. */
  async list(jobName: string): Promise<readonly JobRun[]> {
    const runs = (await this.records.list()).filter((run) => run.jobName === jobName);
    return runs.sort((a, b) => b.startedAt.localeCompare(a.startedAt) || a.id.localeCompare(b.id));
  }

  /** Asks an active run to stop; false when it is not active. */
  async stop(jobName: string, id: string): Promise<boolean> {
    const key = keyOf({ jobName, id });
    const run = await this.records.update(key, () => ({ state: 'STOPPING' }));
    if (!run) return false;
    if (!run.outcome) this.programs.stop(key);
    return true;
  }

  /** Takes up the runs that an earlier stop cut off: what they left is cleared, and they fail. */
  async start(): Promise<void> {
    await this.timers.start();
    for (const run of await this.records.list()) {
      const key = keyOf(run);
      if (Date.parse(run.modifiedAt) + rememberMs < Date.now()) await this.records.delete(key);
      else if (isActive(run) && !(await this.timers.has('clear', key))) {
        await this.timers.schedule('clear', key, 0, { key });
      }
    }
  }

  /** Cuts off every run. */
  async close(): Promise<void> {
    await this.programs.close();
    await Promise.all(this.launches);
  }

  /** Not by a timer: a stop of the stand-in waits for those, and cuts off runs. */
  private launch(run: JobRun): void {
    const key = keyOf(run);
    const launched = this.follow(run)
      .catch((error: unknown) => {
        this.standIn.log.error({ err: error, run: run.id }, 'A run of a job failed unexpectedly.');
        return this.programs.closed ? undefined : this.conclude(key, null);
      })
      .finally(() => {
        this.launches.delete(launched);
        this.programs.forget(key);
      });
    this.launches.add(launched);
  }

  /** Runs are of the portal's account: that is who pays for them. */
  private meter(key: string, runs: boolean): Promise<void> {
    const { services, portalAccountId } = this.standIn;
    return services.usage.set(portalAccountId, `job-run/${key}`, runs ? [{ type: 'G.1X', count: 2 }] : []);
  }

  private async follow(run: JobRun): Promise<void> {
    const key = keyOf(run);
    const refused = this.standIn.fault('glue.start', run.arguments['--tenant_id'] ?? '');
    if (refused !== null) {
      await this.records.end(key, 'FAILED', refused);
      return;
    }
    const trial = trialOf(this.standIn, run);
    this.standIn.later(run.timeoutMinutes * 60_000, () => this.timeOut(key));
    await this.meter(key, true);
    const end = await this.extract(run, trial);
    await this.meter(key, false);
    // The next start finds the run as it is, and clears what it left.
    if (!this.programs.closed) await this.conclude(key, end);
  }

  private async extract(run: JobRun, trial: RunOrder['trial']): Promise<RunEnd> {
    let started: Promise<unknown> = Promise.resolve();
    const end = await this.programs.carryOut(run, 'extract', trial, () => {
      started = this.records.update(keyOf(run), ({ state }) =>
        state === 'STARTING' ? { state: 'RUNNING', runningAt: new Date().toISOString() } : null,
      );
    });
    await started;
    return end;
  }

  private async conclude(key: string, end: RunEnd): Promise<void> {
    if (end?.kind === 'succeeded') {
      await this.records.end(key, 'SUCCEEDED');
      return;
    }
    const reason =
      end?.kind === 'failed' ? end.reason : 'The run’s process ended without reporting a result.';
    const run = await this.records.update(key, (current) => ({
      outcome: current.outcome ?? outcomeOf(current, reason),
    }));
    if (!run?.outcome) return;
    const { state, errorMessage } = run.outcome;
    if (end?.kind === 'failed' && end.clean) await this.records.end(key, state, errorMessage);
    else await this.timers.schedule('clear', key, 0, { key });
  }

  private async timeOut(key: string): Promise<void> {
    const run = await this.records.update(key, ({ timeoutMinutes, outcome }) => {
      if (outcome) return null;
      const errorMessage = `The run took longer than its timeout of ${timeoutMinutes} minutes.`;
      return { outcome: { state: 'TIMEOUT', errorMessage } };
    });
    if (run) this.programs.stop(key);
  }

  /** Removes what a run left and ends it; a number when that has to be tried again, after that many ms. */
  private async clear(key: string): Promise<number | undefined> {
    const run = await this.records.find(key);
    if (!run || !isActive(run)) return undefined;
    const end = await this.programs.carryOut(run, 'clear');
    if (end?.kind !== 'cleared') {
      const clearings = (run.clearings ?? 0) + 1;
      await this.records.update(key, () => ({ clearings }));
      if (clearings < maxClearings) return this.standIn.stepMs;
      this.standIn.log.warn({ run: run.id, end }, 'The files left by a run were not deleted.');
    }
    await this.meter(key, false);
    const { state, errorMessage } = run.outcome ?? outcomeOf(run, interrupted);
    await this.records.end(key, state, errorMessage);
    return undefined;
  }
}

function newRun(
  { name: jobName }: GlueJob,
  runArguments: Readonly<Record<string, string>>,
  timeoutMinutes: number,
): JobRun {
  const now = new Date().toISOString();
  return {
    id: `jr_${randomBytes(32).toString('hex')}`,
    jobName,
    arguments: runArguments,
    state: 'STARTING',
    timeoutMinutes,
    startedAt: now,
    modifiedAt: now,
  };
}

/** What injected faults do to the run. */
function trialOf(standIn: StandIn, run: JobRun): RunOrder['trial'] {
  const tenantId = run.arguments['--tenant_id'] ?? '';
  const failure = standIn.fault('glue.fail', tenantId);
  const slow = standIn.fault('glue.slow', tenantId);
  return {
    ...(failure === null ? {} : { failure }),
    ...(slow === null ? {} : { holdMs: holdOf(slow, standIn.stepMs) }),
  };
}

/** How long a slow run pauses, ms: the fault's message, or twenty steps where that is not a number. */
function holdOf(message: string, stepMs: number): number {
  const ms = Number(message);
  return message.trim() !== '' && Number.isFinite(ms) && ms > 0 ? ms : 20 * stepMs;
}
