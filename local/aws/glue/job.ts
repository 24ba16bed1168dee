import { awsNames, extractJobRoleArn } from '@/local/aws-names';
import { AwsError, type Caller, type StandIn } from '../core/service';

/** A Glue job as production deploys it; see `infra/glue/README.md`. */
export interface GlueJob {
  readonly name: string;
  readonly maxConcurrentRuns: number;
  readonly timeoutMinutes: number;
  readonly defaultArguments: Readonly<Record<string, string>>;
  /** A run cannot set these. */
  readonly fixedArguments: Readonly<Record<string, string>>;
}

/** When the definition was last changed. */
const definedAt = new Date('2025-01-01T00:00:00Z');

const extractJob: GlueJob = {
  name: awsNames.extractJob,
  maxConcurrentRuns: 8,
  timeoutMinutes: 60,
  defaultArguments: { '--job-language': 'python' },
  fixedArguments: {
    '--additional-python-modules': 'psycopg[binary]==3.3.6,boto3==1.43.11',
    '--replica_secret': 'annex/replica',
    '--tenant_role': awsNames.tenantRole,
    '--extra-py-files': 's3://annex-glue/annex_statement.py',
    '--extra-files': 's3://annex-glue/global-bundle.pem,s3://annex-glue/datasets.json',
    '--scriptLocation': 's3://annex-glue/annex_extract.py',
    '--python-modules-installer-option': '--no-input',
    '--extra-jars': '',
    '--user-jars-first': 'false',
    '--conf': 'spark.ui.enabled=false',
  },
};

/** ARN of a job in the caller's account. */
export const jobArn = (standIn: StandIn, caller: Caller, name: string): string =>
  `arn:aws:glue:${standIn.region}:${caller.accountId}:job/${name}`;

/** Jobs of the account, by name. */
export const jobsOf = (standIn: StandIn, accountId: string): readonly GlueJob[] =>
  accountId === standIn.portalAccountId ? [extractJob] : [];

/** The job of that name in the account. Throws EntityNotFoundException. */
export function neededJob(standIn: StandIn, accountId: string, name: string): GlueJob {
  const gone = standIn.standing('job.missing', name) !== null;
  const job = gone ? undefined : jobsOf(standIn, accountId).find((each) => each.name === name);
  if (job) return job;
  throw new AwsError('EntityNotFoundException', `Job with name: ${name} not found.`);
}

/** `Job` of the Glue API. */
export function jobView(job: GlueJob): object {
  return {
    Name: job.name,
    Description: 'Extracts of tenants, from the replica to their buckets.',
    Role: extractJobRoleArn,
    CreatedOn: definedAt,
    LastModifiedOn: definedAt,
    ExecutionProperty: { MaxConcurrentRuns: job.maxConcurrentRuns },
    Command: { Name: 'glueetl', ScriptLocation: 's3://annex-glue/annex_extract.py', PythonVersion: '3' },
    DefaultArguments: job.defaultArguments,
    NonOverridableArguments: job.fixedArguments,
    MaxRetries: 0,
    Timeout: job.timeoutMinutes,
    GlueVersion: '5.0',
    WorkerType: 'G.1X',
    NumberOfWorkers: 2,
  };
}
