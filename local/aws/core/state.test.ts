import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DurableState, openState } from './state';

let dir: string;
let state: DurableState;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-state-'));
  state = await openState(dir);
});
afterEach(async () => {
  await state.close();
  await rm(dir, { recursive: true });
});

test('keeps documents across a reopening', async () => {
  await state.put('a', 'k', { n: 1 });
  await state.close();
  state = await openState(dir);
  expect(await state.get('a', 'k')).toEqual({ n: 1 });
  expect(await state.get('a', 'other')).toBeUndefined();
});

test('keeps collections apart however their names and keys look', async () => {
  await state.put('a', 'b/c', 1);
  await state.put('a/b', 'c', 2);
  await state.put('a0', 'x', 3);
  await state.put('a!', 'x', 4);
  expect(await state.list('a')).toEqual([['b/c', 1]]);
  expect(await state.list('a/b')).toEqual([['c', 2]]);
  expect(await state.list('a0')).toEqual([['x', 3]]);
});

test('lists in key order by prefix, after a key, up to a limit', async () => {
  for (const key of ['p/3', 'p/1', 'q/1', 'p/2', 'é/1', '😀', '￿']) await state.put('c', key, key);
  const keys = async (range: object) => (await state.list('c', range)).map(([key]) => key);
  expect(await keys({ prefix: 'p/' })).toEqual(['p/1', 'p/2', 'p/3']);
  expect(await keys({ prefix: 'p/', gt: 'p/1', limit: 1 })).toEqual(['p/2']);
  expect(await keys({ prefix: 'q/', gt: 'p/1' })).toEqual(['q/1']);
  expect(await keys({ gt: 'q/1' })).toEqual(['é/1', '￿', '😀']);
  expect(await keys({ limit: 0 })).toEqual([]);
});

test('writes a batch', async () => {
  await state.put('c', 'old', 1);
  await state.write([
    { type: 'del', collection: 'c', key: 'old' },
    { type: 'put', collection: 'd', key: 'new', value: 2 },
  ]);
  expect(await state.list('c')).toEqual([]);
  expect(await state.get('d', 'new')).toBe(2);
});
