import { CreateTrainingJobCommand } from '@aws-sdk/client-sagemaker';
import type { BuiltInAlgorithm } from '@/local/aws/sagemaker/shared/images';
import type { Lab, TrainingExtract } from './lab';

/** A hyperparameter that the form asks for. */
export interface ParameterField {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly min: number;
  readonly max: number;
  readonly step: number | 'any';
}

/** The algorithms of the form. Image accounts are those of us-east-1. */
export const algorithms: Readonly<
  Record<
    BuiltInAlgorithm,
    {
      readonly name: string;
      readonly image: (region: string) => string;
      /** Sent as they are. */
      readonly fixed: Readonly<Record<string, string>>;
      readonly fields: readonly ParameterField[];
    }
  >
> = {
  xgboost: {
    name: 'XGBoost',
    image: (region) => `683313688378.dkr.ecr.${region}.amazonaws.com/sagemaker-xgboost:1.7-1`,
    fixed: { objective: 'binary:logistic', eval_metric: 'auc,logloss' },
    fields: [
      {
        name: 'num_round',
        label: 'Rounds',
        hint: 'Number of trees',
        value: '100',
        min: 1,
        max: 1000,
        step: 1,
      },
      { name: 'max_depth', label: 'Depth', hint: 'Levels per tree', value: '4', min: 1, max: 12, step: 1 },
      {
        name: 'eta',
        label: 'Learning rate',
        hint: 'Weight of each tree',
        value: '0.1',
        min: 0.001,
        max: 1,
        step: 'any',
      },
      {
        name: 'subsample',
        label: 'Row sample',
        hint: 'Share of rows used per tree',
        value: '0.8',
        min: 0.1,
        max: 1,
        step: 'any',
      },
      {
        name: 'min_child_weight',
        label: 'Minimum leaf weight',
        hint: 'Sum of second derivatives',
        value: '1',
        min: 0,
        max: 1000,
        step: 'any',
      },
      {
        name: 'lambda',
        label: 'L2 penalty',
        hint: 'On leaf weights',
        value: '1',
        min: 0,
        max: 1000,
        step: 'any',
      },
    ],
  },
  'linear-learner': {
    name: 'Linear Learner',
    image: (region) => `382416733822.dkr.ecr.${region}.amazonaws.com/linear-learner:1`,
    fixed: { predictor_type: 'binary_classifier' },
    fields: [
      {
        name: 'wd',
        label: 'L2 penalty',
        hint: 'On feature weights',
        value: '0.0001',
        min: 0,
        max: 100,
        step: 'any',
      },
      {
        name: 'epochs',
        label: 'Epochs',
        hint: 'Maximum passes over the data',
        value: '15',
        min: 1,
        max: 1000,
        step: 1,
      },
    ],
  },
};

/** The algorithm of that name; XGBoost for any other. */
export const algorithmNamed = (name: string | null): BuiltInAlgorithm =>
  name === 'linear-learner' ? name : 'xgboost';

/** A name that no job has yet, which says what it is and when it was. */
export function freshName(prefix: string, now: Date): string {
  return `${prefix}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`;
}

/** Starts a job on that extract. Throws what SageMaker answers. */
export async function startTraining(
  lab: Lab,
  region: string,
  extract: TrainingExtract,
  algorithm: BuiltInAlgorithm,
  form: URLSearchParams,
): Promise<string> {
  const { image, fixed, fields } = algorithms[algorithm];
  const chosen = fields.map(({ name, value }) => [name, form.get(name)?.trim() || value] as const);
  const name = form.get('name')?.trim() ?? '';
  await lab.sagemaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: lab.roleArn,
      AlgorithmSpecification: { TrainingImage: image(region), TrainingInputMode: 'File' },
      HyperParameters: { ...fixed, ...Object.fromEntries(chosen) },
      InputDataConfig: [
        {
          ChannelName: 'train',
          ContentType: 'text/csv',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: extract.uri } },
        },
      ],
      OutputDataConfig: { S3OutputPath: `s3://${lab.bucket}/models` },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    }),
  );
  return name;
}
