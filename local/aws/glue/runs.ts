import { randomBytes } from 'node:crypto';
import { createSerial } from '../core/keyed-mutex';
import { AwsError, type ServiceRoles, type StandIn } from '../core/service';
import { createStages } from '../core/stages';
import { gluePrincipal } from '../iam/policies';
import type { GlueJob } from './job';
import type { Runner, RunnerEnd, Runners } from './run-process';

type Finished = 'SUCCEEDED' | 'FAILED' | 'STOPPED' | 'TIMEOUT';

/** A run of a job. Times are ISO 8601, UTC. */
export interface JobRun {
  readonly id: string;
  readonly jobName: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly state: 'STARTING' | 'RUNNING' | 'STOPPING' | Finished;
  readonly timeoutMinutes: number;
  readonly startedAt: string;
  /** When its program began. */
  readonly runningAt?: string;
  readonly modifiedAt: string;
  readonly completedAt?: string;
  readonly errorMessage?: string;
  /** How often clearing what it left has failed. */
  readonly clearings?: number;
  /** What it comes to once what it left is cleared. */
  readonly outcome?: { readonly state: Finished; readonly errorMessage?: string };
}

/** True while a run takes one of the job's places. */
export const isActive = ({ state }: JobRun): boolean =>
  state === 'STARTING' || state === 'RUNNING' || state === 'STOPPING';

/** Runs of the jobs of this stand-in. */
export interface JobRuns {
  /** Begins a run. Throws ConcurrentRunsExceededException when the job has as many as it may. */
  begin(
    job: GlueJob,
    runArguments: Readonly<Record<string, string>>,
    timeoutMinutes: number,
  ): Promise<JobRun>;
  find(jobName: string, id: string): Promise<JobRun | undefined>;
  /** The newest first. */
  list(jobName: string): Promise<readonly JobRun[]>;
  /** Asks an active run to stop; false when it is not active. */
  stop(jobName: string, id: string): Promise<boolean>;
  /** Takes up the runs that an earlier stop cut off: what they left is cleared, and they fail. */
  start(): Promise<void>;
  /** Cuts off every run. */
  close(): Promise<void>;
}

const collection = 'glue.runs';
const maxClearings = 5;
/** As long as Glue remembers a run. */
const rememberMs = 90 * 24 * 3600_000;
const interrupted = 'The run was interrupted because Glue stopped during the run.';

/** Makes the runs; `roleArn` is what the job's program works as, `replicaUrl` what it reads. */
export function createJobRuns(
  standIn: StandIn,
  runners: Runners,
  { roleArn, replicaUrl }: { readonly roleArn: string; readonly replicaUrl: string | null },
): JobRuns {
  const serial = createSerial();
  const active = new Map<string, Runner>();
  const launches = new Set<Promise<void>>();
  /** Runs whose stop was asked for, perhaps before there was a program to stop. */
  const unwanted = new Set<string>();
  let closing = false;

  const keyOf = ({ jobName, id }: Pick<JobRun, 'jobName' | 'id'>): string => `${jobName}/${id}`;
  const find = (jobName: string, id: string) => standIn.state.get<JobRun>(collection, keyOf({ jobName, id }));
  const listAll = async (): Promise<readonly JobRun[]> =>
    (await standIn.state.list<JobRun>(collection)).map(([, run]) => run);

  /** Changes a run that is active, alone; `change` gives null to leave it. */
  const update = (key: string, change: (run: JobRun) => Partial<JobRun> | null): Promise<JobRun | null> =>
    serial(key, async () => {
      const run = await standIn.state.get<JobRun>(collection, key);
      const changed = run && isActive(run) ? change(run) : null;
      if (!run || !changed) return null;
      const next = { ...run, ...changed, modifiedAt: new Date().toISOString() };
      await standIn.state.put(collection, key, next);
      return next;
    });

  const settle = (key: string, state: Finished, errorMessage?: string) =>
    update(key, () => ({
      state,
      completedAt: new Date().toISOString(),
      ...(errorMessage === undefined ? {} : { errorMessage }),
    }));

  const stages = createStages<{ clear: { readonly key: string } }>(standIn, 'glue.stages', {
    async clear({ key }) {
      const run = await standIn.state.get<JobRun>(collection, key);
      if (!run || !isActive(run)) return undefined;
      const end = await carryOut(run, 'clear');
      if (end?.kind !== 'cleared') {
        const clearings = (run.clearings ?? 0) + 1;
        await update(key, () => ({ clearings }));
        if (clearings < maxClearings) return standIn.stepMs;
        standIn.log.warn({ run: run.id, end }, 'The files left by a run were not deleted.');
      }
      const { state, errorMessage } = run.outcome ?? outcomeOf(run, interrupted);
      await settle(key, state, errorMessage);
      return undefined;
    },
  });

  async function carryOut(
    run: JobRun,
    kind: 'extract' | 'clear',
    trial: { readonly holdMs?: number; readonly failure?: string } = {},
    onRunning: () => void = () => undefined,
  ): Promise<RunnerEnd> {
    const roles = standIn.service<ServiceRoles>('sts');
    const { accessKeyId, secretAccessKey, sessionToken } = await roles.assumeForService(
      gluePrincipal,
      roleArn,
      `glue-${run.id.slice(3, 35)}`,
    );
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    const job = { endpoint: standIn.origin, region: standIn.region, credentials };
    const order = { kind, arguments: run.arguments, job, replicaUrl, trial };
    const key = keyOf(run);
    if (closing) return null;
    return new Promise<RunnerEnd>((resolve) => {
      const runner = runners.start(order, onRunning, resolve);
      active.set(key, runner);
      if (kind === 'extract' && unwanted.has(key)) runner.stop();
    }).finally(() => active.delete(key));
  }

  async function launch(run: JobRun): Promise<void> {
    const key = keyOf(run);
    const tenantId = run.arguments['--tenant_id'] ?? '';
    const refused = standIn.fault('glue.start', tenantId);
    if (refused !== null) {
      await settle(key, 'FAILED', refused);
      return;
    }
    const failure = standIn.fault('glue.fail', tenantId);
    const slow = standIn.fault('glue.slow', tenantId);
    const trial = {
      ...(failure === null ? {} : { failure }),
      ...(slow === null ? {} : { holdMs: holdOf(slow, standIn.stepMs) }),
    };
    standIn.later(run.timeoutMinutes * 60_000, () => timeOut(key));
    const end = await followed(run, trial);
    // The next start finds the run as it is, and clears what it left.
    if (!closing) await conclude(key, end);
  }

  async function followed(run: JobRun, trial: Parameters<typeof carryOut>[2]): Promise<RunnerEnd> {
    const key = keyOf(run);
    let started: Promise<unknown> = Promise.resolve();
    const end = await carryOut(run, 'extract', trial, () => {
      started = update(key, ({ state }) =>
        state === 'STARTING' ? { state: 'RUNNING', runningAt: new Date().toISOString() } : null,
      );
    });
    await started;
    return end;
  }

  async function conclude(key: string, end: RunnerEnd): Promise<void> {
    if (end?.kind === 'succeeded') {
      await settle(key, 'SUCCEEDED');
      return;
    }
    const reason =
      end?.kind === 'failed' ? end.reason : 'The run’s process ended without reporting a result.';
    const run = await update(key, (current) => ({ outcome: current.outcome ?? outcomeOf(current, reason) }));
    if (!run?.outcome) return;
    if (end?.kind === 'failed' && end.clean) await settle(key, run.outcome.state, run.outcome.errorMessage);
    else await stages.schedule('clear', key, 0, { key });
  }

  async function timeOut(key: string): Promise<void> {
    unwanted.add(key);
    const run = await update(key, ({ timeoutMinutes, outcome }) =>
      outcome
        ? null
        : {
            outcome: {
              state: 'TIMEOUT',
              errorMessage: `The run took longer than its timeout of ${timeoutMinutes} minutes.`,
            },
          },
    );
    if (run) active.get(key)?.stop();
  }

  return {
    begin: (job, runArguments, timeoutMinutes) =>
      serial(`begin ${job.name}`, async () => {
        const busy = (await listAll()).filter((run) => run.jobName === job.name && isActive(run)).length;
        if (busy >= job.maxConcurrentRuns) {
          throw new AwsError(
            'ConcurrentRunsExceededException',
            `Concurrent runs exceeded for ${job.name}: ${job.maxConcurrentRuns}.`,
          );
        }
        const now = new Date().toISOString();
        const run: JobRun = {
          id: `jr_${randomBytes(32).toString('hex')}`,
          jobName: job.name,
          arguments: runArguments,
          state: 'STARTING',
          timeoutMinutes,
          startedAt: now,
          modifiedAt: now,
        };
        await standIn.state.put(collection, keyOf(run), run);
        // No timer: a stop of the stand-in waits for those, and cuts off runs.
        const launched = launch(run)
          .catch((error: unknown) => {
            standIn.log.error({ err: error, run: run.id }, 'A run failed unexpectedly.');
            return closing ? undefined : conclude(keyOf(run), null);
          })
          .finally(() => {
            launches.delete(launched);
            unwanted.delete(keyOf(run));
          });
        launches.add(launched);
        return run;
      }),
    find,
    async list(jobName) {
      const runs = (await listAll()).filter((run) => run.jobName === jobName);
      return runs.sort((a, b) => b.startedAt.localeCompare(a.startedAt) || a.id.localeCompare(b.id));
    },
    async stop(jobName, id) {
      const key = keyOf({ jobName, id });
      const run = await update(key, () => ({ state: 'STOPPING' }));
      if (!run) return false;
      if (!run.outcome) {
        unwanted.add(key);
        active.get(key)?.stop();
      }
      return true;
    },
    async start() {
      await stages.start();
      for (const run of await listAll()) {
        const key = keyOf(run);
        if (Date.parse(run.modifiedAt) + rememberMs < Date.now()) await standIn.state.delete(collection, key);
        else if (isActive(run) && !(await stages.has('clear', key))) {
          await stages.schedule('clear', key, 0, { key });
        }
      }
    },
    async close() {
      closing = true;
      runners.close();
      await Promise.all([...active.values()].map((runner) => runner.kill()));
      await Promise.all(launches);
    },
  };
}

/** How a run that failed with `reason` ends: stopped when somebody asked for that. */
function outcomeOf({ state }: JobRun, reason: string): NonNullable<JobRun['outcome']> {
  return state === 'STOPPING' ? { state: 'STOPPED' } : { state: 'FAILED', errorMessage: reason };
}

/** A fault's message is how long a slow run stands still, ms; twenty steps where it is no number. */
function holdOf(message: string, stepMs: number): number {
  const ms = Number(message);
  return message.trim() !== '' && Number.isFinite(ms) && ms > 0 ? ms : 20 * stepMs;
}
