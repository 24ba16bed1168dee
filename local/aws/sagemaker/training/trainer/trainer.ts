import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { counted } from '@/lib/domain/in-words';
import type { BuiltInAlgorithm } from '@/local/aws/sagemaker/shared/images';
import { ClientError, type Dataset, holdOut, readChannel } from './dataset';
import { trainLinearLearner } from './train-linear-learner';
import { trainXgboost } from './train-xgboost';

/** The result of a training. */
export interface Trained {
  /** By SageMaker's metric name; null where undefined. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Contents of the artefact's files, by name. */
  readonly files: Readonly<Record<string, string>>;
}

export interface TrainingInput {
  readonly algorithm: BuiltInAlgorithm;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** A folder with one folder per channel. */
  readonly dataDir: string;
  readonly channels: readonly string[];
  readonly modelDir: string;
}

const splitSeed = 90;
const trainers = { xgboost: trainXgboost, 'linear-learner': trainLinearLearner } as const;

/**
 * Reads the channels `train` and `validation`, trains, and writes the artefact's files to `modelDir`. Without
 * `validation`, a fifth of the rows is held out. Throws ClientError for faults that the customer must correct.
 */
export async function runTraining(
  { algorithm, hyperparameters, dataDir, channels, modelDir }: TrainingInput,
  log: (line: string) => void,
): Promise<Trained['metrics']> {
  if (!channels.includes('train')) throw new ClientError('There is no input channel train.');
  const data = await readChannel(join(dataDir, 'train'), 'train');
  const parts = channels.includes('validation')
    ? { train: data, validation: await readChannel(join(dataDir, 'validation'), 'validation') }
    : holdOut(data, splitSeed);
  check(parts);
  log(`${parts.train.rows} rows to train on, ${parts.validation.rows} to validate with`);
  const { metrics, files } = await trainers[algorithm](hyperparameters, parts, log);
  if (Object.values(metrics).some(Number.isNaN)) {
    throw new ClientError(
      'The training led to no finite model. Smaller hyperparameters, or features of a like size, may help.',
    );
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(modelDir, name), text);
  return metrics;
}

function check({ train, validation }: { readonly train: Dataset; readonly validation: Dataset }): void {
  if (validation.rows === 0)
    throw new ClientError('There are too few rows to keep some back for validation.');
  const positives = train.labels.reduce((sum, label) => sum + label, 0);
  if (positives === 0 || positives === train.rows) {
    throw new ClientError(`Every row that is trained on has the label ${positives === 0 ? 0 : 1}.`);
  }
  if (validation.features.length !== train.features.length) {
    throw new ClientError(
      `The channel train has ${counted(train.features.length, 'feature')}, validation has ${validation.features.length}.`,
    );
  }
}
