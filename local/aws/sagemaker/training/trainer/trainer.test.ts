import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { trainingCsv } from '@/local/aws/testing/training-csv';
import { ClientError, readChannel } from './dataset';
import { logisticProbability } from './logistic-regression';
import type { LinearLearnerModel } from './train-linear-learner';
import { runTraining, type TrainingInput } from './trainer';
import { boostedProbability, fromXgboostJson } from './xgboost-model';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-training-'));
  await mkdir(join(dir, 'model'));
});
afterEach(() => rm(dir, { recursive: true }));

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, file)), { recursive: true });
  await writeFile(join(dir, file), text);
}

function train(
  algorithm: TrainingInput['algorithm'],
  hyperparameters: Record<string, string>,
  channels: readonly string[] = ['train'],
) {
  const modelDir = join(dir, 'model');
  return runTraining({ algorithm, hyperparameters, dataDir: dir, channels, modelDir }, () => undefined);
}

const boosting = {
  num_round: '30',
  max_depth: '3',
  eta: '0.2',
  subsample: '0.8',
  objective: 'binary:logistic',
};
const rowOf = (line: string): number[] => line.split(',').slice(1).map(Number);

describe('the built-in XGBoost', () => {
  test('learns, and its artefact gives the probabilities that it was measured by', async () => {
    await put('train/data.csv', trainingCsv(3000));
    const metrics = await train('xgboost', boosting);
    expect(metrics['validation:auc']).toBeGreaterThan(0.85);
    expect(metrics['train:logloss']).toBeLessThan(0.45);
    const model = fromXgboostJson(await readFile(join(dir, 'model/xgboost-model'), 'utf8'));
    const recent = boostedProbability(model, rowOf('1,5,15,25,80,0,10,30,0'));
    const lapsed = boostedProbability(model, rowOf('1,390,1,25,395,1,10,30,0'));
    expect(recent).toBeLessThan(0.1);
    expect(lapsed).toBeGreaterThan(0.9);
  });

  test('reads no model whose trees run in circles or out of it', () => {
    const model = (left: readonly number[], right: readonly number[]) => {
      const zeros = left.map(() => 0);
      const tree = {
        ...{ left_children: left, right_children: right, parents: zeros, default_left: zeros },
        ...{ split_conditions: zeros, split_indices: zeros },
      };
      return JSON.stringify({
        learner: {
          gradient_booster: { name: 'gbtree', model: { trees: [tree] } },
          learner_model_param: { base_score: '5E-1', num_feature: '1' },
          objective: { name: 'binary:logistic' },
        },
      });
    };
    expect(fromXgboostJson(model([1, -1, -1], [2, -1, -1])).trees).toHaveLength(1);
    for (const [left, right] of [
      [[0], [0]],
      [
        [1, 0, -1],
        [2, 0, -1],
      ],
      [[7], [8]],
      [
        [1, -1],
        [1, -1],
      ],
    ] as const) {
      expect(() => fromXgboostJson(model(left, right))).toThrow('is no tree');
    }
  });

  test('reads no row of more columns than it holds', async () => {
    await put('train/data.csv', `1${',0'.repeat(5000)}\n`);
    await expect(train('xgboost', boosting)).rejects.toThrow(
      'line 1: there are 5001 values, more than 5000.',
    );
  });

  test('makes the same model of the same data, and another with another seed', async () => {
    await put('train/data.csv', trainingCsv(800));
    const modelOf = async (hyperparameters: Record<string, string>) => {
      await train('xgboost', hyperparameters);
      return readFile(join(dir, 'model/xgboost-model'), 'utf8');
    };
    const first = await modelOf(boosting);
    expect(await modelOf(boosting)).toBe(first);
    expect(await modelOf({ ...boosting, seed: '7' })).not.toBe(first);
  });

  test('writes singles so that XGBoost itself reads them', async () => {
    await put('train/data.csv', trainingCsv(200));
    await train('xgboost', boosting);
    const text = await readFile(join(dir, 'model/xgboost-model'), 'utf8');
    const [, conditions = ''] = /"split_conditions":\[([^\]]+)\]/.exec(text) ?? [];
    expect(conditions.split(',').every((value) => /[.e]/.test(value))).toBe(true);
  });

  test('takes a validation channel, and stops early by it', async () => {
    await put('train/data.csv', trainingCsv(300, 1));
    await put('validation/data.csv', trainingCsv(300, 2));
    const many = { ...boosting, num_round: '400', eta: '1', early_stopping_rounds: '5' };
    await train('xgboost', many, ['train', 'validation']);
    const model = fromXgboostJson(await readFile(join(dir, 'model/xgboost-model'), 'utf8'));
    expect(model.trees.length).toBeLessThan(100);
  });

  test('sends missing values where they did best', async () => {
    const lines = Array.from({ length: 400 }, (_, at) => (at % 2 ? '1,,1' : `0,${at % 7},1`));
    await put('train/data.csv', `${lines.join('\n')}\n`);
    await train('xgboost', { num_round: '10' });
    const model = fromXgboostJson(await readFile(join(dir, 'model/xgboost-model'), 'utf8'));
    expect(boostedProbability(model, [Number.NaN, 1])).toBeGreaterThan(0.9);
    expect(boostedProbability(model, [3, 1])).toBeLessThan(0.1);
  });

  test('honours depth, child weight and regularisation', async () => {
    await put('train/data.csv', trainingCsv(500));
    const stumps = await (async () => {
      await train('xgboost', { ...boosting, max_depth: '1' });
      return fromXgboostJson(await readFile(join(dir, 'model/xgboost-model'), 'utf8'));
    })();
    expect(Math.max(...stumps.trees.map(({ length }) => length))).toBe(3);
    await train('xgboost', { ...boosting, min_child_weight: '10000' });
    const none = fromXgboostJson(await readFile(join(dir, 'model/xgboost-model'), 'utf8'));
    expect(none.trees.every(({ length }) => length === 1)).toBe(true);
    await train('xgboost', { ...boosting, num_round: '1', lambda: '1000000' });
    const flat = fromXgboostJson(await readFile(join(dir, 'model/xgboost-model'), 'utf8'));
    expect(boostedProbability(flat, rowOf('1,5,15,25,80,0,10,30,0'))).toBeCloseTo(0.5, 3);
  });

  test.each([
    [{}, 'Missing required hyperparameter: num_round'],
    [{ num_round: '0' }, "num_round: '0'"],
    [{ num_round: '5', eta: 'fast' }, "eta: 'fast'"],
    [{ num_round: '5', objective: 'reg:squarederror' }, 'objective'],
    [{ num_round: '5', nonsense: '1' }, 'Extraneous hyperparameter found: nonsense'],
  ])('refuses %j', async (hyperparameters, reason) => {
    await put('train/data.csv', trainingCsv(50));
    const trained = train('xgboost', hyperparameters as Record<string, string>);
    await expect(trained).rejects.toThrow(ClientError);
    await expect(trained).rejects.toThrow(reason);
  });
});

describe('a training whose numbers overflow', () => {
  test.each([
    ['xgboost', { num_round: '3', scale_pos_weight: '1e308' }],
    ['xgboost', { num_round: '3', alpha: '1e308', scale_pos_weight: '1e308', max_depth: '30' }],
    ['linear-learner', { predictor_type: 'binary_classifier', wd: '1e308' }],
  ] as const)('ends with a reason: %s %j', async (algorithm, hyperparameters) => {
    await put('train/data.csv', trainingCsv(200));
    await expect(train(algorithm, hyperparameters)).rejects.toThrow('The training led to no finite model.');
  });

  test.each(['scale_pos_weight', 'lambda', 'min_child_weight'])('has no infinite %s', async (name) => {
    await put('train/data.csv', trainingCsv(50));
    const trained = train('xgboost', { num_round: '3', [name]: 'Infinity' });
    await expect(trained).rejects.toThrow(`${name}: 'Infinity' is not a number`);
  });
});

describe('Linear Learner', () => {
  test('learns, and standardises what it is asked', async () => {
    await put('train/data.csv', trainingCsv(3000));
    const metrics = await train('linear-learner', { predictor_type: 'binary_classifier' });
    expect(metrics['validation:roc_auc_score']).toBeGreaterThan(0.87);
    expect(metrics['validation:binary_classification_accuracy']).toBeGreaterThan(0.75);
    const model = JSON.parse(await readFile(join(dir, 'model/model_algo-1'), 'utf8')) as LinearLearnerModel;
    expect(logisticProbability(model, rowOf('1,5,15,25,80,0,10,30,0'))).toBeLessThan(0.1);
    expect(logisticProbability(model, rowOf('1,390,1,25,395,1,10,30,0'))).toBeGreaterThan(0.9);
  });

  test('has an answer for data that one feature separates', async () => {
    await put(
      'train/data.csv',
      Array.from({ length: 100 }, (_, at) => `${at < 50 ? 0 : 1},${at}`).join('\n'),
    );
    await train('linear-learner', { predictor_type: 'binary_classifier', wd: '0', epochs: '100' });
    const model = JSON.parse(await readFile(join(dir, 'model/model_algo-1'), 'utf8')) as LinearLearnerModel;
    expect(logisticProbability(model, [0])).toBeLessThan(0.01);
    expect(logisticProbability(model, [99])).toBeGreaterThan(0.99);
  });

  test('shrinks with the penalty', async () => {
    await put('train/data.csv', trainingCsv(500));
    const weightsAt = async (wd: string) => {
      await train('linear-learner', { predictor_type: 'binary_classifier', wd });
      const { weights } = JSON.parse(
        await readFile(join(dir, 'model/model_algo-1'), 'utf8'),
      ) as LinearLearnerModel;
      return Math.hypot(...weights);
    };
    expect(await weightsAt('10')).toBeLessThan((await weightsAt('0.0001')) / 10);
  });
});

describe('a channel', () => {
  test.each([
    [
      'label,recency\n1,2\n',
      "train/data.csv line 1: 'label' in column 1 is not a number. The file must be CSV without a header.",
    ],
    ['1,2,3\n0,4\n', 'train/data.csv line 2: the line has 2 values, the first one 3.'],
    ['1,2\n1\n', 'line 2: the line has 1 value, the first one 2.'],
    ['1,2\n2,3\n', 'line 2: the label 2 is neither 0 nor 1.'],
    ['1,2\n0,1\n\n0,x\n', "line 4: 'x' in column 2 is not a number."],
    ['1,2\n,3\n', 'line 2: the label, which comes first, is missing.'],
    ['1,1e400\n', 'line 1: 1e400 is too large a number.'],
    ['1\n', 'line 1: there is no feature'],
    ['', 'The channel train has no rows.'],
  ])('that holds %j is refused with the line', async (text, reason) => {
    await put('train/data.csv', text);
    await expect(readChannel(join(dir, 'train'), 'train')).rejects.toThrow(reason);
  });

  test('may be many files, read in the order of their names', async () => {
    await put('train/b.csv', '0,2\r\n');
    await put('train/a/1.csv', '1,1');
    const { labels, features } = await readChannel(join(dir, 'train'), 'train');
    expect([[...labels], [...(features[0] ?? [])]]).toEqual([
      [1, 0],
      [1, 2],
    ]);
  });

  test('of one label is nothing to learn from', async () => {
    await put('train/data.csv', '1,2\n'.repeat(100));
    await expect(train('xgboost', { num_round: '1' })).rejects.toThrow(
      'Every row that is trained on has the label 1.',
    );
  });
});
