import { setImmediate } from 'node:timers/promises';
import { type BoostingSettings, boost, leafOf, type Tree } from './boosted-trees';
import { ClientError, type Dataset } from './dataset';
import { Hyperparameters } from './hyperparameters';
import { auc, logLoss, sigmoid } from './metrics';
import type { Trained } from './trainer';
import { toXgboostJson } from './xgboost-model';

/** The settings of SageMaker's built-in XGBoost, with XGBoost's defaults. Throws ClientError. */
function boostingSettings(given: Readonly<Record<string, string>>): BoostingSettings & { patience: number } {
  const parameters = new Hyperparameters(given);
  parameters.needed('num_round');
  parameters.choice('objective', ['binary:logistic']);
  parameters.choice('booster', ['gbtree']);
  parameters.choice('tree_method', ['auto', 'hist', 'approx', 'exact']);
  parameters.choice('grow_policy', ['depthwise']);
  const settings = {
    rounds: parameters.whole('num_round', 1, 1, 10_000),
    eta: parameters.number('eta', 0.3, 0, 1),
    maxDepth: parameters.whole('max_depth', 6, 0, 30),
    subsample: parameters.number('subsample', 1, 0, 1),
    colsampleByTree: parameters.number('colsample_bytree', 1, 0, 1),
    minChildWeight: parameters.number('min_child_weight', 1, 0),
    lambda: parameters.number('lambda', 1, 0),
    alpha: parameters.number('alpha', 0, 0),
    gamma: parameters.number('gamma', 0, 0),
    scalePosWeight: parameters.number('scale_pos_weight', 1, 0),
    maxBin: parameters.whole('max_bin', 256, 2, 65_000),
    seed: parameters.whole('seed', 0, 0, 2_147_483_647),
    patience: parameters.whole('early_stopping_rounds', 0, 0, 10_000),
  };
  parameters.ignore('eval_metric', 'nthread', 'verbosity', 'silent', 'csv_weights', 'predictor');
  parameters.finish();
  if (settings.subsample === 0) throw new ClientError("Hyperparameter subsample: '0' leaves no rows.");
  return settings;
}

/** The margins of a data set, updated with each new tree. */
class Margins {
  private readonly margins: Float64Array;
  constructor(private readonly data: Dataset) {
    this.margins = new Float64Array(data.rows);
  }

  add(tree: Tree): void {
    for (let row = 0; row < this.data.rows; row += 1) {
      const leaf = leafOf(tree, (feature) => this.data.features[feature]?.[row] ?? Number.NaN);
      this.margins[row] = (this.margins[row] ?? 0) + leaf;
    }
  }

  get logLoss(): number {
    return logLoss(this.data.labels, this.margins.map(sigmoid));
  }

  get auc(): number | null {
    return auc(this.data.labels, this.margins);
  }
}

/** Trains like the built-in XGBoost. With `early_stopping_rounds` it stops when the validation loss no longer falls. */
export async function trainXgboost(
  given: Readonly<Record<string, string>>,
  { train, validation }: { readonly train: Dataset; readonly validation: Dataset },
  log: (line: string) => void,
): Promise<Trained> {
  const settings = boostingSettings(given);
  const trainMargins = new Margins(train);
  const validationMargins = new Margins(validation);
  let best = Number.POSITIVE_INFINITY;
  let bestRound = -1;
  const trees: Tree[] = [];
  for (const tree of boost(train, settings)) {
    const round = trees.push(tree) - 1;
    trainMargins.add(tree);
    validationMargins.add(tree);
    const loss = validationMargins.logLoss;
    log(
      `[${round}]\ttrain-logloss:${trainMargins.logLoss.toFixed(5)}\tvalidation-logloss:${loss.toFixed(5)}`,
    );
    if (loss < best) {
      best = loss;
      bestRound = round;
    }
    if (settings.patience > 0 && round - bestRound >= settings.patience) break;
    // Lets the event loop run, so that this process notices when its parent has ended.
    await setImmediate();
  }
  const metrics = {
    'train:logloss': trainMargins.logLoss,
    'train:auc': trainMargins.auc,
    'validation:logloss': validationMargins.logLoss,
    'validation:auc': validationMargins.auc,
  };
  const model = toXgboostJson({ featureCount: train.features.length, trees });
  return { metrics, files: { 'xgboost-model': model } };
}
