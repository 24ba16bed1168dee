import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, structure, structures, texts } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import {
  forms,
  neededForm,
  neededNumberWithin,
  optionalChoice,
  tagsOfInput,
  validationError,
  wholeWithin,
} from '../shared/input';
import { listPage } from '../shared/lists';
import { parseS3Uri } from '../shared/role-s3';
import { neededModel } from './models';

type Input = Record<string, unknown>;

/** What of requests and answers is kept in S3. */
export interface CaptureSettings {
  readonly enabled: boolean;
  /** 0 to 100. */
  readonly samplingPercentage: number;
  readonly destination: string;
  readonly kmsKeyId: string | null;
  readonly input: boolean;
  readonly output: boolean;
  /** Media types that are kept as text; others in base 64. */
  readonly csvTypes: readonly string[];
  readonly jsonTypes: readonly string[];
}

/** One production variant of a configuration. */
export interface VariantSettings {
  readonly name: string;
  readonly modelName: string;
  readonly instances: number;
  /** Absent in configurations from before it was kept. */
  readonly instanceType?: string;
  readonly weight: number;
  /** How long the container may take to come up, s. */
  readonly startupSeconds: number;
}

export interface EndpointConfigRecord {
  readonly accountId: string;
  readonly name: string;
  readonly variants: readonly VariantSettings[];
  readonly capture: CaptureSettings | null;
  /** `ProductionVariants` and `DataCaptureConfig` as they were sent. */
  readonly sent: { readonly ProductionVariants: unknown; readonly DataCaptureConfig?: unknown };
  readonly tags: readonly object[];
  readonly createdAt: string;
}

const collection = 'sagemaker.endpoint-configs';
const defaultStartupSeconds = 60;

/** ARN of an endpoint configuration. */
export const endpointConfigArn = ({ region }: StandIn, accountId: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${accountId}:endpoint-config/${name.toLowerCase()}`;

/** The configuration; `undefined` when the account has none of that name. */
export const findEndpointConfig = ({ state }: StandIn, accountId: string, name: string) =>
  state.get<EndpointConfigRecord>(collection, `${accountId}/${name}`);

/** The configuration. Throws ValidationException when the account has none of that name. */
export async function neededEndpointConfig(
  standIn: StandIn,
  accountId: string,
  name: string,
): Promise<EndpointConfigRecord> {
  const config = await findEndpointConfig(standIn, accountId, name);
  if (config) return config;
  throw new AwsError(
    'ValidationException',
    `Could not find endpoint configuration "${endpointConfigArn(standIn, accountId, name)}".`,
  );
}

/** Stores a configuration in the place of one of the same name. */
export const putEndpointConfig = ({ state }: StandIn, config: EndpointConfigRecord): Promise<void> =>
  state.put(collection, `${config.accountId}/${config.name}`, config);

/** Operations on endpoint configurations. */
export function endpointConfigOperations(standIn: StandIn): Record<string, Operation> {
  const withLock = createKeyedMutex();
  const authorizedName = (input: Input, caller: Caller, action: string): string => {
    const name = neededForm(input, 'EndpointConfigName', forms.name);
    standIn.authorize(caller, `sagemaker:${action}`, endpointConfigArn(standIn, caller.accountId, name));
    return name;
  };
  return {
    async CreateEndpointConfig(input, caller) {
      const name = authorizedName(input, caller, 'CreateEndpointConfig');
      const config = configOf(input, caller, name);
      for (const { modelName } of config.variants) await neededModel(standIn, caller.accountId, modelName);
      const EndpointConfigArn = endpointConfigArn(standIn, caller.accountId, name);
      return withLock(EndpointConfigArn, async () => {
        if (await findEndpointConfig(standIn, caller.accountId, name)) {
          throw new AwsError(
            'ValidationException',
            `Cannot create already existing endpoint configuration "${EndpointConfigArn}".`,
          );
        }
        await putEndpointConfig(standIn, config);
        return { EndpointConfigArn };
      });
    },
    async DescribeEndpointConfig(input, caller) {
      const name = authorizedName(input, caller, 'DescribeEndpointConfig');
      const config = await neededEndpointConfig(standIn, caller.accountId, name);
      return { ...configSummary(standIn, config), ...config.sent, EnableNetworkIsolation: false };
    },
    async DeleteEndpointConfig(input, caller) {
      const name = authorizedName(input, caller, 'DeleteEndpointConfig');
      await neededEndpointConfig(standIn, caller.accountId, name);
      await standIn.state.delete(collection, `${caller.accountId}/${name}`);
      return undefined;
    },
    async ListEndpointConfigs(input, caller) {
      const any = endpointConfigArn(standIn, caller.accountId, '*');
      standIn.authorize(caller, 'sagemaker:ListEndpointConfigs', any);
      const prefix = `${caller.accountId}/`;
      const all = await standIn.state.list<EndpointConfigRecord>(collection, { prefix });
      const { items, next } = listPage(
        all.map(([, config]) => config),
        input,
        'Descending',
      );
      return { EndpointConfigs: items.map((config) => configSummary(standIn, config)), NextToken: next };
    },
  };
}

function configOf(input: Input, caller: Caller, name: string): EndpointConfigRecord {
  const sentVariants = structures(input, 'ProductionVariants');
  if (sentVariants.length < 1 || sentVariants.length > 10) {
    throw validationError(
      'ProductionVariants',
      `${sentVariants.length}`,
      'Member must have length between 1 and 10',
    );
  }
  const variants = sentVariants.map(variantOf);
  if (new Set(variants.map((variant) => variant.name)).size < variants.length) {
    throw new AwsError('ValidationException', 'Production variant names must be unique.');
  }
  const capture = input.DataCaptureConfig ?? undefined;
  return {
    accountId: caller.accountId,
    name,
    variants,
    capture: capture === undefined ? null : captureOf(structure(input, 'DataCaptureConfig')),
    sent: {
      ProductionVariants: sentVariants,
      ...(capture === undefined ? {} : { DataCaptureConfig: capture }),
    },
    tags: tagsOfInput(input),
    createdAt: new Date().toISOString(),
  };
}

function variantOf(variant: Input): VariantSettings {
  if (variant.ServerlessConfig) {
    throw new AwsError(
      'ValidationException',
      'Serverless variants are not here; send InstanceType and InitialInstanceCount.',
    );
  }
  const instanceType = optionalText(variant, 'InstanceType');
  if (!instanceType) throw validationError('InstanceType', null, 'Member must not be null');
  const weight = variant.InitialVariantWeight ?? 1;
  if (typeof weight !== 'number' || !(weight >= 0)) {
    throw validationError(
      'InitialVariantWeight',
      String(weight),
      'Member must have value greater than or equal to 0',
    );
  }
  return {
    name: neededForm(variant, 'VariantName', forms.name),
    modelName: neededForm(variant, 'ModelName', forms.name),
    instances: wholeWithin(variant, 'InitialInstanceCount', 1, 100, 1),
    instanceType,
    weight,
    startupSeconds: wholeWithin(
      variant,
      'ContainerStartupHealthCheckTimeoutInSeconds',
      60,
      3600,
      defaultStartupSeconds,
    ),
  };
}

function captureOf(capture: Input): CaptureSettings {
  const destination = optionalText(capture, 'DestinationS3Uri') ?? '';
  if (!parseS3Uri(destination)) {
    throw validationError(
      'DestinationS3Uri',
      destination,
      'Member must satisfy regular expression pattern: (https|s3)://([^/])/?(.*)',
    );
  }
  const modes = structures(capture, 'CaptureOptions').map((option) =>
    optionalChoice(option, 'CaptureMode', ['Input', 'Output', 'InputAndOutput']),
  );
  if (modes.length === 0) throw validationError('CaptureOptions', null, 'Member must not be null');
  const types = structure(capture, 'CaptureContentTypeHeader');
  return {
    enabled: capture.EnableCapture !== false,
    samplingPercentage: neededNumberWithin(capture, 'InitialSamplingPercentage', 0, 100),
    destination,
    kmsKeyId: optionalText(capture, 'KmsKeyId') ?? null,
    input: modes.some((mode) => mode !== 'Output'),
    output: modes.some((mode) => mode !== 'Input'),
    csvTypes: texts(types, 'CsvContentTypes'),
    jsonTypes: texts(types, 'JsonContentTypes'),
  };
}

const configSummary = (standIn: StandIn, { accountId, name, createdAt }: EndpointConfigRecord): object => ({
  EndpointConfigName: name,
  EndpointConfigArn: endpointConfigArn(standIn, accountId, name),
  CreationTime: epochSeconds(createdAt),
});
