import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DurableState, openState } from '../core/state';
import { createOutbox } from './outbox';

let dir: string;
let state: DurableState;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-outbox-'));
  state = await openState(join(dir, 'state'));
});
afterEach(async () => {
  await state.close();
  await rm(dir, { recursive: true, force: true });
});

const mail = (to: string, subject = 'Hello') =>
  ({ service: 'Amazon SES', from: 'annex@xyz.example', to, subject, text: 'Text' }) as const;

it('lists the newest first, and those to one address in any case of letters', async () => {
  const outbox = createOutbox(state);
  expect(await outbox.list()).toEqual([]);
  await outbox.deliver(mail('ada@foo.example', 'One'));
  await outbox.deliver(mail('grace@bar.example', 'Two'));
  await outbox.deliver(mail('Ada@foo.example', 'Three'));
  expect((await outbox.list()).map(({ subject }) => subject)).toEqual(['Three', 'Two', 'One']);
  expect((await outbox.list({ to: ' ADA@foo.example' })).map(({ subject }) => subject)).toEqual([
    'Three',
    'One',
  ]);
  expect(await outbox.list({ to: 'foo.example' })).toEqual([]);
});

it('keeps the latest 1,000, also after a restart', async () => {
  const before = createOutbox(state);
  await Promise.all(Array.from({ length: 999 }, (_, at) => before.deliver(mail('ada@foo.example', `${at}`))));
  const after = createOutbox(state);
  for (const subject of ['999', '1000', '1001']) await after.deliver(mail('ada@foo.example', subject));
  const subjects = (await after.list()).map(({ subject }) => subject);
  expect(subjects).toHaveLength(1000);
  expect([subjects[0], subjects.at(-1)]).toEqual(['1001', '2']);
});
