import { expect, it } from 'vitest';
import { chainOf } from './links';
import { type Examination, type FaultName, type LinkName, linkNames, type Target } from './ports';
import { runLinks } from './run-links';

const place = {
  region: 'eu-west-1',
  portalRoleArn: 'arn:aws:iam::1:role/portal',
  pooledRoleArn: 'arn:aws:iam::1:role/tenant',
  accountRole: 'tenant',
  externalId: 'annex-foo',
  stackSet: 'baseline',
  extractJob: 'extract',
  bucket: 'b',
};
const ready: Target = {
  tenantId: 'foo',
  accountId: '2',
  workbench: null,
  endpointName: 'churn',
  usual: null,
};

interface Doctored {
  readonly target?: Partial<Target>;
  readonly faults?: Partial<Record<LinkName, FaultName>>;
  readonly onLook?: (link: LinkName) => Promise<void>;
}

function examined({ target = {}, faults = {}, onLook = async () => undefined }: Doctored): Examination {
  return {
    target: { ...ready, ...target },
    place: () => place,
    async look(link) {
      await onLook(link);
      return {
        calls: [{ operation: 'a:B', resource: link }],
        found: 'seen',
        answer: null,
        fault: faults[link] ?? null,
        denied: null,
      };
    },
  };
}

const states = async (doctored: Doctored, wanted: readonly LinkName[] = linkNames) =>
  Object.fromEntries(
    (await runLinks(examined(doctored), wanted, () => new Date(1e12))).map(({ name, state, because }) => [
      name,
      because ? `${state} because of ${because}` : state,
    ]),
  );

it('looks at all links side by side where none needs another', async () => {
  const waiting = new Set<LinkName>();
  let most = 0;
  await states({
    onLook: async (link) => {
      waiting.add(link);
      most = Math.max(most, waiting.size);
      await new Promise((resolve) => setTimeout(resolve, 5));
      waiting.delete(link);
    },
  });
  // The domain, the bucket, the endpoint, metrics and quotas need the session alone.
  expect(most).toBe(5);
});

it('does not look at what hangs on a link that fails, and says which', async () => {
  const looked: LinkName[] = [];
  const found = await states({
    faults: { 'external-id': 'external-id-wrong' },
    onLook: async (link) => void looked.push(link),
  });
  expect(looked).not.toContain('session-tag');
  expect(found).toMatchObject({
    trust: 'ok',
    'external-id': 'failed',
    'session-tag': 'not-reached because of external-id',
    'execution-role': 'not-reached because of external-id',
    'stack-instance': 'ok',
    'extract-job': 'ok',
  });
});

it('names the baseline where what it makes is missing', async () => {
  expect(
    await states({ faults: { 'stack-instance': 'instance-failed', trust: 'trust-unreadable' } }),
  ).toMatchObject({
    'stack-instance': 'failed',
    trust: 'not-reached because of stack-instance',
    domain: 'not-reached because of stack-instance',
  });
  expect(
    await states({ faults: { 'stack-instance': 'instance-drifted', trust: 'not-trusted' } }),
  ).toMatchObject({
    'stack-instance': 'failed',
    trust: 'failed',
  });
});

it('gives each fault a fix', async () => {
  const { faultNames } = await import('./ports');
  for (const fault of faultNames) {
    const [result] = await runLinks(
      examined({ faults: { 'portal-role': fault } }),
      ['portal-role'],
      () => new Date(),
    );
    expect(result?.fix?.words, fault).toMatch(/\w.*[.]/);
  }
});

it('looks at one link with what it hangs on', async () => {
  expect(chainOf('execution-role')).toEqual([
    'portal-role',
    'trust',
    'external-id',
    'session-tag',
    'domain',
    'execution-role',
  ]);
  expect(Object.keys(await states({}, chainOf('extract-job')))).toEqual(['portal-role', 'extract-job']);
});

it('waits while the workbench is set up, and no longer than three times the usual', async () => {
  const step = (
    name: 'account' | 'baseline' | 'domain',
    state: 'done' | 'running' | 'pending',
    startedAt: Date | null = null,
  ) => ({ name, state, startedAt, finishedAt: null, reason: null }) as const;
  const at = (minutes: number) => new Date(1e12 - minutes * 60_000);
  const target = (minutes: number, usual: Target['usual'] = null) => ({
    workbench: {
      state: 'provisioning' as const,
      steps: [step('account', 'done'), step('baseline', 'done'), step('domain', 'running', at(minutes))],
    },
    usual,
  });
  expect(await states({ target: target(5) })).toMatchObject({
    bucket: 'ok',
    domain: 'not-reached',
    'execution-role': 'not-reached',
  });
  expect(await states({ target: target(31) })).toMatchObject({ domain: 'ok' });
  const usual = { account: null, baseline: null, domain: { ms: 60_000, runs: 3 } };
  expect(await states({ target: target(5, usual) })).toMatchObject({ domain: 'ok' });
  expect(await states({ target: { accountId: null } })).toMatchObject({
    trust: 'not-reached',
    'extract-job': 'ok',
  });
});
