/** Containers of SageMaker's own that this stand-in has. */
export type BuiltInAlgorithm = 'xgboost' | 'linear-learner';

const pattern =
  /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/(sagemaker-xgboost|xgboost|linear-learner)(?::[\w.-]{1,128}|@sha256:[0-9a-f]{64})?$/;

/**
 * The built-in algorithm behind an image URI of any region, e.g.
 * `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1`; null for an image that is not here.
 */
export function algorithmOf(image: string): BuiltInAlgorithm | null {
  const repository = pattern.exec(image)?.[1];
  if (repository === undefined) return null;
  return repository === 'linear-learner' ? 'linear-learner' : 'xgboost';
}
