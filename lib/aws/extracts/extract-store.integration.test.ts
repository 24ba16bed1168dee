import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newExtract } from '@/lib/domain/extracts/lifecycle';
import { type ProductAws, startProductAws } from '@/local/testing/product-aws';
import { tenantClient } from '../core/clients';
import { extractStore } from './extract-store';
import { extractLoad, openExtractIndex } from './open-extract-index';

let stack: ProductAws;
beforeAll(async () => {
  stack = await startProductAws();
});
afterAll(() => stack?.stop());

const extractOf = (requestId: string) =>
  newExtract(
    {
      ...{ requestId, dataset: 'orders', format: 'csv', columns: [], policyVersion: 1 },
      ...{ range: { from: null, before: null }, asOf: null, requestedBy: { id: 'sub-1', name: 'ada' } },
    },
    new Date('2026-03-01'),
  );

const table = () => stack.environment.ANNEX_EXTRACTS_TABLE;
const documentsOf = (tenantId: string) =>
  DynamoDBDocumentClient.from(tenantClient(DynamoDBClient, { kind: 'pooled', tenantId }));

describe('extractStore', () => {
  it('takes a write on the newest revision only, and gives back what was written', async () => {
    const store = extractStore('baz');
    const extract = await store.create(extractOf(ulid()));
    const over = await store.update({ ...extract, state: 'done', finishedAt: new Date('2026-03-02') });
    expect(await store.get(extract.requestId)).toEqual(over);
    expect(await store.create(extract)).toEqual(over);
    await expect(store.update(extract)).rejects.toMatchObject({ code: 'conflict' });
    const open = await store.update({ ...over, state: 'running' });
    expect((await store.open(new Date(0))).map(({ requestId }) => requestId)).toEqual([over.requestId]);
    const index = await openExtractIndex().open({ state: 'running', limit: 100 });
    expect(index.extracts).toContainEqual({
      tenantId: 'baz',
      requestId: over.requestId,
      updatedAt: over.updatedAt,
    });
    const closed = await store.update({ ...open, state: 'done' });
    expect(await store.open(new Date(0))).toEqual([]);
    const pages = await store.list({ limit: 1 });
    expect(pages.extracts[0]?.requestId).toBe(over.requestId);
    expect(await extractStore('foo').get(over.requestId)).toBeNull();
    await expect(store.remove(open)).rejects.toMatchObject({ code: 'conflict' });
    await store.remove(closed);
    expect(await store.get(over.requestId)).toBeNull();
    await expect(store.remove(closed)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('knows its own write when the answer was lost, and no twin of it', async () => {
    const store = extractStore('foo');
    const lost = (point: 'answer' | 'request') =>
      stack.fault(point, 'dynamodb.PutItem', { message: 'InternalServerError: lost' });
    const extract = await store.create(extractOf(ulid()));
    await lost('answer');
    const written = await store.update(extract);
    expect(await store.get(extract.requestId)).toEqual(written);
    await lost('request');
    await expect(store.update(extract)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('counts what runs among itself, and finds what ran before that was kept apart', async () => {
    const store = extractStore('foo');
    const waits = await store.create(extractOf(ulid()));
    const runs = await store.update({ ...(await store.create(extractOf(ulid()))), state: 'running' });
    const idsOf = async (state: 'queued' | 'running') =>
      (await openExtractIndex().open({ state, limit: 100 })).extracts.map(({ requestId }) => requestId);
    expect(await extractLoad().running()).toBe(1);
    expect(await idsOf('running')).toEqual([runs.requestId]);
    expect(await idsOf('queued')).toContain(waits.requestId);
    const Key = { pk: 'TENANT#foo', sk: `EXTRACT#${runs.requestId}` };
    const before = {
      UpdateExpression: 'SET #open = :open',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':open': 'open' },
    };
    await documentsOf('foo').send(new UpdateCommand({ TableName: table(), Key, ...before }));
    expect(await idsOf('queued')).toContain(runs.requestId);
    await store.update(runs);
    expect(await idsOf('running')).toEqual([runs.requestId]);
  });

  it('tells what was requested since, also with the id of an older form, and of this tenant alone', async () => {
    const store = extractStore('day');
    const request = (idAt: string, at: string) =>
      store.create({ ...extractOf(ulid(Date.parse(idAt))), requestedAt: new Date(at) });
    await request('2026-03-01T23:00:00Z', '2026-03-01T23:59:59.999Z');
    const late = await request('2026-03-01T12:00:00Z', '2026-03-02T00:00:00Z');
    const today = await request('2026-03-02T09:00:00Z', '2026-03-02T09:00:01Z');
    const since = new Date('2026-03-02');
    expect(await store.requestedSince(since)).toEqual(
      [late, today].map(({ requestId, requestedAt }) => ({ requestId, requestedAt })),
    );
    expect(await extractStore('foo').requestedSince(new Date('2200-01-01'))).toEqual([]);
  });

  it('reads dates of any year back, and leaves out what is no extract', async () => {
    const store = extractStore('bar');
    const [older, unreadable, newer] = [ulid(1000), ulid(2000), ulid(3000)];
    const far = { from: null, before: new Date('+010000-01-01T00:00:00.000Z') };
    for (const requestId of [older, unreadable, newer]) {
      await store.create({ ...extractOf(requestId), range: far });
    }
    const key = { pk: 'TENANT#bar', sk: `EXTRACT#${unreadable}` };
    const spoil = {
      UpdateExpression: 'SET queuedAt = :no',
      ExpressionAttributeValues: { ':no': 'some time' },
    };
    await documentsOf('bar').send(new UpdateCommand({ TableName: table(), Key: key, ...spoil }));
    expect((await store.get(older))?.range).toEqual(far);
    expect((await store.open(new Date(0))).map(({ requestId }) => requestId)).toEqual([older, newer]);
    const pages: string[][] = [];
    for (let before: string | undefined, more = true; more; ) {
      const { extracts, next } = await store.list({ limit: 1, before });
      pages.push(extracts.map(({ requestId }) => requestId));
      [before, more] = [next ?? undefined, next !== null];
    }
    expect(pages).toEqual([[newer], [], [older]]);
    const ids = async (page: { before?: string; after?: string; limit: number }) => {
      const { extracts, ...links } = await store.list(page);
      return { ids: extracts.map(({ requestId }) => requestId), ...links };
    };
    expect(await ids({ limit: 5 })).toEqual({ ids: [newer, older], next: null, previous: null });
    expect(await ids({ limit: 2, after: older })).toEqual({ ids: [newer], next: unreadable, previous: null });
    expect(await ids({ limit: 1, before: unreadable })).toEqual({
      ids: [older],
      next: null,
      previous: older,
    });
    expect(await ids({ limit: 1, after: older })).toEqual({
      ids: [],
      next: unreadable,
      previous: unreadable,
    });
    expect(await ids({ limit: 1, after: newer })).toEqual({ ids: [], next: null, previous: null });
  });
});
