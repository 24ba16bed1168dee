import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import {
  type BoostedModel,
  boostedProbability,
  fromXgboostJson,
} from '@/local/aws/sagemaker/training/trainer/xgboost-model';
import { answer, type Container, type Invocation, Refusal } from './container';
import { csvRows } from './csv-rows';

/**
 * SageMaker's XGBoost container in algorithm mode: CSV in, one probability a line out. A request that accepts anything
 * gets what `SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT` names, `text/csv` without it, as in sagemaker-xgboost-container.
 */
export async function load(
  dir: string,
  _options: unknown,
  environment: Readonly<Record<string, string>>,
): Promise<Container> {
  const model = fromXgboostJson(await readFile(join(dir, 'xgboost-model'), 'utf8'));
  const standard = environment.SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT ?? 'text/csv';
  return {
    invoke: ({ accept, ...invocation }, response) =>
      invoke(model, { ...invocation, accept: accept === '*/*' ? standard : accept }, response),
  };
}

function invoke(
  model: BoostedModel,
  { contentType, accept, body }: Invocation,
  response: ServerResponse,
): void {
  if (contentType !== 'text/csv') {
    throw new Refusal(
      415,
      `Content-type ${contentType || 'none'} not supported. Supported content-type is text/csv here.`,
    );
  }
  const format = accepted(accept);
  if (body.length === 0) {
    answer(response, 'text/csv', '', 204);
    return;
  }
  const probabilities = rowsOf(model, body).map((row) => boostedProbability(model, row));
  if (format === 'application/json') {
    const predictions = probabilities.map((score) => ({ score }));
    answer(response, format, JSON.stringify({ predictions }));
    return;
  }
  answer(response, 'text/csv; charset=utf-8', probabilities.join('\n'));
}

function accepted(accept: string): 'text/csv' | 'application/json' {
  const types = accept.split(',').map((type) => type.split(';', 1)[0]?.trim().toLowerCase());
  if (types.includes('text/csv') || types.includes('*/*') || types.includes('text/*')) return 'text/csv';
  if (types.includes('application/json')) return 'application/json';
  throw new Refusal(406, `Accept type ${accept} is not supported.`);
}

function rowsOf({ featureCount }: BoostedModel, body: Buffer): number[][] {
  const rows = loaded(body);
  const longest = rows[0]?.length ?? 0;
  // Shorter rows are taken: SageMaker's container lets XGBoost fill in what is missing at the end.
  if (longest <= featureCount) return rows;
  throw new Refusal(
    400,
    `Unable to evaluate payload provided: Check failed: learner_model_param_.num_feature >= p_fmat->Info().num_col_ (${featureCount} vs. ${longest}) : Number of columns does not match number of features in booster.`,
  );
}

function loaded(body: Buffer): number[][] {
  try {
    const rows = csvRows(body);
    if (rows.every(({ length }) => length === rows[0]?.length)) return rows;
    throw new Error(
      'setting an array element with a sequence. The requested array has an inhomogeneous shape.',
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refusal(
      415,
      `Loading csv data failed with Exception, please ensure data is in csv format:\n ${why}`,
    );
  }
}
