import { join } from 'node:path';
import { extractJobRoleArn } from '@/local/aws-names';
import { AwsError, type Caller, type Operation, type RpcService, type StandIn } from '../core/service';
import { optionalText, texts } from '../wire/rpc-input';
import { pageOf } from '../wire/rpc-page';
import { invalidInput, neededName, runArguments, wholeFrom } from './input';
import { type GlueJob, jobArn, jobsOf, jobView, neededJob } from './job';
import { createRunLauncher, type RunLauncher } from './run-process';
import { isActive, type JobRun } from './run-records';
import { JobRuns } from './runs';

type Input = Record<string, unknown>;

/** What the stand-in for Glue needs of the machine. */
export interface GlueSettings {
  /** Where this stand-in keeps its files. */
  readonly dir: string;
  /** The replica that extracts read, as the login `annex_extract`; null where there is none. */
  readonly replicaUrl: string | null;
}

/** Glue: the extract job, whose runs are processes that do its work. `launcher` is for tests. */
export function createGlue(
  standIn: StandIn,
  { dir, replicaUrl }: GlueSettings,
  launcher: RunLauncher = createRunLauncher(join(dir, 'glue'), standIn.log),
): RpcService {
  const runs = new JobRuns(standIn, launcher, { roleArn: extractJobRoleArn, replicaUrl });
  return {
    name: 'glue',
    protocol: 'json-1.1',
    operations: {
      ...jobOperations(standIn),
      StartJobRun: startJobRun(standIn, runs),
      BatchStopJobRun: batchStopJobRun(standIn, runs),
      ...readOperations(standIn, runs),
    },
    start: () => runs.start(),
    stop: () => runs.close(),
  };
}

function jobOperations(standIn: StandIn): Record<string, Operation> {
  const page = (input: Input, caller: Caller, action: string) => {
    standIn.authorize(caller, `glue:${action}`, jobArn(standIn, caller, '*'));
    const { items, next } = pageFrom(input, jobsOf(standIn, caller.accountId), ({ name }) => name);
    return { jobs: items, NextToken: next };
  };
  return {
    async GetJob(input, caller) {
      return { Job: jobView(authorizedJob(standIn, input, caller, 'GetJob')) };
    },
    async GetJobs(input, caller) {
      const { jobs, NextToken } = page(input, caller, 'GetJobs');
      return { Jobs: jobs.map(jobView), NextToken };
    },
    async ListJobs(input, caller) {
      const { jobs, NextToken } = page(input, caller, 'ListJobs');
      return { JobNames: jobs.map(({ name }) => name), NextToken };
    },
  };
}

function startJobRun(standIn: StandIn, runs: JobRuns): Operation {
  return async (input, caller) => {
    const job = authorizedJob(standIn, input, caller, 'StartJobRun');
    if (input.JobRunId !== undefined) throw invalidInput('A run cannot be retried here: start another.');
    const given = { ...job.defaultArguments, ...runArguments(input, job.fixedArguments) };
    const timeout = wholeFrom(input, 'Timeout', 1, 7 * 24 * 60, job.timeoutMinutes);
    const tenant = caller.tags.TenantId;
    if (tenant !== undefined && given['--tenant_id'] !== tenant) {
      // On AWS no policy can say this; there, the trust of the tenant's role refuses the job.
      throw new AwsError(
        'AccessDeniedException',
        `User: ${caller.arn} is not authorized to perform: glue:StartJobRun for another tenant than its TenantId.`,
      );
    }
    const { id } = await runs.begin(job, given, timeout);
    return { JobRunId: id };
  };
}

function batchStopJobRun(standIn: StandIn, runs: JobRuns): Operation {
  return async (input, caller) => {
    const { name: JobName } = authorizedJob(standIn, input, caller, 'BatchStopJobRun');
    const ids = texts(input, 'JobRunIds');
    if (ids.length < 1 || ids.length > 25) throw invalidInput('JobRunIds must be 1 to 25 ids.');
    const SuccessfulSubmissions: object[] = [];
    const Errors: object[] = [];
    for (const JobRunId of ids) {
      const run = await visible(runs, caller, JobName, JobRunId);
      if (run && (await runs.stop(JobName, JobRunId))) SuccessfulSubmissions.push({ JobName, JobRunId });
      else {
        const ErrorDetail = run
          ? { ErrorCode: 'InvalidInputException', ErrorMessage: `Job run ${JobRunId} has already ended.` }
          : { ErrorCode: 'EntityNotFoundException', ErrorMessage: `Job run ${JobRunId} not found.` };
        Errors.push({ JobName, JobRunId, ErrorDetail });
      }
    }
    return { SuccessfulSubmissions, Errors };
  };
}

function readOperations(standIn: StandIn, runs: JobRuns): Record<string, Operation> {
  return {
    async GetJobRun(input, caller) {
      const job = authorizedJob(standIn, input, caller, 'GetJobRun');
      const id = neededName(input, 'RunId');
      const run = await visible(runs, caller, job.name, id);
      if (!run) throw new AwsError('EntityNotFoundException', `Job run ${id} not found.`);
      return { JobRun: runView(run) };
    },
    async GetJobRuns(input, caller) {
      const job = authorizedJob(standIn, input, caller, 'GetJobRuns');
      const all = (await runs.list(job.name)).filter((run) => isOf(run, caller));
      const { items, next } = pageFrom(input, all, ({ id }) => id);
      return { JobRuns: items.map(runView), NextToken: next };
    },
  };
}

function authorizedJob(standIn: StandIn, input: Input, caller: Caller, action: string): GlueJob {
  const name = neededName(input, 'JobName');
  standIn.authorize(caller, `glue:${action}`, jobArn(standIn, caller, name));
  return neededJob(standIn, caller.accountId, name);
}

/** A tenant's session sees its own runs only. AWS cannot restrict that; here it makes a mix-up show at once. */
const isOf = (run: JobRun, { tags }: Caller): boolean =>
  tags.TenantId === undefined || run.arguments['--tenant_id'] === tags.TenantId;

async function visible(
  runs: JobRuns,
  caller: Caller,
  jobName: string,
  id: string,
): Promise<JobRun | undefined> {
  const run = await runs.find(jobName, id);
  return run && isOf(run, caller) ? run : undefined;
}

function pageFrom<T>(input: Input, all: readonly T[], keyOf: (item: T) => string) {
  const size = wholeFrom(input, 'MaxResults', 1, 1000, 200);
  const token = optionalText(input, 'NextToken') || undefined;
  return pageOf(all, keyOf, token, size, () => invalidInput('NextToken is not valid.'));
}

function runView(run: JobRun): object {
  const end = run.completedAt ? Date.parse(run.completedAt) : Date.now();
  const seconds = run.runningAt ? Math.round((end - Date.parse(run.runningAt)) / 1000) : 0;
  return {
    Id: run.id,
    Attempt: 0,
    JobName: run.jobName,
    JobRunState: run.state,
    StartedOn: new Date(run.startedAt),
    LastModifiedOn: new Date(run.modifiedAt),
    CompletedOn: run.completedAt ? new Date(run.completedAt) : undefined,
    Arguments: run.arguments,
    ErrorMessage: isActive(run) ? undefined : run.errorMessage,
    PredecessorRuns: [],
    ExecutionTime: seconds,
    Timeout: run.timeoutMinutes,
    GlueVersion: '5.0',
    WorkerType: 'G.1X',
    NumberOfWorkers: 2,
    MaxCapacity: 2,
    LogGroupName: '/aws-glue/jobs',
  };
}
