import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { logisticProbability } from '@/local/aws/sagemaker/training/trainer/logistic-regression';
import type { LinearLearnerModel } from '@/local/aws/sagemaker/training/trainer/train-linear-learner';
import { answer, type Container, type Invocation, Refusal } from './container';
import { csvRows } from './csv-rows';

/** SageMaker's Linear Learner container: JSON or CSV in, JSON out. */
export async function load(dir: string): Promise<Container> {
  const model = JSON.parse(await readFile(join(dir, 'model_algo-1'), 'utf8')) as LinearLearnerModel;
  return { invoke: (invocation, response) => invoke(model, invocation, response) };
}

function invoke(model: LinearLearnerModel, invocation: Invocation, response: ServerResponse): void {
  const rows = featureRows(invocation);
  const size = model.weights.length;
  for (const row of rows) {
    if (row.length === size && row.every(Number.isFinite)) continue;
    throw refused(`a row needs ${size} numbers`);
  }
  const predictions = rows.map((row) => {
    const score = logisticProbability(model, row);
    return { score, predicted_label: score >= model.threshold ? 1 : 0 };
  });
  answer(response, 'application/json', JSON.stringify({ predictions }));
}

const refused = (why: string): Refusal => new Refusal(400, `unable to evaluate payload provided: ${why}`);

/** The rows of an invocation, in JSON or CSV. Throws Refusal. */
export function featureRows({ contentType, body }: Invocation): readonly number[][] {
  switch (contentType) {
    case 'application/json':
      return jsonRows(body);
    case 'text/csv':
      try {
        return csvRows(body);
      } catch (error) {
        throw refused(error instanceof Error ? error.message : String(error));
      }
    default:
      throw new Refusal(415, `content type ${contentType || 'none'} is not supported`);
  }
}

/** `{"instances":[{"features":[…]}]}`, also with `{"data":{"features":{"values":[…]}}}` for an instance. */
function jsonRows(body: Buffer): readonly number[][] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    throw refused('it is no JSON');
  }
  const instances = field(parsed, 'instances');
  if (!Array.isArray(instances) || instances.length === 0) throw refused('there are no instances');
  return instances.map((instance: unknown) => {
    const features =
      field(instance, 'features') ?? field(field(field(instance, 'data'), 'features'), 'values');
    if (!Array.isArray(features) || !features.every((value) => typeof value === 'number')) {
      throw refused('an instance needs features');
    }
    return features;
  });
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
