import {
  DescribeEndpointCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  type EndpointSummary,
  ListEndpointsCommand,
  ListModelsCommand,
  ListTrainingJobsCommand,
  type ModelSummary,
  SageMakerClient,
  type TrainingJobSummary,
} from '@aws-sdk/client-sagemaker';
import type { StandIn } from '@/local/aws/core/service';
import type { Domain } from '@/local/aws/sagemaker/domains/domains';
import { type RoleS3, roleCredentials, roleS3 } from '@/local/aws/sagemaker/shared/role-s3';
import { siloRoleArn, tenantBucket } from '@/local/aws-names';

/** An extract in the tenant's bucket, as its manifest describes it. */
export interface TrainingExtract {
  readonly id: string;
  readonly format: string;
  readonly rows: number | null;
  readonly asOf: string | null;
  readonly finishedAt: string | null;
  /** Where the data is. */
  readonly uri: string;
}

/** A training job with its measures. */
export type JobView = TrainingJobSummary & { readonly auc: number | null; readonly reason: string | null };

/** An endpoint with what went wrong, if anything did. */
export type EndpointView = EndpointSummary & {
  readonly reason: string | null;
  readonly config: string | null;
};

/** What a person in Studio works with: AWS clients with the execution role of the domain. */
export interface Lab {
  readonly bucket: string;
  readonly roleArn: string;
  readonly sagemaker: SageMakerClient;
  /** Extracts of the dataset `churn_training`, newest first; `more` when there are older ones. */
  extracts(): Promise<{ readonly extracts: readonly TrainingExtract[]; readonly more: boolean }>;
  jobs(): Promise<readonly JobView[]>;
  endpoints(): Promise<readonly EndpointView[]>;
  models(): Promise<readonly ModelSummary[]>;
}

/** Manifests that a page reads, and rows that it shows. */
const shownExtracts = 25;
const shownRows = 25;

/** Makes the labs of a stand-in, one for each account. */
export function createLabs(standIn: StandIn): { of(domain: Domain): Lab; close(): void } {
  const labs = new Map<string, Lab & { readonly s3: RoleS3 }>();
  return {
    of(domain) {
      const lab = labs.get(domain.accountId) ?? createLab(standIn, domain);
      labs.set(domain.accountId, lab);
      return lab;
    },
    close() {
      for (const { sagemaker, s3 } of labs.values()) {
        sagemaker.destroy();
        s3.close();
      }
      labs.clear();
    },
  };
}

function createLab(standIn: StandIn, { accountId, tenantId }: Domain): Lab & { readonly s3: RoleS3 } {
  const roleArn = siloRoleArn(accountId);
  const bucket = tenantBucket(tenantId, accountId);
  const s3 = roleS3(standIn, roleArn);
  const sagemaker = new SageMakerClient({
    region: standIn.region,
    endpoint: standIn.origin,
    credentials: roleCredentials(standIn, roleArn),
    maxAttempts: 1,
  });
  return {
    bucket,
    roleArn,
    s3,
    sagemaker,
    extracts: () => extractsOf(s3, bucket),
    async jobs() {
      const { TrainingJobSummaries: jobs = [] } = await sagemaker.send(
        new ListTrainingJobsCommand({ SortOrder: 'Descending', MaxResults: shownRows }),
      );
      return Promise.all(jobs.map((job) => jobView(sagemaker, job)));
    },
    async endpoints() {
      const { Endpoints = [] } = await sagemaker.send(new ListEndpointsCommand({ MaxResults: shownRows }));
      return Promise.all(Endpoints.map((endpoint) => endpointView(sagemaker, endpoint)));
    },
    async models() {
      const { Models = [] } = await sagemaker.send(new ListModelsCommand({ MaxResults: shownRows }));
      return Models;
    },
  };
}

async function extractsOf(s3: RoleS3, bucket: string): ReturnType<Lab['extracts']> {
  const keys: string[] = [];
  for await (const { key } of s3.list({ bucket, key: 'extracts/' })) {
    if (/^extracts\/[^/]+\/manifest\.json$/.test(key)) keys.push(key);
  }
  // Their ids sort by time.
  const newest = keys.reverse();
  const found: TrainingExtract[] = [];
  for (const [index, key] of newest.entries()) {
    if (found.length === shownExtracts) return { extracts: found, more: index < newest.length };
    const extract = trainingExtract(bucket, key, await s3.text({ bucket, key }).catch(() => ''));
    if (extract) found.push(extract);
  }
  return { extracts: found, more: false };
}

/** Null for an extract of another dataset, and for a file that is not a manifest. */
function trainingExtract(bucket: string, key: string, text: string): TrainingExtract | null {
  let manifest: Readonly<Record<string, unknown>>;
  try {
    manifest = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
  if (manifest?.dataset !== 'churn_training') return null;
  const textOf = (name: string): string | null => {
    const value = manifest[name];
    return typeof value === 'string' ? value : null;
  };
  const folder = key.slice(0, key.lastIndexOf('/'));
  return {
    id: folder.slice('extracts/'.length),
    format: textOf('format') ?? 'unknown',
    rows: typeof manifest.rows === 'number' ? manifest.rows : null,
    asOf: textOf('asOf'),
    finishedAt: textOf('finishedAt'),
    uri: `s3://${bucket}/${folder}/${textOf('file') ?? 'data.csv'}`,
  };
}

async function jobView(sagemaker: SageMakerClient, job: TrainingJobSummary): Promise<JobView> {
  if (job.TrainingJobStatus === 'InProgress') return { ...job, auc: null, reason: null };
  const { TrainingJobName } = job;
  const detail = await sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
  return { ...job, auc: validationAuc(detail), reason: detail.FailureReason ?? null };
}

/** Area under the ROC curve on the validation data, by whatever name the algorithm reports it. */
export function validationAuc({ FinalMetricDataList = [] }: DescribeTrainingJobResponse): number | null {
  const names = ['validation:auc', 'validation:roc_auc_score'];
  return FinalMetricDataList.find(({ MetricName = '' }) => names.includes(MetricName))?.Value ?? null;
}

async function endpointView(sagemaker: SageMakerClient, endpoint: EndpointSummary): Promise<EndpointView> {
  const { EndpointName } = endpoint;
  // It may be gone since it was listed.
  const detail = await sagemaker.send(new DescribeEndpointCommand({ EndpointName })).catch(() => null);
  return { ...endpoint, reason: detail?.FailureReason ?? null, config: detail?.EndpointConfigName ?? null };
}
