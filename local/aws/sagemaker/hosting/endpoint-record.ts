import type { StandIn } from '@/local/aws/core/service';
import type { Instances } from '@/local/aws/core/services';
import type { CaptureSettings } from './endpoint-configs';
import type { HostedKey } from './hosting';
import type { ModelServerOrder } from './model-server/main';

/** A variant as it was when it was deployed; what it was made from may be deleted since. */
export interface DeployedVariant {
  readonly name: string;
  readonly modelName: string;
  readonly image: string;
  readonly modelDataUrl: string | null;
  readonly roleArn: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly instances: number;
  /** Absent in what was deployed before it was kept. */
  readonly instanceType?: string;
  readonly weight: number;
  readonly startupSeconds: number;
  /** Set for a model that a seller has packed; it has no image or artefact then. */
  readonly modelPackageArn?: string;
  /** Absent: it has the network. */
  readonly networkIsolation?: boolean;
  /** Set for models under test: a container of the model server and what its `load` gets. */
  readonly container?: Pick<ModelServerOrder, 'container' | 'options'>;
}

export interface Deployment {
  readonly id: string;
  readonly configName: string;
  readonly variants: readonly DeployedVariant[];
  readonly capture: CaptureSettings | null;
  readonly startedAt: string;
}

export interface EndpointRecord {
  readonly accountId: string;
  readonly name: string;
  readonly status: 'Creating' | 'Updating' | 'InService' | 'Deleting' | 'Failed';
  readonly failureReason: string | null;
  /** What answers. */
  readonly current: Deployment | null;
  /** What is coming up. */
  readonly next: Deployment | null;
  readonly tags: readonly object[];
  readonly createdAt: string;
  readonly modifiedAt: string;
}

/** The instances that a deployment takes. */
export const instancesOf = (deployment: Deployment | null): number =>
  (deployment?.variants ?? []).reduce((sum, { instances }) => sum + instances, 0);

/** The same, as they are billed. */
export const billedInstances = (deployment: Deployment | null): readonly Instances[] =>
  (deployment?.variants ?? []).map(({ instances, instanceType }) => ({
    type: instanceType ?? 'ml.m5.large',
    count: instances,
  }));

/** ARN of an endpoint. */
export const endpointArn = ({ region }: StandIn, accountId: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${accountId}:endpoint/${name.toLowerCase()}`;

/** Key of an endpoint's document. */
export const keyOf = ({ accountId, name }: { readonly accountId: string; readonly name: string }): string =>
  `${accountId}/${name}`;

/** The key of a deployed variant's process. */
export const hostedKey = (
  { accountId, name }: Pick<EndpointRecord, 'accountId' | 'name'>,
  { id }: Deployment,
  variantName: string,
): HostedKey => ({ accountId, endpointName: name, deployment: id, variantName });
