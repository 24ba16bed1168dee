import { ClientError, type Dataset } from './dataset';
import { Hyperparameters } from './hyperparameters';
import { fitLogistic, type LogisticModel, logisticProbability } from './logistic-regression';
import { accuracy, auc, logLoss } from './metrics';
import type { Trained } from './trainer';

/** The content of `model_algo-1` here. */
export interface LinearLearnerModel extends LogisticModel {
  readonly predictorType: 'binary_classifier';
  readonly threshold: number;
}

const defaultL2 = 1e-4;

/** The settings of SageMaker's Linear Learner for two classes. Throws ClientError. */
function linearSettings(given: Readonly<Record<string, string>>, features: number) {
  const parameters = new Hyperparameters(given);
  parameters.needed('predictor_type');
  parameters.choice('predictor_type', ['binary_classifier']);
  parameters.choice('loss', ['auto', 'logistic']);
  const dimension = parameters.whole('feature_dim', features, 1, 1_000_000);
  if (dimension !== features) {
    throw new ClientError(`feature_dim is ${dimension}, but the rows have ${features} features.`);
  }
  const l2 = parameters.number('wd', defaultL2, 0);
  const epochs = parameters.whole('epochs', 15, 1, 10_000);
  parameters.ignore(
    'mini_batch_size',
    'learning_rate',
    'optimizer',
    'normalize_data',
    'normalize_label',
    'num_models',
  );
  parameters.ignore(
    'binary_classifier_model_selection_criteria',
    'early_stopping_patience',
    'early_stopping_tolerance',
  );
  parameters.ignore('use_bias', 'init_method', 'momentum', 'beta_1', 'beta_2', 'num_calibration_samples');
  parameters.finish();
  return { l2, epochs };
}

/** Trains a logistic regression on standardised features, like Linear Learner's binary classifier. */
export async function trainLinearLearner(
  given: Readonly<Record<string, string>>,
  { train, validation }: { readonly train: Dataset; readonly validation: Dataset },
  log: (line: string) => void,
): Promise<Trained> {
  const { l2, epochs } = linearSettings(given, train.features.length);
  refuseMissing(train);
  refuseMissing(validation);
  const model = fitLogistic(train, l2, epochs, (epoch, now) => {
    log(
      `#quality_metric: host=algo-1, epoch=${epoch}, train loss=${logLoss(train.labels, scores(train, now))}`,
    );
  });
  const validated = scores(validation, model);
  const metrics = {
    'train:objective_loss': logLoss(train.labels, scores(train, model)),
    'validation:objective_loss': logLoss(validation.labels, validated),
    'validation:binary_classification_accuracy': accuracy(validation.labels, validated),
    'validation:roc_auc_score': auc(validation.labels, validated),
  };
  const artefact: LinearLearnerModel = { ...model, predictorType: 'binary_classifier', threshold: 0.5 };
  return { metrics, files: { 'model_algo-1': JSON.stringify(artefact) } };
}

function scores(data: Dataset, model: LogisticModel): Float64Array {
  const row = new Float64Array(data.features.length);
  return Float64Array.from({ length: data.rows }, (_, at) => {
    for (const [index, column] of data.features.entries()) row[index] = column[at] ?? 0;
    return logisticProbability(model, row);
  });
}

function refuseMissing({ features }: Dataset): void {
  for (const [index, column] of features.entries()) {
    const row = column.findIndex(Number.isNaN);
    if (row >= 0) {
      throw new ClientError(
        `Row ${row + 1} has no value in column ${index + 2}; Linear Learner takes no missing values.`,
      );
    }
  }
}
