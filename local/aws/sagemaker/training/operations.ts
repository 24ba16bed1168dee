import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, optionalWhole, structure, structures } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import { forms, neededForm, tagsOfInput, textMap, validationError, wholeWithin } from '../shared/input';
import { listPage } from '../shared/lists';
import { checkExecutionRole, parseS3Uri } from '../shared/role-s3';
import type { TrainingJobs } from './jobs';
import { type TrainingChannel, type TrainingJobRecord, trainingJobArn, transitioned } from './record';

type Input = Record<string, unknown>;

const maxRuntimeSeconds = 86_400;
/** Members that DescribeTrainingJob gives back as they were sent. */
const kept = [
  'HyperParameters',
  'AlgorithmSpecification',
  'RoleArn',
  'InputDataConfig',
  'OutputDataConfig',
  'ResourceConfig',
  'StoppingCondition',
  'Environment',
] as const;

/** Operations on training jobs. */
export function trainingOperations(standIn: StandIn, jobs: TrainingJobs): Record<string, Operation> {
  const authorizedName = (input: Input, caller: Caller, action: string): string => {
    const name = neededForm(input, 'TrainingJobName', forms.name);
    standIn.authorize(caller, `sagemaker:${action}`, trainingJobArn(standIn, caller.accountId, name));
    return name;
  };
  const needed = async ({ accountId }: Caller, name: string): Promise<TrainingJobRecord> => {
    const job = await jobs.find(accountId, name);
    if (job) return job;
    throw new AwsError('ValidationException', 'Requested resource not found.');
  };
  return {
    async CreateTrainingJob(input, caller) {
      const name = authorizedName(input, caller, 'CreateTrainingJob');
      const job = jobOf(input, caller, name);
      checkExecutionRole(standIn, caller, job.roleArn);
      await jobs.create(transitioned(job, 'Starting', 'Preparing the instances for training'));
      return { TrainingJobArn: trainingJobArn(standIn, caller.accountId, name) };
    },
    async DescribeTrainingJob(input, caller) {
      const name = authorizedName(input, caller, 'DescribeTrainingJob');
      return jobDetail(standIn, await needed(caller, name));
    },
    async StopTrainingJob(input, caller) {
      const name = authorizedName(input, caller, 'StopTrainingJob');
      await needed(caller, name);
      await jobs.requestStop(caller.accountId, name);
      return undefined;
    },
    async ListTrainingJobs(input, caller) {
      standIn.authorize(caller, 'sagemaker:ListTrainingJobs', trainingJobArn(standIn, caller.accountId, '*'));
      const { items, next } = listPage(await jobs.of(caller.accountId), input, 'Ascending');
      return { TrainingJobSummaries: items.map((job) => jobSummary(standIn, job)), NextToken: next };
    },
  };
}

function jobOf(input: Input, caller: Caller, name: string): TrainingJobRecord {
  const image = optionalText(structure(input, 'AlgorithmSpecification'), 'TrainingImage');
  if (!image) throw validationError('AlgorithmSpecification.TrainingImage', null, 'Member must not be null');
  const output = optionalText(structure(input, 'OutputDataConfig'), 'S3OutputPath') ?? '';
  if (!parseS3Uri(output)) {
    throw validationError(
      'OutputDataConfig.S3OutputPath',
      output,
      'Member must satisfy regular expression pattern: (https|s3)://([^/]+)/?(.*)',
    );
  }
  const resources = structure(input, 'ResourceConfig');
  for (const member of ['InstanceType', 'InstanceCount', 'VolumeSizeInGB']) {
    if (resources[member] === undefined)
      throw validationError(`ResourceConfig.${member}`, null, 'Member must not be null');
  }
  wholeWithin(resources, 'InstanceCount', 1, 100, 1);
  const limit =
    optionalWhole(structure(input, 'StoppingCondition'), 'MaxRuntimeInSeconds') ?? maxRuntimeSeconds;
  if (limit < 1) {
    throw validationError(
      'MaxRuntimeInSeconds',
      String(limit),
      'Member must have value greater than or equal to 1',
    );
  }
  const now = new Date().toISOString();
  return {
    accountId: caller.accountId,
    name,
    status: 'InProgress',
    secondaryStatus: 'Starting',
    transitions: [],
    failureReason: null,
    image,
    roleArn: neededForm(input, 'RoleArn', forms.roleArn, 2048),
    hyperparameters: textMap(input, 'HyperParameters'),
    channels: structures(input, 'InputDataConfig').map(channelOf),
    output,
    maxRuntimeSeconds: limit,
    artefact: null,
    metrics: [],
    sent: Object.fromEntries(
      kept.flatMap((member) => (input[member] === undefined ? [] : [[member, input[member]]])),
    ),
    tags: tagsOfInput(input),
    createdAt: now,
    startedAt: null,
    endedAt: null,
    modifiedAt: now,
  };
}

function channelOf(channel: Input): TrainingChannel {
  // Of AWS's names, `.` and `..` would be no folder of their own here.
  const name = neededForm(channel, 'ChannelName', '(?!\\.{1,2}$)[A-Za-z0-9\\.\\-_]+', 64);
  const source = structure(structure(channel, 'DataSource'), 'S3DataSource');
  const type = optionalText(source, 'S3DataType');
  if (type !== 'S3Prefix') {
    throw new AwsError('ValidationException', `The S3DataType ${type ?? 'null'} is not here; send S3Prefix.`);
  }
  const uri = optionalText(source, 'S3Uri') ?? '';
  if (!parseS3Uri(uri))
    throw validationError(
      'S3Uri',
      uri,
      'Member must satisfy regular expression pattern: (https|s3)://([^/]+)/?(.*)',
    );
  return { name, uri, contentType: optionalText(channel, 'ContentType') ?? '' };
}

const jobSummary = (standIn: StandIn, job: TrainingJobRecord): object => ({
  TrainingJobName: job.name,
  TrainingJobArn: trainingJobArn(standIn, job.accountId, job.name),
  CreationTime: epochSeconds(job.createdAt),
  ...(job.endedAt === null ? {} : { TrainingEndTime: epochSeconds(job.endedAt) }),
  LastModifiedTime: epochSeconds(job.modifiedAt),
  TrainingJobStatus: job.status,
  SecondaryStatus: job.secondaryStatus,
});

function jobDetail(standIn: StandIn, job: TrainingJobRecord): object {
  const seconds =
    job.startedAt === null || job.endedAt === null
      ? null
      : Math.max(1, Math.round((Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000));
  return {
    ...jobSummary(standIn, job),
    ...job.sent,
    ModelArtifacts: {
      S3ModelArtifacts: job.artefact ?? `${job.output.replace(/\/+$/, '')}/${job.name}/output/model.tar.gz`,
    },
    StoppingCondition: { MaxRuntimeInSeconds: job.maxRuntimeSeconds },
    ...(job.failureReason === null ? {} : { FailureReason: job.failureReason }),
    ...(job.startedAt === null ? {} : { TrainingStartTime: epochSeconds(job.startedAt) }),
    ...(seconds === null ? {} : { TrainingTimeInSeconds: seconds, BillableTimeInSeconds: seconds }),
    SecondaryStatusTransitions: job.transitions.map(({ status, message, startedAt, endedAt }) => ({
      Status: status,
      StatusMessage: message,
      StartTime: epochSeconds(startedAt),
      ...(endedAt === null ? {} : { EndTime: epochSeconds(endedAt) }),
    })),
    ...(job.metrics.length === 0
      ? {}
      : {
          FinalMetricDataList: job.metrics.map(({ name, value, at }) => ({
            MetricName: name,
            Value: value,
            Timestamp: epochSeconds(at),
          })),
        }),
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: false,
    EnableManagedSpotTraining: false,
  };
}
