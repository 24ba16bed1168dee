import type {
  DescribeProductOutput,
  DescribeProvisioningParametersOutput,
  ListLaunchPathsOutput,
  ListProvisioningArtifactsOutput,
  ListRecordHistoryOutput,
  ProductViewSummary,
  ScanProvisionedProductsOutput,
  SearchProductsOutput,
  SearchProvisionedProductsOutput,
} from '@aws-sdk/client-service-catalog';
import { beforeEach, describe, expect, it } from 'vitest';
import { createFakeClient, provisionInput } from '../testing/fake-client';
import { type FakeStandIn, fakeStandIn, portal } from '../testing/fake-stand-in';

let fake: FakeStandIn;
beforeEach(() => {
  fake = fakeStandIn();
});

const call = <T>(operation: string, input: object = {}): Promise<T> =>
  fake.call<T>('servicecatalog', operation, input);

async function names(input: object): Promise<(string | undefined)[]> {
  const { ProductViewSummaries = [] } = await call<SearchProductsOutput>('SearchProducts', input);
  return ProductViewSummaries.map(({ Name }: ProductViewSummary) => Name);
}

describe('products', () => {
  it('are two workbenches, with a path and an artifact each', async () => {
    const { ProductViewSummaries = [] } = await call<SearchProductsOutput>('SearchProducts');
    expect(ProductViewSummaries.map(({ Name, Owner }) => [Name, Owner])).toEqual([
      ['Workbench GPU', 'annex'],
      ['Workbench Standard', 'annex'],
    ]);
    for (const { ProductId } of ProductViewSummaries) {
      const paths = await call<ListLaunchPathsOutput>('ListLaunchPaths', { ProductId });
      expect(paths.LaunchPathSummaries).toHaveLength(1);
      const artifacts = await call<ListProvisioningArtifactsOutput>('ListProvisioningArtifacts', {
        ProductId,
      });
      expect(artifacts.ProvisioningArtifactDetails).toMatchObject([{ Active: true, Guidance: 'DEFAULT' }]);
      const described = await call<DescribeProductOutput>('DescribeProduct', { Id: ProductId });
      expect(described.ProvisioningArtifacts?.[0]?.Id).toBe(artifacts.ProvisioningArtifactDetails?.[0]?.Id);
    }
  });

  it('are searched by text and owner, sorted, and paged', async () => {
    expect(await names({ Filters: { FullTextSearch: ['nvidia'] } })).toEqual(['Workbench GPU']);
    expect(await names({ Filters: { Owner: ['annex'] }, SortBy: 'Title', SortOrder: 'DESCENDING' })).toEqual([
      'Workbench Standard',
      'Workbench GPU',
    ]);
    expect(await names({ Filters: { Owner: ['somebody'] } })).toEqual([]);
    const first = await call<SearchProductsOutput>('SearchProducts', { PageSize: 1 });
    expect(await names({ PageSize: 1 })).toEqual(['Workbench GPU']);
    expect(await names({ PageSize: 1, PageToken: first.NextPageToken })).toEqual(['Workbench Standard']);
    await expect(names({ PageToken: 'made-up' })).rejects.toMatchObject({
      code: 'InvalidParametersException',
    });
  });

  it('say which parameters a person chooses, with labels', async () => {
    const { ProductId, ProvisioningArtifactId } = provisionInput('token-1');
    const answer = await call<DescribeProvisioningParametersOutput>('DescribeProvisioningParameters', {
      ProductId,
      ProvisioningArtifactId,
    });
    const parameters = answer.ProvisioningArtifactParameters ?? [];
    const chosen = parameters.filter(({ DefaultValue }) => DefaultValue !== undefined);
    expect(chosen.map(({ ParameterKey }) => ParameterKey)).toEqual(['InstanceType', 'IdleTimeoutMinutes']);
    for (const { DefaultValue = '', ParameterConstraints, Description } of chosen) {
      expect(ParameterConstraints?.AllowedValues).toContain(DefaultValue);
      expect(Description).not.toBe('');
    }
    const metadata = JSON.parse(answer.UsageInstructions?.[0]?.Value ?? '{}');
    const labels = metadata['AWS::CloudFormation::Interface'].ParameterLabels;
    expect(Object.keys(labels).sort()).toEqual(parameters.map(({ ParameterKey }) => ParameterKey).sort());
  });

  it('that are not there answer ResourceNotFoundException', async () => {
    for (const operation of ['DescribeProvisioningParameters', 'ListLaunchPaths']) {
      const input = { ProductId: 'prod-nobodyhasit', ProvisioningArtifactId: 'pa-1' };
      await expect(call(operation, input)).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    }
  });
});

describe('provisioned products', () => {
  it('are found by name and token, listed and paged, with their history', async () => {
    const client = createFakeClient(fake);
    const foo = await client.provision('token-1', 'foo');
    await client.provision('token-2', 'bar');
    await fake.settle();
    const found = await call<SearchProvisionedProductsOutput>('SearchProvisionedProducts', {
      Filters: { SearchQuery: ['name:annex-f* status:AVAILABLE'] },
    });
    expect(found).toMatchObject({
      TotalResultsCount: 1,
      ProvisionedProducts: [{ Name: 'annex-foo', IdempotencyToken: 'token-1' }],
    });
    const first = await call<ScanProvisionedProductsOutput>('ScanProvisionedProducts', { PageSize: 1 });
    const second = await call<ScanProvisionedProductsOutput>('ScanProvisionedProducts', {
      PageSize: 1,
      PageToken: first.NextPageToken,
    });
    expect([first, second].map(({ ProvisionedProducts }) => ProvisionedProducts?.[0]?.Name).sort()).toEqual([
      'annex-bar',
      'annex-foo',
    ]);
    expect(second.NextPageToken).toBeUndefined();
    const history = await call<ListRecordHistoryOutput>('ListRecordHistory', {
      SearchFilter: { Key: 'provisionedproduct', Value: foo.ProvisionedProductId },
    });
    expect(history.RecordDetails).toMatchObject([{ RecordId: foo.RecordId, Status: 'SUCCEEDED' }]);
  });

  it('cannot be terminated while they change', async () => {
    await createFakeClient(fake).provision('token-1');
    const input = { ProvisionedProductName: 'annex-foo', TerminateToken: 'end-1' };
    await expect(call('TerminateProvisionedProduct', input)).rejects.toMatchObject({
      code: 'InvalidParametersException',
    });
  });

  it('of another account are not there', async () => {
    const { RecordId } = await createFakeClient(fake).provision('token-1');
    const stranger = { ...portal, accountId: '999988887777' };
    const asked = fake.call('servicecatalog', 'DescribeRecord', { Id: RecordId }, stranger);
    await expect(asked).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

it('authorizes every operation before anything else', async () => {
  const operations = [
    'SearchProducts',
    'DescribeProduct',
    'ListLaunchPaths',
    'ListProvisioningArtifacts',
  ].concat([
    'DescribeProvisioningParameters',
    'ProvisionProduct',
    'TerminateProvisionedProduct',
    'DescribeProvisionedProduct',
    'SearchProvisionedProducts',
    'ScanProvisionedProducts',
    'ListRecordHistory',
  ]);
  for (const operation of operations) {
    fake.deny(`servicecatalog:${operation}`);
    await expect(call(operation), operation).rejects.toMatchObject({ code: 'AccessDeniedException' });
  }
});
