import { expect, it } from 'vitest';
import { ExtractWorld, policyOf } from '../testing/extract-world';
import { extractsCsv } from './extracts-csv';
import { exportExtracts } from './verbs/export-extracts';
import { submitExtract } from './verbs/submit-extract';

it('has a line per extract, newest first, and leaves empty what is not known', async () => {
  const world = new ExtractWorld();
  world.policies.set('customers', policyOf('customers', { email: 'hash' }));
  const ctx = world.as('scientist', { id: 'eve', name: '=eve@foo.example' });
  const submit = async (dataset: 'customers' | 'orders' | 'churn_features', columns: string[]) => {
    world.clock += 1000;
    return (await submitExtract(ctx, { draft: { dataset, columns } })).requestId;
  };
  const done = await submit('customers', ['customer_id', 'email']);
  await world.work();
  world.glue.failures = 1;
  const failed = await submit('orders', ['customer_id']);
  await world.work();
  const waiting = await submit('churn_features', ['customer_id']);
  let text = '';
  for await (const chunk of extractsCsv(await exportExtracts(ctx, undefined))) text += chunk;
  const day = '2026-03-01T';
  expect(text.split('\r\n')).toEqual([
    '"extract_id","dataset","format","state","attempt","requested_by","requested_at","started_at","finished_at","rows","bytes","as_of","policy_version","columns","sha256","reason"',
    `"${waiting}","churn_features","csv","queued",1,"'=eve@foo.example","${day}10:00:11.000Z",,,,,"${day}00:00:00.000Z",1,"customer_id",,`,
    `"${failed}","orders","csv","failed",1,"'=eve@foo.example","${day}10:00:06.000Z","${day}10:00:06.000Z","${day}10:00:10.000Z",,,,1,"customer_id",,"The replica does not answer."`,
    `"${done}","customers","csv","done",1,"'=eve@foo.example","${day}10:00:01.000Z","${day}10:00:01.000Z","${day}10:00:05.000Z",3,99,,1,"customer_id; email (hash)","${'a'.repeat(64)}",`,
    '',
  ]);
});
