import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  DescribeEndpointCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { marketplaceSteps } from '@/local/aws/testing/marketplace-steps';
import { clientConfig, startTestAws, type TestAws, tenantKeys } from '@/local/aws/testing/test-aws';
import { until } from '@/local/aws/testing/until';
import { siloRoleArn } from '@/local/aws-names';

let aws: TestAws;
let steps: ReturnType<typeof marketplaceSteps>;
let sagemaker: SageMakerClient;
let runtime: SageMakerRuntimeClient;
const account = '222222222222';
const roleArn = siloRoleArn(account);

beforeAll(async () => {
  aws = await startTestAws();
  steps = marketplaceSteps(aws);
  await aws.vend('foo', account);
  const keys = await tenantKeys(aws, 'foo', account);
  sagemaker = new SageMakerClient(clientConfig(aws, keys));
  runtime = new SageMakerRuntimeClient(clientConfig(aws, keys));
});
afterAll(() => aws.stop());

const create = (ModelName: string, ModelPackageName: string, more: object = {}) =>
  sagemaker.send(
    new CreateModelCommand({
      ModelName,
      ExecutionRoleArn: roleArn,
      PrimaryContainer: { ModelPackageName },
      EnableNetworkIsolation: true,
      ...more,
    }),
  );
const describePackage = (ModelPackageName: string) =>
  sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName }));
const refusal = { name: 'ValidationException', message: expect.stringContaining('not subscribed') };

async function deployed(name: string): Promise<string | undefined> {
  const variant = { VariantName: 'AllTraffic', ModelName: name, InitialInstanceCount: 1 };
  const ProductionVariants = [{ ...variant, InstanceType: 'ml.m5.large' as const }];
  await sagemaker.send(new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants }));
  await sagemaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name }));
  return status(name);
}
const status = (EndpointName: string) =>
  until(`the endpoint ${EndpointName}`, async () => {
    const { EndpointStatus } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
    return EndpointStatus === 'Creating' ? null : EndpointStatus;
  });

async function invoke(EndpointName: string, ContentType: string, Body: string): Promise<unknown> {
  const answer = await runtime.send(new InvokeEndpointCommand({ EndpointName, ContentType, Body }));
  const text = answer.Body?.transformToString() ?? '';
  return answer.ContentType?.includes('json') ? JSON.parse(text) : text.split('\n').map(Number);
}

const rows = [
  [200, 1, 20, 600, 0, 0, 90, 3],
  [3, 30, 80, 900, 6, 400, 12, 0],
];
const csv = rows.join('\n');
const features = JSON.stringify({ instances: rows.map((row) => ({ features: row })) });

test('a package is hosted by subscribers alone, isolated, and shows nothing of the seller’s model', async () => {
  const product = await steps.product('Churn 30 days');
  const { modelPackageArn } = product;
  await expect(create('churn', modelPackageArn)).rejects.toMatchObject(refusal);
  await expect(describePackage(modelPackageArn)).rejects.toMatchObject(refusal);
  const { agreement } = await steps.act('subscribe', { account, product: product.id });
  await expect(create('churn', modelPackageArn, { EnableNetworkIsolation: false })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('EnableNetworkIsolation'),
  });
  const described = await describePackage(modelPackageArn);
  expect(described).toMatchObject({
    ModelPackageArn: modelPackageArn,
    InferenceSpecification: { Containers: [{ ProductId: product.id }] },
    CertifyForMarketplace: true,
  });
  expect(JSON.stringify(described)).not.toMatch(/weights|ModelDataUrl|s3:/);
  await create('churn', modelPackageArn);
  const model = await sagemaker.send(new DescribeModelCommand({ ModelName: 'churn' }));
  expect(model).toMatchObject({
    PrimaryContainer: { ModelPackageName: modelPackageArn },
    EnableNetworkIsolation: true,
  });
  expect(await deployed('churn')).toBe('InService');
  const scores = (await invoke('churn', 'text/csv', csv)) as number[];
  expect(scores[0]).toBeGreaterThan(0.8);
  expect(scores[1]).toBeLessThan(0.2);
  expect(await invoke('churn', 'application/json', features)).toEqual({
    predictions: scores.map((score) => ({ score })),
  });
  await expect(invoke('churn', 'text/csv', '1,2')).rejects.toMatchObject({ name: 'ModelError' });
  await aws.restart();
  expect(await invoke('churn', 'text/csv', csv)).toEqual(scores);
  await steps.act('end', { agreement: agreement.id });
  // What is deployed goes on, as on AWS; nothing new begins.
  expect(await invoke('churn', 'text/csv', csv)).toEqual(scores);
  await expect(create('more', modelPackageArn)).rejects.toMatchObject(refusal);
  const again = new CreateEndpointCommand({ EndpointName: 'again', EndpointConfigName: 'churn' });
  await expect(sagemaker.send(again)).rejects.toMatchObject(refusal);
});

test('the other products of the demo answer', async () => {
  for (const title of ['Next order value', 'Review sentiment']) {
    const { id, modelPackageArn } = await steps.product(title);
    await steps.act('subscribe', { account, product: id });
    const name = title.split(' ')[0] ?? '';
    // As a pipeline of one container, which SageMaker takes, too.
    const Containers = [{ ModelPackageName: modelPackageArn }];
    await create(name, modelPackageArn, { PrimaryContainer: undefined, Containers });
    const model = await sagemaker.send(new DescribeModelCommand({ ModelName: name }));
    expect(model).toMatchObject({ Containers, EnableNetworkIsolation: true });
    expect(await deployed(name)).toBe('InService');
  }
  const [low = 0, high = 0] = (await invoke('Next', 'text/csv', csv)) as number[];
  expect(low).toBeGreaterThan(5);
  expect(high).toBeGreaterThan(low);
  const texts = ['Great shoes, I love them', 'Broken after a week, terrible'];
  const instances = texts.map((text) => ({ text }));
  const answer = await invoke('Review', 'application/json', JSON.stringify({ instances }));
  expect(answer).toMatchObject({ predictions: [{ label: 'positive' }, { label: 'negative' }] });
  expect(await invoke('Review', 'text/plain', texts.join('\n'))).toEqual(answer);
});
