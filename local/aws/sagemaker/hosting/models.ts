import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, structure, structures } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import { forms, neededForm, tagsOfInput, textMap, validationError } from '../shared/input';
import { listPage } from '../shared/lists';
import { checkExecutionRole, parseS3Uri } from '../shared/role-s3';
import { packageArnIn, subscribedPackage } from './model-packages';

type Input = Record<string, unknown>;

/** A model: a container image and the artefact that it loads, or what a seller has packed. */
export interface ModelRecord {
  readonly accountId: string;
  readonly name: string;
  /** Empty where a seller has packed it. */
  readonly image: string;
  readonly modelDataUrl: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** As it was sent. */
  readonly container: Input;
  /** Whether it was sent in `Containers`. */
  readonly inPipeline?: boolean;
  readonly modelPackageArn?: string;
  readonly networkIsolation?: boolean;
  readonly tags: readonly object[];
  readonly createdAt: string;
}

const collection = 'sagemaker.models';

/** ARN of a model; SageMaker's ARNs are in lower case. */
export const modelArn = ({ region }: StandIn, accountId: string, name: string): string =>
  `arn:aws:sagemaker:${region}:${accountId}:model/${name.toLowerCase()}`;

/** The model; `undefined` when the account has none of that name. */
const findModel = ({ state }: StandIn, accountId: string, name: string) =>
  state.get<ModelRecord>(collection, `${accountId}/${name}`);

/** As `findModel`; throws ValidationException. */
export async function neededModel(standIn: StandIn, accountId: string, name: string): Promise<ModelRecord> {
  const model = await findModel(standIn, accountId, name);
  if (model) return model;
  throw new AwsError('ValidationException', `Could not find model "${modelArn(standIn, accountId, name)}".`);
}

/** Stores a model in the place of one of the same name. */
export const putModel = ({ state }: StandIn, model: ModelRecord): Promise<void> =>
  state.put(collection, `${model.accountId}/${model.name}`, model);

/** Operations on models. */
export function modelOperations(standIn: StandIn): Record<string, Operation> {
  const withLock = createKeyedMutex();
  const authorizedName = (input: Input, caller: Caller, action: string): string => {
    const name = neededForm(input, 'ModelName', forms.name);
    standIn.authorize(caller, `sagemaker:${action}`, modelArn(standIn, caller.accountId, name));
    return name;
  };
  return {
    async CreateModel(input, caller) {
      const name = authorizedName(input, caller, 'CreateModel');
      const model = await modelOf(standIn, input, caller, name);
      const ModelArn = modelArn(standIn, caller.accountId, name);
      return withLock(ModelArn, async () => {
        if (await findModel(standIn, caller.accountId, name)) {
          throw new AwsError('ValidationException', `Cannot create already existing model "${ModelArn}".`);
        }
        await putModel(standIn, model);
        return { ModelArn };
      });
    },
    async DescribeModel(input, caller) {
      const name = authorizedName(input, caller, 'DescribeModel');
      const model = await neededModel(standIn, caller.accountId, name);
      return {
        ...modelSummary(standIn, model),
        ...(model.inPipeline ? { Containers: [model.container] } : { PrimaryContainer: model.container }),
        ExecutionRoleArn: model.roleArn,
        EnableNetworkIsolation: model.networkIsolation ?? false,
      };
    },
    async DeleteModel(input, caller) {
      const name = authorizedName(input, caller, 'DeleteModel');
      await neededModel(standIn, caller.accountId, name);
      await standIn.state.delete(collection, `${caller.accountId}/${name}`);
      return undefined;
    },
    async ListModels(input, caller) {
      standIn.authorize(caller, 'sagemaker:ListModels', modelArn(standIn, caller.accountId, '*'));
      const all = await standIn.state.list<ModelRecord>(collection, { prefix: `${caller.accountId}/` });
      const { items, next } = listPage(
        all.map(([, model]) => model),
        input,
        'Descending',
      );
      return { Models: items.map((model) => modelSummary(standIn, model)), NextToken: next };
    },
  };
}

async function modelOf(standIn: StandIn, input: Input, caller: Caller, name: string): Promise<ModelRecord> {
  const { container, inPipeline } = containerIn(input);
  const networkIsolation = isolationIn(input);
  const from = container.ModelPackageName
    ? await packagedIn(standIn, caller, container, networkIsolation)
    : ownIn(container);
  const roleArn = neededForm(input, 'ExecutionRoleArn', forms.roleArn, 2048);
  checkExecutionRole(standIn, caller, roleArn);
  return {
    accountId: caller.accountId,
    name,
    ...from,
    environment: textMap(container, 'Environment'),
    roleArn,
    container,
    ...(inPipeline && { inPipeline }),
    networkIsolation,
    tags: tagsOfInput(input),
    createdAt: new Date().toISOString(),
  };
}

function containerIn(input: Input): { readonly container: Input; readonly inPipeline: boolean } {
  const [first, ...others] = structures(input, 'Containers');
  const primary = structure(input, 'PrimaryContainer');
  if (!first) return { container: primary, inPipeline: false };
  if (others.length > 0) {
    throw new AwsError('ValidationException', 'Inference pipelines are not here; send one container.');
  }
  if (Object.keys(primary).length === 0) return { container: first, inPipeline: true };
  throw new AwsError('ValidationException', 'Send either PrimaryContainer or Containers, not both.');
}

function isolationIn({ EnableNetworkIsolation: given = false }: Input): boolean {
  if (typeof given === 'boolean' || given === null) return given ?? false;
  throw new AwsError('SerializationException', 'EnableNetworkIsolation must be a boolean');
}

type Contents = Pick<ModelRecord, 'image' | 'modelDataUrl' | 'modelPackageArn'>;

function ownIn(container: Input): Contents {
  const image = optionalText(container, 'Image');
  if (!image) throw validationError('PrimaryContainer.Image', null, 'Member must not be null');
  const modelDataUrl = optionalText(container, 'ModelDataUrl') ?? null;
  if (modelDataUrl !== null && !parseS3Uri(modelDataUrl)?.key) {
    throw validationError('PrimaryContainer.ModelDataUrl', modelDataUrl, 'Member must be an S3 URI');
  }
  return { image, modelDataUrl };
}

async function packagedIn(
  standIn: StandIn,
  { accountId }: Caller,
  container: Input,
  networkIsolation: boolean,
): Promise<Contents> {
  const modelPackageArn = packageArnIn(container);
  if (container.Image || container.ModelDataUrl) {
    throw new AwsError('ValidationException', 'Image and ModelDataUrl must be absent with ModelPackageName.');
  }
  await subscribedPackage(standIn, accountId, modelPackageArn);
  if (!networkIsolation) {
    const why = 'EnableNetworkIsolation must be true for a model package from AWS Marketplace';
    throw new AwsError('ValidationException', `${why}: ${modelPackageArn}`);
  }
  return { image: '', modelDataUrl: null, modelPackageArn };
}

const modelSummary = (standIn: StandIn, { accountId, name, createdAt }: ModelRecord): object => ({
  ModelName: name,
  ModelArn: modelArn(standIn, accountId, name),
  CreationTime: epochSeconds(createdAt),
});
