import { images, sageMakerSteps } from '../aws/testing/sagemaker-steps';
import { tenantKeys } from '../aws/testing/test-aws';
import { trainingCsv } from '../aws/testing/training-csv';
import { startProductAws } from './product-aws';

/** An AWS where the tenant foo has `account` and an extract to train on, and steps that train and host models there. */
export async function startTraining(account: string) {
  const aws = await startProductAws({ stepMs: 5 });
  await aws.vend('foo', account);
  const keys = await tenantKeys(aws, 'foo', account);
  const steps = sageMakerSteps(account, () => ({ aws, keys }));
  await steps.put('extracts/x1/data.csv', trainingCsv(1500));
  return { ...steps, images, stop: () => aws.stop() };
}
