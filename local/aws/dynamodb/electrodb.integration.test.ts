import { Entity } from 'electrodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awsNames } from '@/local/aws-names';
import { tableArn } from '../iam/arns';
import { dynamoClient, startTestAws, type TestAws, tenantKeys } from '../testing/test-aws';

let aws: TestAws;
beforeAll(async () => {
  aws = await startTestAws();
});
afterAll(() => aws?.stop());

/** Notes of a tenant, as a client that nobody here wrote keeps them. */
async function notesOf(tenant: string, table: string) {
  return new Entity(
    {
      model: { entity: 'note', service: 'annex', version: '1' },
      attributes: {
        tenant: { type: 'string', required: true },
        id: { type: 'string', required: true },
        text: { type: 'string' },
      },
      indexes: {
        byId: {
          pk: { field: 'pk', composite: ['tenant'], template: `TENANT#$\{tenant}`, casing: 'none' },
          sk: { field: 'sk', composite: ['id'], template: `NOTE#$\{id}`, casing: 'none' },
        },
      },
    },
    { client: dynamoClient(aws, await tenantKeys(aws, tenant)), table },
  );
}

test.each([
  ['by its name', awsNames.extractsTable],
  ['by its ARN', tableArn(awsNames.extractsTable)],
])('electrodb keeps items in a table %s, one by one and in batches', async (how, table) => {
  const notes = await notesOf('foo', table);
  const ids = Array.from({ length: 30 }, (_, n) => `${how} ${String(n).padStart(2, '0')}`);
  const wanted = ids.map((id) => ({ tenant: 'foo', id, text: `text of ${id}` }));
  expect((await notes.put(wanted).go()).unprocessed).toEqual([]);
  const keys = ids.map((id) => ({ tenant: 'foo', id }));
  const { data, unprocessed } = await notes.get(keys).go();
  expect([...data].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(wanted);
  expect(unprocessed).toEqual([]);
  await notes
    .patch({ tenant: 'foo', id: ids[0] ?? '' })
    .set({ text: 'changed' })
    .go();
  const found = await notes.query.byId({ tenant: 'foo' }).begins({ id: how }).go({ pages: 'all' });
  expect(found.data.map(({ text }) => text)).toEqual(['changed', ...wanted.slice(1).map(({ text }) => text)]);
  await notes.delete(keys).go();
  expect((await notes.get(keys).go()).data).toEqual([]);
});

test('electrodb gets nothing of another tenant', async () => {
  const notes = await notesOf('foo', tableArn(awsNames.extractsTable));
  await expect(notes.get([{ tenant: 'bar', id: 'x' }]).go()).rejects.toThrow(/not authorized|AccessDenied/);
});
