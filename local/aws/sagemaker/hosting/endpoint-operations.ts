import { createHash } from 'node:crypto';
import type { Caller, Operation, StandIn } from '@/local/aws/core/service';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import { forms, neededForm, tagsOfInput } from '../shared/input';
import { listPage } from '../shared/lists';
import { neededEndpointConfig } from './endpoint-configs';
import { type Deployment, type EndpointRecord, endpointArn } from './endpoint-record';
import type { Endpoints } from './endpoints';

type Input = Record<string, unknown>;

/** Operations on endpoints. */
export function endpointOperations(standIn: StandIn, endpoints: Endpoints): Record<string, Operation> {
  const authorizedName = (input: Input, caller: Caller, action: string): string => {
    const name = neededForm(input, 'EndpointName', forms.name);
    standIn.authorize(caller, `sagemaker:${action}`, endpointArn(standIn, caller.accountId, name));
    return name;
  };
  const neededConfig = (input: Input, { accountId }: Caller) =>
    neededEndpointConfig(standIn, accountId, neededForm(input, 'EndpointConfigName', forms.name));
  return {
    async CreateEndpoint(input, caller) {
      const name = authorizedName(input, caller, 'CreateEndpoint');
      const config = await neededConfig(input, caller);
      await endpoints.create(caller.accountId, name, config, tagsOfInput(input));
      return { EndpointArn: endpointArn(standIn, caller.accountId, name) };
    },
    async UpdateEndpoint(input, caller) {
      const name = authorizedName(input, caller, 'UpdateEndpoint');
      await endpoints.needed(caller.accountId, name);
      await endpoints.update(caller.accountId, name, await neededConfig(input, caller));
      return { EndpointArn: endpointArn(standIn, caller.accountId, name) };
    },
    async DescribeEndpoint(input, caller) {
      const name = authorizedName(input, caller, 'DescribeEndpoint');
      return endpointDetail(standIn, faultyEndpoint(standIn, await endpoints.needed(caller.accountId, name)));
    },
    async DeleteEndpoint(input, caller) {
      const name = authorizedName(input, caller, 'DeleteEndpoint');
      await endpoints.remove(caller.accountId, name);
      return undefined;
    },
    async ListEndpoints(input, caller) {
      standIn.authorize(caller, 'sagemaker:ListEndpoints', endpointArn(standIn, caller.accountId, '*'));
      const { items, next } = listPage(await endpoints.of(caller.accountId), input, 'Descending');
      return { Endpoints: items.map((endpoint) => endpointSummary(standIn, endpoint)), NextToken: next };
    },
  };
}

/** In the state of a fault, as in `Failed: it does not answer`. */
function faultyEndpoint(standIn: StandIn, endpoint: EndpointRecord): EndpointRecord {
  const [, status, reason = null] =
    /^(\w+)(?:: (.*))?$/s.exec(standIn.standing('endpoint.status', endpoint.name) ?? '') ?? [];
  return status === undefined
    ? endpoint
    : { ...endpoint, status: status as EndpointRecord['status'], failureReason: reason };
}

const endpointSummary = (standIn: StandIn, endpoint: EndpointRecord): object => ({
  EndpointName: endpoint.name,
  EndpointArn: endpointArn(standIn, endpoint.accountId, endpoint.name),
  CreationTime: epochSeconds(endpoint.createdAt),
  LastModifiedTime: epochSeconds(endpoint.modifiedAt),
  EndpointStatus: endpoint.status,
});

function endpointDetail(standIn: StandIn, endpoint: EndpointRecord): object {
  const { current, next, failureReason } = endpoint;
  return {
    ...endpointSummary(standIn, endpoint),
    EndpointConfigName: (current ?? next)?.configName,
    ...(failureReason === null ? {} : { FailureReason: failureReason }),
    ...(current && { ProductionVariants: variantSummaries(current) }),
    ...captureSummary(current ?? next),
    ...(next && current
      ? {
          PendingDeploymentSummary: {
            EndpointConfigName: next.configName,
            ProductionVariants: variantSummaries(next),
            StartTime: epochSeconds(next.startedAt),
          },
        }
      : {}),
  };
}

const variantSummaries = ({ variants, startedAt }: Deployment): readonly object[] =>
  variants.map(({ name, image, instances, weight }) => ({
    VariantName: name,
    DeployedImages: image ? [deployedImage(image, startedAt)] : [],
    CurrentWeight: weight,
    DesiredWeight: weight,
    CurrentInstanceCount: instances,
    DesiredInstanceCount: instances,
  }));

const deployedImage = (image: string, startedAt: string): object => ({
  SpecifiedImage: image,
  ResolvedImage: withDigest(image),
  ResolutionTime: epochSeconds(startedAt),
});

/** `registry/repository@digest`, which is how SageMaker names the image that a tag stood for. */
const withDigest = (image: string): string =>
  `${image.replace(/:[^:/]*$/, '')}@sha256:${createHash('sha256').update(image).digest('hex')}`;

function captureSummary(deployment: Deployment | null): object {
  const capture = deployment?.capture;
  if (!capture) return {};
  return {
    DataCaptureConfig: {
      EnableCapture: capture.enabled,
      CaptureStatus: capture.enabled ? 'Started' : 'Stopped',
      CurrentSamplingPercentage: capture.samplingPercentage,
      DestinationS3Uri: capture.destination,
      KmsKeyId: capture.kmsKeyId ?? '',
    },
  };
}
