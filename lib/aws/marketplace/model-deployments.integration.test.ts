import { ListEndpointsCommand, ListModelsCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Deployment } from '@/lib/domain/marketplace/ports';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { vendStudio } from '@/local/testing/vended-studio';
import { tenantClient } from '../core/clients';
import { modelDeployments } from './model-deployments';

let stack: ProductAws;
const accountId = '222222222222';
const patience = { timeout: 60_000, interval: 30 };
const deployments = modelDeployments('foo');
const sagemaker = () => tenantClient(SageMakerClient, { kind: 'silo', tenantId: 'foo', accountId });
let deployment: Deployment;

const post = async (action: string, fields: Readonly<Record<string, string>>) => {
  const response = await fetch(`${stack.origin}/_annex/marketplace/${action}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
  });
  if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
};

beforeAll(async () => {
  stack = await startProductAws();
  const domainId = await vendStudio(stack, { tenantId: 'foo', accountId }, sagemaker);
  const answer = await fetch(`${stack.origin}/_annex/marketplace/products`);
  const { products } = (await answer.json()) as {
    products: { id: string; title: string; modelPackageArn: string }[];
  };
  const churn = products.find(({ title }) => title === 'Churn 30 days');
  if (!churn) throw new Error('no product');
  const { modelPackageArn } = churn;
  deployment = { accountId, name: 'annex-01sub', domainId, modelPackageArn, instanceType: 'ml.m5.large' };
  await expect(deployments.createModel(deployment)).rejects.toMatchObject({ transient: false });
  await post('subscribe', { account: accountId, product: churn.id });
});
afterAll(() => stack?.stop());

const sample = { body: '12,6,48.5,410,2,97,55,0', contentType: 'text/csv', accept: 'text/csv' };

it('deploys a package step by step, each as often as one likes, tries it, and takes it down', async () => {
  await vi.waitFor(() => deployments.createModel(deployment), patience);
  for (let n = 0; n < 2; n += 1) {
    await deployments.createModel(deployment);
    await deployments.createConfiguration(deployment);
    await vi.waitFor(
      async () => expect(await deployments.endpoint(deployment)).toEqual({ state: 'ready' }),
      patience,
    );
  }
  expect(await deployments.test(deployment, sample)).toBeNull();
  expect(await deployments.test(deployment, { ...sample, body: 'a,b' })).toMatch(/The model answered/);
  await vi.waitFor(async () => expect(await deployments.remove(deployment)).toBe(true), patience);
  expect(await deployments.remove(deployment)).toBe(true);
  const { Endpoints } = await sagemaker().send(new ListEndpointsCommand({}));
  const { Models } = await sagemaker().send(new ListModelsCommand({}));
  expect([Endpoints, Models]).toEqual([[], []]);
});
