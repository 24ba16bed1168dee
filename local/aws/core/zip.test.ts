import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BadZip, unzip, ZipTooLarge, zipOf } from './zip';

let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'annex-zip-'));
  dir = await mkdtemp(join(root, 'out-'));
});
afterEach(() => rm(root, { recursive: true }));

const limit = 1_000_000;

test('unpacks what it packed', async () => {
  await unzip(zipOf({ 'index.mjs': 'export {}', 'lib/ä.txt': 'x', 'empty/': '' }), dir, limit);
  expect(await readFile(join(dir, 'index.mjs'), 'utf8')).toBe('export {}');
  expect(await readFile(join(dir, 'lib', 'ä.txt'), 'utf8')).toBe('x');
  expect(await readdir(join(dir, 'empty'))).toEqual([]);
});

test('unpacks what another program compressed', async () => {
  const program =
    "import sys,zipfile;z=zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED);z.writestr('a/b.js','x'*5000);z.close()";
  execFileSync('python3', ['-c', program, join(root, 'z.zip')]);
  await unzip(await readFile(join(root, 'z.zip')), dir, limit);
  expect(await readFile(join(dir, 'a', 'b.js'), 'utf8')).toBe('x'.repeat(5000));
});

test.each(['../out', 'a/../../out', '/etc/x', 'a\\..\\b', 'c:x', '..'])(
  'refuses the name %s',
  async (name) => {
    await expect(unzip(zipOf({ [name]: 'x' }), dir, limit)).rejects.toThrow(BadZip);
    expect(await readdir(dir)).toEqual([]);
    expect(await readdir(root)).toHaveLength(1);
  },
);

const changed = (offset: number, bytes: readonly number[]) => {
  const zip = zipOf({ 'a.js': 'hello' });
  zip.set(bytes, offset);
  return zip;
};
const entryAt = zipOf({ 'a.js': 'hello' }).indexOf('PK\x01\x02');

test.each<readonly [string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ['no zip', Buffer.from('garbage'.repeat(100))],
  ['no files', zipOf({})],
  ['a link', changed(entryAt + 38, [0, 0, 0xff, 0xa1])],
  ['other bytes than its sum', changed(36, [1])],
  ['an encrypted file', changed(entryAt + 8, [1, 8])],
  ['a file that lies beyond its end', changed(entryAt + 42, [0xff, 0xff, 0xff, 0x7f])],
  ['a coding that it does not know', changed(entryAt + 10, [12, 0])],
  ['a cut directory', zipOf({ 'a.js': 'hello' }).subarray(0, entryAt + 10)],
])('refuses %s', (_, zip) => expect(unzip(zip, dir, limit)).rejects.toThrow(BadZip));

test('refuses more than is allowed, and what lies about its size', async () => {
  await expect(unzip(zipOf({ a: Buffer.alloc(limit + 1) }), dir, limit)).rejects.toThrow(ZipTooLarge);
  expect(await readdir(dir)).toEqual([]);
  await expect(unzip(changed(entryAt + 24, [1, 0, 0, 0]), dir, limit)).rejects.toThrow(BadZip);
});
