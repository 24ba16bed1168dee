import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { accountOf } from './account';
import { deploy } from './deploy';
import { type Algorithm, imageUri } from './images';
import { train } from './train';

// From an extract to an endpoint that Annex can register. README.md says how to run it.

const usage = `npx tsx examples/churn-model/train-and-deploy.ts --extract <id>
  [--algorithm xgboost|linear-learner] [--endpoint churn] [--bucket <name>] [--role <arn>] [--image <uri>]`;

/** The eight features of the churn interface, version 1, for one customer. */
const sample = [40, 3, 25.5, 300, 1, 19.99, 85, 0];

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      extract: { type: 'string' },
      algorithm: { type: 'string', default: 'xgboost' },
      endpoint: { type: 'string', default: 'churn' },
      bucket: { type: 'string' },
      role: { type: 'string' },
      image: { type: 'string' },
    },
  });
  const { extract, endpoint } = values;
  if (!extract || !isAlgorithm(values.algorithm)) throw new Error(`Usage:\n${usage}`);

  // Region, keys and, for the embedded AWS, the endpoint come from the environment. Its buckets have no host names.
  const s3 = new S3Client({ forcePathStyle: process.env.AWS_ENDPOINT_URL !== undefined });
  const sagemaker = new SageMakerClient({});
  const region = await sagemaker.config.region();
  const account = values.role && values.bucket ? null : await accountOf(s3);
  const roleArn = values.role ?? account?.roleArn ?? '';
  const bucket = values.bucket ?? account?.bucket ?? '';
  const image = values.image ?? imageUri(values.algorithm, region);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const name = `${endpoint}-${stamp}`;

  const plan = { jobName: name, algorithm: values.algorithm, image, roleArn, bucket, extract };
  const job = await train(s3, sagemaker, plan, console.log);
  const modelDataUrl = job.ModelArtifacts?.S3ModelArtifacts ?? '';
  console.log(`model at ${modelDataUrl}`);

  await deploy(sagemaker, { name, endpointName: endpoint, image, modelDataUrl, roleArn, bucket });
  console.log(`${endpoint} is in service`);
  console.log(`a customer with ${sample.join(', ')} gets ${await ask(endpoint, values.algorithm)}`);
}

const isAlgorithm = (name: string): name is Algorithm => name === 'xgboost' || name === 'linear-learner';

/** Sends the sample to the endpoint in the content type that its container accepts. */
async function ask(EndpointName: string, algorithm: Algorithm): Promise<string> {
  const csv = algorithm === 'xgboost';
  const { Body } = await new SageMakerRuntimeClient({}).send(
    new InvokeEndpointCommand({
      EndpointName,
      ContentType: csv ? 'text/csv' : 'application/json',
      Body: csv ? sample.join(',') : JSON.stringify({ instances: [{ features: sample }] }),
    }),
  );
  return Body?.transformToString() ?? '';
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
