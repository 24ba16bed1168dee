import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import {
  CreatePresignedDomainUrlCommand,
  CreateUserProfileCommand,
  DescribeAppCommand,
  DescribeUserProfileCommand,
  ListUserProfilesCommand,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { tenantBucket } from '@/local/aws-names';
import { studioFetch } from '@/local/testing/studio-fetch';
import {
  clientConfig,
  type Keys,
  s3Client,
  startTestAws,
  type TestAws,
  tenantKeys,
} from '../testing/test-aws';
import { until } from '../testing/until';
import { workbenchSteps } from '../testing/workbench-steps';

const run = promisify(execFile);
const hasCli = await run('aws', ['--version']).then(
  () => true,
  () => false,
);

let aws: TestAws;
let accountId: string;
let DomainId: string;
let keys: Keys;
const UserProfileName = 'ada-foo';

beforeAll(async () => {
  aws = await startTestAws({ stepMs: 20 });
  const portal = workbenchSteps(aws);
  ({ accountId } = await portal.ended(await portal.provision('foo-1', 'foo')));
  await portal.baseline(accountId);
  DomainId = (await portal.domain('foo', accountId)).id;
  keys = await tenantKeys(aws, 'foo', accountId);
  await sagemaker().send(new CreateUserProfileCommand({ DomainId, UserProfileName }));
  await until('the profile', async () => {
    const { Status } = await sagemaker().send(new DescribeUserProfileCommand({ DomainId, UserProfileName }));
    return Status === 'InService';
  });
});
afterAll(() => aws.stop());

const sagemaker = () => new SageMakerClient(clientConfig(aws, keys));
const get = (url: string, cookie = '') => studioFetch(url, { headers: { cookie } });

async function launchUrl(ExpiresInSeconds = 20): Promise<string> {
  const command = new CreatePresignedDomainUrlCommand({ DomainId, UserProfileName, ExpiresInSeconds });
  const { AuthorizedUrl = '' } = await sagemaker().send(command);
  return AuthorizedUrl;
}

describe('Studio over the wire', () => {
  it('opens by the URL, once, and shows the bucket', async () => {
    const url = await launchUrl();
    expect(url).toContain(aws.studioOrigin);
    const opened = await get(url);
    expect(opened.status).toBe(303);
    expect((await get(url)).status).toBe(403);
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const home = new URL(opened.headers.get('location') ?? '', aws.studioOrigin).href;
    expect(await (await get(home, cookie)).text()).toContain('No objects yet');
    const s3 = s3Client(aws, keys);
    const Bucket = tenantBucket('foo', accountId);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'notes/<b>first</b>.md', Body: 'hello' }));
    const page = await (await get(home, cookie)).text();
    for (const part of [DomainId, accountId, UserProfileName, Bucket, '&lt;b&gt;first&lt;/b&gt;.md', '5 B']) {
      expect(page).toContain(part);
    }
    const app = { DomainId, UserProfileName, AppType: 'JupyterLab', AppName: 'default' } as const;
    await until(
      'JupyterLab',
      async () => (await sagemaker().send(new DescribeAppCommand(app))).Status === 'InService',
    );
    await aws.restart();
    expect((await get(home, cookie)).status).toBe(200);
  });

  it('has an origin of its own, where no object of a tenant opens', async () => {
    const Bucket = tenantBucket('foo', accountId);
    const Body = '<script>fetch("/studio/").then((page) => page.text()).then(alert)</script>';
    const Key = 'studio/page.html';
    await s3Client(aws, keys).send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/html' }));
    const signed = await getSignedUrl(s3Client(aws, keys), new GetObjectCommand({ Bucket, Key }));
    const object = await fetch(signed);
    expect(await object.text()).toBe(Body);
    // The signature is of another host; nor does Studio look at any.
    const there = await studioFetch(signed.replace(aws.origin, aws.studioOrigin));
    expect([there.status, await there.text()]).toEqual([404, expect.stringContaining('Page not found')]);
    for (const answer of [object, await fetch(`${signed}x`), await fetch(`${aws.origin}/studio/`)]) {
      expect(answer.headers.get('content-security-policy')).toBe('sandbox');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    const page = await fetch((await launchUrl()).replace(aws.studioOrigin, aws.origin));
    expect(page.headers.get('set-cookie')).toBeNull();
    expect(page.status).toBe(403);
  });

  it('answers nonsense with words, and logs no error', async () => {
    const opened = await get(await launchUrl());
    const cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
    const warned = aws.warnings.length;
    for (const path of ['//', '///', '//evil.example/studio/', '/studio/%', '/studio/d-x/%ff'])
      expect((await get(`${aws.studioOrigin}${path}`, cookie)).status, path).toBe(404);
    const body = new URLSearchParams({ token: 'x'.repeat(70_000) });
    const url = `${aws.studioOrigin}/studio/${DomainId}/deploy`;
    const large = await studioFetch(url, { method: 'POST', headers: { cookie }, body });
    expect([large.status, await large.text()]).toEqual([
      413,
      expect.stringContaining('This form is too large'),
    ]);
    expect(aws.warnings.slice(warned)).toEqual([]);
  });

  it('refuses an expired URL', async () => {
    const url = await launchUrl(5);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6000 });
    const answer = await get(url);
    vi.useRealTimers();
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('has expired');
  });

  it('refuses a URL for a profile that is not there, and a second profile of the same name', async () => {
    const missing = new CreatePresignedDomainUrlCommand({ DomainId, UserProfileName: 'nobody' });
    await expect(sagemaker().send(missing)).rejects.toMatchObject({ name: 'ResourceNotFound' });
    const again = new CreateUserProfileCommand({ DomainId, UserProfileName });
    await expect(sagemaker().send(again)).rejects.toMatchObject({ name: 'ResourceInUse' });
    const malformed = new CreateUserProfileCommand({ DomainId, UserProfileName: 'ada@foo' });
    await expect(sagemaker().send(malformed)).rejects.toMatchObject({ name: 'ValidationException' });
    const { UserProfiles = [] } = await sagemaker().send(
      new ListUserProfilesCommand({ DomainIdEquals: DomainId }),
    );
    expect(UserProfiles).toMatchObject([{ UserProfileName, Status: 'InService' }]);
  });
});

describe.skipIf(!hasCli)('the AWS CLI', () => {
  async function cli(with_: Keys, ...given: string[]) {
    const { PATH = '', HOME = '' } = process.env;
    const { stdout } = await run('aws', [...given, '--endpoint-url', aws.origin, '--output', 'json'], {
      env: {
        NODE_ENV: 'test',
        PATH,
        HOME,
        AWS_ACCESS_KEY_ID: with_.accessKeyId,
        AWS_SECRET_ACCESS_KEY: with_.secretAccessKey,
        ...(with_.sessionToken ? { AWS_SESSION_TOKEN: with_.sessionToken } : {}),
        AWS_DEFAULT_REGION: 'us-east-1',
      },
    });
    return JSON.parse(stdout);
  }

  it('reads the catalogue, the stack set and the domains', async () => {
    const products = await cli(aws.portal, 'servicecatalog', 'search-products');
    expect(products.ProductViewSummaries).toHaveLength(2);
    const instances = await cli(
      aws.portal,
      'cloudformation',
      'list-stack-instances',
      '--stack-set-name',
      'annex-ml-baseline',
    );
    expect(instances.Summaries).toMatchObject([{ Account: accountId, Status: 'CURRENT' }]);
    const domains = await cli(keys, 'sagemaker', 'list-domains');
    expect(domains.Domains).toMatchObject([{ DomainId, Status: 'InService' }]);
  });

  it('is told when an account is not its own', async () => {
    await expect(cli(aws.portal, 'sagemaker', 'list-domains')).rejects.toThrow(/AccessDeniedException/);
  });
});
