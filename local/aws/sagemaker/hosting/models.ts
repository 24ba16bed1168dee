import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, structure, structures } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import { forms, neededForm, tagsOfInput, textMap, validationError } from '../shared/input';
import { listPage } from '../shared/lists';
import { checkExecutionRole, parseS3Uri } from '../shared/role-s3';

type Input = Record<string, unknown>;

/** A model: a container image and the artefact that it loads. */
export interface ModelRecord {
  readonly accountId: string;
  readonly name: string;
  readonly image: string;
  readonly modelDataUrl: string | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly roleArn: string;
  /** `PrimaryContainer` as it was sent. */
  readonly container: Input;
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
      const model = modelOf(standIn, input, caller, name);
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
        PrimaryContainer: model.container,
        ExecutionRoleArn: model.roleArn,
        EnableNetworkIsolation: false,
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

function modelOf(standIn: StandIn, input: Input, caller: Caller, name: string): ModelRecord {
  if (structures(input, 'Containers').length > 0) {
    throw new AwsError(
      'ValidationException',
      'Inference pipelines (Containers) are not here; send PrimaryContainer.',
    );
  }
  const container = structure(input, 'PrimaryContainer');
  const image = optionalText(container, 'Image');
  if (!image) throw validationError('PrimaryContainer.Image', null, 'Member must not be null');
  const modelDataUrl = optionalText(container, 'ModelDataUrl') ?? null;
  if (modelDataUrl !== null && !parseS3Uri(modelDataUrl)?.key) {
    throw validationError('PrimaryContainer.ModelDataUrl', modelDataUrl, 'Member must be an S3 URI');
  }
  const roleArn = neededForm(input, 'ExecutionRoleArn', forms.roleArn, 2048);
  checkExecutionRole(standIn, caller, roleArn);
  return {
    accountId: caller.accountId,
    name,
    image,
    modelDataUrl,
    environment: textMap(container, 'Environment'),
    roleArn,
    container,
    tags: tagsOfInput(input),
    createdAt: new Date().toISOString(),
  };
}

const modelSummary = (standIn: StandIn, { accountId, name, createdAt }: ModelRecord): object => ({
  ModelName: name,
  ModelArn: modelArn(standIn, accountId, name),
  CreationTime: epochSeconds(createdAt),
});
