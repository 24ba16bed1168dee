import { ulid } from 'ulid';
import { describe, expect, it } from 'vitest';
import { ExtractWorld, policyOf } from '@/lib/domain/testing/extract-world';
import { dayMs } from '../../time';
import { extractsCsv } from '../extracts-csv';
import { limits } from '../limits';
import { downloadExtract } from './download-extract';
import { estimateExtract } from './estimate-extract';
import { exportExtracts } from './export-extracts';
import { getExtract } from './get-extract';
import { listDatasets } from './list-datasets';
import { listExtracts } from './list-extracts';
import { previewExtract } from './preview-extract';
import { retryExtract } from './retry-extract';
import { submitExtract } from './submit-extract';

const scientist = (world: ExtractWorld) => world.as('scientist');

describe('submitExtract', () => {
  it('records the request and the person, and sends the job', async () => {
    const world = new ExtractWorld();
    const extract = await submitExtract(scientist(world), {
      draft: {
        dataset: 'orders',
        columns: ['amount'],
        from: '2025-01-01',
        to: '2025-01-31',
        format: 'parquet',
      },
    });
    expect(extract).toMatchObject({
      state: 'queued',
      dataset: 'orders',
      format: 'parquet',
      columns: [{ name: 'amount', type: 'float', mask: 'none' }],
      range: { from: new Date('2025-01-01'), before: new Date('2025-02-01') },
      asOf: null,
      requestedBy: { id: 'sub-1', name: 'ada@foo.example' },
    });
    expect(await getExtract(scientist(world), { requestId: extract.requestId })).toEqual(extract);
    expect(world.messages.map(({ job }) => job)).toEqual([
      { kind: 'extract.advance', tenantId: 'foo', requestId: extract.requestId },
    ]);
    expect(world.audit).toMatchObject([{ action: 'extracts.submit', detail: { columns: 'amount' } }]);
  });

  it('takes the newest possible training date and every column by default', async () => {
    const world = new ExtractWorld();
    const extract = await submitExtract(scientist(world), {
      draft: { dataset: 'churn_training', from: '2025-01-01' },
    });
    expect(extract).toMatchObject({ asOf: new Date('2025-12-01'), range: { from: null, before: null } });
    expect(extract.columns).toHaveLength(10);
  });

  it('refuses more rows than the policy allows, and leaves it to the job where nobody can count', async () => {
    const world = new ExtractWorld();
    const submit = (from: string) =>
      submitExtract(scientist(world), { draft: { dataset: 'orders', from }, requestId: undefined });
    world.policies.set('orders', { ...policyOf('orders'), rowLimit: 10 });
    world.rows = { rows: 11, basis: 'counted' };
    await expect(submit('2025-01-01')).rejects.toMatchObject({
      code: 'invalid',
      fields: { rows: expect.stringContaining('at most 10 rows') },
    });
    expect([world.extracts.size, world.messages, world.audit]).toEqual([0, [], []]);
    world.rows = { rows: 10, basis: 'counted' };
    expect(await submit('2025-01-02')).toMatchObject({ state: 'queued' });
    world.rows = { rows: 11, basis: 'estimated' };
    expect(await submit('2025-01-03')).toMatchObject({ state: 'queued' });
  });

  it('makes one extract of a form sent twice, and two of two different forms', async () => {
    const world = new ExtractWorld();
    const requestId = '01KJMDEB80ABCDEFGHJKMNPQRS';
    const send = (dataset: 'orders' | 'tickets') =>
      submitExtract(scientist(world), { draft: { dataset }, requestId });
    const [first, second] = await Promise.all([send('orders'), send('orders')]);
    expect([first?.requestId, second?.requestId]).toEqual([requestId, requestId]);
    expect(world.audit).toHaveLength(1);
    const other = await send('tickets');
    expect(other.requestId).not.toBe(requestId);
    expect(world.extracts.size).toBe(2);
  });

  it('does not accept an id from another day', async () => {
    const world = new ExtractWorld();
    for (const requestId of ['7ZZZZZZZZZ0000000000000000', '0000000000ZZZZZZZZZZZZZZZZ']) {
      const extract = await submitExtract(scientist(world), { draft: { dataset: 'orders' }, requestId });
      expect(extract.requestId).not.toBe(requestId);
    }
  });

  it.each([
    [{ dataset: 'orders', columns: ['secret'] }, 'columns'],
    [{ dataset: 'orders', from: '2025-13-01' }, 'draft.from'],
    [{ dataset: 'orders', from: '2025-02-02', to: '2025-02-01' }, 'draft.to'],
    [{ dataset: 'orders', from: '0000-01-01' }, 'draft.from'],
    [{ dataset: 'orders', from: '1899-12-31' }, 'draft.from'],
    [{ dataset: 'orders', to: '9999-12-31' }, 'draft.to'],
    [{ dataset: 'orders', to: '2201-01-01' }, 'draft.to'],
    [{ dataset: 'churn_training', asOf: '9999-12-31' }, 'draft.asOf'],
    [{ dataset: 'churn_training', asOf: '2025-12-02' }, 'asOf'],
    [{ dataset: 'orders', format: 'xgboost' }, 'format'],
    [{ dataset: 'audit_event' }, 'draft.dataset'],
  ])('refuses %j and names the field', async (draft, field) => {
    const world = new ExtractWorld();
    await expect(submitExtract(scientist(world), { draft: draft as never })).rejects.toMatchObject({
      code: 'invalid',
      fields: { [field]: expect.any(String) },
    });
    expect(world.extracts.size).toBe(0);
  });

  it('needs an account, a policy, and capacity', async () => {
    const world = new ExtractWorld();
    const draft = { dataset: 'orders' } as const;
    for (let n = 0; n < limits.openPerTenant; n += 1) await submitExtract(scientist(world), { draft });
    await expect(submitExtract(scientist(world), { draft })).rejects.toMatchObject({ code: 'throttled' });
    const bare = new ExtractWorld();
    bare.policies.delete('orders');
    await expect(submitExtract(scientist(bare), { draft })).rejects.toThrow('no extract policy');
    bare.tenant = { ...bare.tenant, accountId: null };
    await expect(submitExtract(scientist(bare), { draft })).rejects.toThrow('there is no workbench');
  });
});

describe('the places of an organisation', () => {
  const draft = { dataset: 'orders' } as const;
  const openOf = (world: ExtractWorld) =>
    [...world.extracts.values()].filter(({ state }) => state === 'queued' || state === 'running');

  it('are not exceeded when many submit at once, and no trace is left of those that come too late', async () => {
    const world = new ExtractWorld();
    const asked = await Promise.allSettled(
      Array.from({ length: 60 }, () => submitExtract(scientist(world), { draft })),
    );
    const refused = asked.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(openOf(world)).toHaveLength(limits.openPerTenant);
    expect(world.extracts.size).toBe(limits.openPerTenant);
    expect(refused).toHaveLength(60 - limits.openPerTenant);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'throttled', transient: false });
    expect(world.audit).toHaveLength(limits.openPerTenant);
  });

  it('are those of the plan in a day in UTC, also when many submit at once', async () => {
    const world = new ExtractWorld();
    world.limits = { extractsPerDay: 3 };
    const submit = () => submitExtract(scientist(world), { draft });
    const asked = await Promise.allSettled(Array.from({ length: 12 }, submit));
    expect(world.extracts.size).toBe(3);
    expect(world.audit).toHaveLength(3);
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    await world.work();
    await expect(submit()).rejects.toMatchObject({
      code: 'conflict',
      message:
        'Your plan, Standard, allows 3 extracts a day. 3 were submitted today. Nothing was submitted. The next day begins at 00:00 UTC. An administrator can change the plan.',
    });
    world.clock = Date.parse('2026-03-02T00:00:01Z');
    await submit();
    world.limits = { extractsPerDay: 1 };
    await expect(submit()).rejects.toThrow('allows 1 extract a day. One was submitted today.');
  });

  it('of a day are not taken by a form that is sent again, nor by a retry', async () => {
    const world = new ExtractWorld();
    world.limits = { extractsPerDay: 1 };
    world.glue.failures = 1;
    const requestId = ulid(world.clock - 1000);
    const submit = () => submitExtract(scientist(world), { draft, requestId });
    expect((await submit()).requestId).toBe(requestId);
    expect((await submit()).requestId).toBe(requestId);
    await world.work();
    await retryExtract(scientist(world), { requestId, attempt: 1 });
    await world.work();
    expect(world.single()).toMatchObject({ state: 'done', attempt: 2 });
  });

  it('count for retries, one by one and at once', async () => {
    const world = new ExtractWorld();
    world.glue.failures = 4;
    const failed = [];
    for (let n = 0; n < 4; n += 1) failed.push((await submitExtract(scientist(world), { draft })).requestId);
    await world.work();
    for (let n = 0; n < limits.openPerTenant - 1; n += 1) await submitExtract(scientist(world), { draft });
    world.clock += 1000;
    const press = (requestId: string) => retryExtract(scientist(world), { requestId, attempt: 1 });
    const pressed = await Promise.allSettled(failed.map(press));
    expect(pressed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(openOf(world)).toHaveLength(limits.openPerTenant);
    const still = [...world.extracts.values()].find(({ state }) => state === 'failed');
    expect(still).toMatchObject({ attempt: 1, reason: 'The replica does not answer.' });
    await expect(press(still?.requestId ?? '')).rejects.toThrow('The extract was not retried');
    expect(world.extracts.get(still?.requestId ?? '')).toEqual(still);
    await world.work();
    expect(await press(still?.requestId ?? '')).toMatchObject({ state: 'queued', attempt: 2 });
    expect(world.audit.at(-1)).toMatchObject({
      action: 'extracts.retry',
      subject: `extract/${still?.requestId}`,
    });
  });
});

describe('what is shown before', () => {
  it('is only what the policy permits', async () => {
    const world = new ExtractWorld();
    world.policies.set('customers', policyOf('customers', { email: 'hash', name: 'drop' }));
    world.policies.set('orders', policyOf('orders', { ordered_at: 'generalize' }));
    const { datasets, training } = await listDatasets(scientist(world), undefined);
    expect(datasets.map(({ name }) => name)).toHaveLength(5);
    expect(datasets[0]?.columns.map(({ name, mask }) => `${name} ${mask}`)).toEqual([
      'customer_id none',
      'email hash',
      'created_at none',
    ]);
    expect(datasets.map(({ dated }) => dated)).toEqual(['created_at', null, 'opened_at', null, null]);
    expect(training).toEqual({ earliest: new Date('2023-03-02'), latest: new Date('2025-12-01') });
    const preview = await previewExtract(scientist(world), { dataset: 'customers' });
    expect(preview.rows).toEqual([['customer_id', 'email', 'created_at']]);
  });

  it('uses the stored counts where they exist, and estimates otherwise', async () => {
    const ctx = scientist(new ExtractWorld());
    const estimate = (draft: Parameters<typeof estimateExtract>[1]) => estimateExtract(ctx, draft);
    const guess = { rows: 1234, basis: 'estimated', refusal: null };
    expect(await estimate({ dataset: 'orders' })).toEqual({ rows: 4000, basis: 'counted', refusal: null });
    expect(await estimate({ dataset: 'orders', from: '2025-01-01' })).toEqual(guess);
    expect(await estimate({ dataset: 'churn_features' })).toEqual(guess);
  });

  it('says that there are more rows than the policy allows', async () => {
    const world = new ExtractWorld();
    world.policies.set('orders', { ...policyOf('orders'), rowLimit: 4000 });
    expect((await estimateExtract(scientist(world), { dataset: 'orders' })).refusal).toBeNull();
    world.policies.set('orders', { ...policyOf('orders'), rowLimit: 3999 });
    expect((await estimateExtract(scientist(world), { dataset: 'orders' })).refusal).toMatch(
      'Version 1 of the extract policy allows at most 3999 rows',
    );
  });
});

describe('an extract that is there', () => {
  async function done() {
    const world = new ExtractWorld();
    const { requestId } = await submitExtract(scientist(world), { draft: { dataset: 'orders' } });
    await world.work();
    return { world, requestId };
  }

  it('is downloaded from the tenant’s bucket, as long as the file is unchanged', async () => {
    const { world, requestId } = await done();
    const { url } = await downloadExtract(scientist(world), { requestId });
    expect(url).toBe(`https://s3.example/111111111111/${requestId}/data.csv?as=orders-foo-2026-03-01.csv`);
    expect(world.audit.at(-1)).toMatchObject({ action: 'extracts.download' });
    world.glue.bucket.clear();
    await expect(downloadExtract(scientist(world), { requestId })).rejects.toThrow(
      'was removed or changed after it was written',
    );
  });

  it('is listed newest first, in pages and as CSV', async () => {
    const { world } = await done();
    world.clock += 1000;
    await submitExtract(scientist(world), { draft: { dataset: 'tickets' } });
    const first = await listExtracts(scientist(world), { limit: 1 });
    expect(first.extracts.map(({ dataset }) => dataset)).toEqual(['tickets']);
    const second = await listExtracts(scientist(world), { limit: 1, before: first.next ?? '' });
    expect([second.extracts[0]?.dataset, second.next]).toEqual(['orders', null]);
    let text = '';
    for await (const chunk of extractsCsv(await exportExtracts(scientist(world), undefined))) text += chunk;
    expect(text.split('\r\n').map((line) => line.split(',')[1])).toEqual([
      '"dataset"',
      '"tickets"',
      '"orders"',
      undefined,
    ]);
  });

  it('cannot be retried, and is not found under another id', async () => {
    const { world, requestId } = await done();
    expect(await retryExtract(scientist(world), { requestId })).toMatchObject({ state: 'done', attempt: 1 });
    const unknown = { requestId: '01KJMDEB80ZZZZZZZZZZZZZZZZ' };
    for (const verb of [getExtract, retryExtract, downloadExtract]) {
      await expect(verb(scientist(world), unknown)).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  it('has each end recorded before a retry', async () => {
    const world = new ExtractWorld();
    world.glue.failures = 1;
    const { requestId } = await submitExtract(scientist(world), { draft: { dataset: 'orders' } });
    await world.work();
    // The worker died between the end and its audit row.
    expect(world.audit.pop()).toMatchObject({ detail: { state: 'failed', attempt: 1 } });
    await retryExtract(scientist(world), { requestId });
    expect(world.audit.map(({ action, detail }) => [action, detail?.attempt])).toEqual([
      ['extracts.submit', undefined],
      ['extracts.advance', 1],
      ['extracts.retry', 2],
    ]);
  });

  it('is not retried when it is old', async () => {
    const world = new ExtractWorld();
    world.glue.failures = 1;
    const { requestId } = await submitExtract(scientist(world), { draft: { dataset: 'orders' } });
    await world.work();
    world.clock += 8 * dayMs;
    await expect(retryExtract(scientist(world), { requestId })).rejects.toThrow('more than a week old');
  });
});
