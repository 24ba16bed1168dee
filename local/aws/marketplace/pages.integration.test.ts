import { request as send } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { marketplaceSteps } from '../testing/marketplace-steps';
import { startTestAws, type TestAws } from '../testing/test-aws';

let aws: TestAws;
const account = '222233334444';
const page = { accept: 'text/html' };

beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws.stop());

const at = (path: string) => `${aws.origin}/_annex/marketplace${path}`;
const post = (path: string, fields: Record<string, string>, headers: Record<string, string> = page) =>
  fetch(at(path), { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(fields) });

test('a person subscribes, sets the account up, and cancels, without a script', async () => {
  const asked = await fetch(at(''), { headers: page });
  expect(await asked.text()).toContain('name="account"');
  const products = await fetch(at(`?account=${account}`), { headers: page });
  expect(products.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const text = await products.text();
  expect(text).toContain('Subscribe to Churn 30 days');
  expect(text).toContain('$0.002');
  expect(text).not.toContain('<script');
  const { id } = await marketplaceSteps(aws).product('Churn 30 days');
  const subscribed = await post('/subscribe', { account, product: id });
  expect(subscribed.status).toBe(303);
  const setUp = await fetch(new URL(subscribed.headers.get('location') ?? '', aws.origin), { headers: page });
  const form = await setUp.text();
  expect(form).toContain('<form method="post" action="http://localhost:3000/marketplace/register">');
  expect(form).toMatch(/name="x-amzn-marketplace-token" value="[\w-]{64}"/);
  const after = await (await fetch(at(`?account=${account}`), { headers: page })).text();
  expect(after).toContain('Cancel the subscription to Churn 30 days');
  const agreement = /name="agreement" value="(agmt-[a-z0-9]+)"/.exec(after)?.[1] ?? '';
  expect((await post('/end', { agreement })).headers.get('location')).toBe(
    `/_annex/marketplace?account=${account}`,
  );
  expect(await (await fetch(at(`?account=${account}`), { headers: page })).text()).toContain('cancelled on');
});

test('says what is wrong', async () => {
  const refused = await fetch(at('?account=12'), { headers: page });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain('account must have twelve digits.');
  expect((await post('/subscribe', { account, product: 'prod-no' })).status).toBe(400);
  expect((await post('/amend', { agreement: 'agmt-no', 'quantity.x': '1' })).status).toBe(404);
  const body = JSON.stringify({ title: '', dimensions: [] });
  const product = await fetch(at('/products'), { method: 'POST', body });
  expect(product.status).toBe(400);
  expect(await product.text()).toContain('title');
});

test('no other site sends forms here, and no page reads what programs may', async () => {
  const fields = { account, product: 'prod-no' };
  expect((await post('/subscribe', fields, { ...page, origin: 'http://evil.example' })).status).toBe(403);
  expect((await post('/subscribe', fields, { ...page, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  for (const path of ['/usage', '/products']) {
    expect((await fetch(at(path), { headers: { origin: aws.origin } })).status).toBe(403);
  }
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const headers = { ...page, host: 'evil.example' };
    send(at(''), { headers }, (answer) => resolve(answer.resume().statusCode))
      .once('error', reject)
      .end();
  });
  expect(status).toBe(403);
});
