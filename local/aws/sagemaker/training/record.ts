import type { StandIn } from '@/local/aws/core/service';
import type { Instances } from '@/local/aws/core/services';
import { optionalText, optionalWhole, structure } from '@/local/aws/wire/rpc-input';

/** One channel of input. */
export interface TrainingChannel {
  readonly name: string;
  readonly uri: string;
  readonly contentType: string;
}

/** SageMaker's detail of where a job stands. */
export type SecondaryStatus =
  | 'Starting'
  | 'Restarting'
  | 'Downloading'
  | 'Training'
  | 'Uploading'
  | 'Completed'
  | 'Failed'
  | 'MaxRuntimeExceeded'
  | 'Stopping'
  | 'Stopped';

export interface TrainingJobRecord {
  readonly accountId: string;
  readonly name: string;
  readonly status: 'InProgress' | 'Stopping' | 'Completed' | 'Failed' | 'Stopped';
  readonly secondaryStatus: SecondaryStatus;
  readonly transitions: readonly {
    readonly status: SecondaryStatus;
    readonly message: string;
    readonly startedAt: string;
    readonly endedAt: string | null;
  }[];
  readonly failureReason: string | null;
  readonly image: string;
  readonly roleArn: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: readonly TrainingChannel[];
  /** `S3OutputPath`. */
  readonly output: string;
  readonly maxRuntimeSeconds: number;
  /** Where the model is, once there is one. */
  readonly artefact: string | null;
  readonly metrics: readonly { readonly name: string; readonly value: number; readonly at: string }[];
  /** Members of the request as they were sent. */
  readonly sent: Readonly<Record<string, unknown>>;
  readonly tags: readonly object[];
  readonly createdAt: string;
  /** When it was first at work; null before. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly modifiedAt: string;
}

const final: ReadonlySet<SecondaryStatus> = new Set(['Completed', 'Failed', 'Stopped', 'MaxRuntimeExceeded']);

/** The job once it has passed on to `status`, with the transition noted. */
export function transitioned(
  job: TrainingJobRecord,
  status: SecondaryStatus,
  message: string,
): TrainingJobRecord {
  const now = new Date().toISOString();
  const before = job.transitions.map((each) => (each.endedAt === null ? { ...each, endedAt: now } : each));
  const transition = { status, message, startedAt: now, endedAt: final.has(status) ? now : null };
  const working = status === 'Downloading' ? now : null;
  return {
    ...job,
    secondaryStatus: status,
    transitions: [...before, transition],
    startedAt: job.startedAt ?? working,
  };
}

/** The instances that a job takes. */
export const instancesOf = ({ sent }: Pick<TrainingJobRecord, 'sent'>): number =>
  optionalWhole(structure(sent, 'ResourceConfig'), 'InstanceCount') ?? 1;

/** The same, as they are billed: from when the job is at work to its end. */
export const billedInstances = (job: TrainingJobRecord): readonly Instances[] =>
  job.startedAt === null || job.endedAt !== null
    ? []
    : [
        {
          type: optionalText(structure(job.sent, 'ResourceConfig'), 'InstanceType') ?? 'ml.m5.large',
          count: instancesOf(job),
        },
      ];

/** ARN of a training job. */
export const trainingJobArn = ({ region }: StandIn, accountId: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${accountId}:training-job/${name.toLowerCase()}`;
