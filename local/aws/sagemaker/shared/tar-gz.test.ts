import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { packTarGz, readTarGz, unpackTarGz } from './tar-gz';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-tar-'));
});
afterEach(() => rm(dir, { recursive: true }));

const files = [
  { name: 'xgboost-model', data: Buffer.from('{"learner":1}') },
  { name: 'code/inference.py', data: Buffer.alloc(1024, 'x') },
  { name: 'empty', data: Buffer.alloc(0) },
];

test('gives back what it packed, and tar reads it too', async () => {
  const archive = join(dir, 'model.tar.gz');
  await writeFile(archive, await packTarGz(files));
  expect(await readTarGz(archive)).toEqual(files);
  execFileSync('tar', ['-xzf', archive, '-C', dir]);
  expect(await readFile(join(dir, 'code/inference.py'))).toEqual(files[1]?.data);
});

test('reads what tar made', async () => {
  await writeFile(join(dir, 'a.txt'), 'hello');
  execFileSync('tar', ['-czf', join(dir, 'made.tar.gz'), '-C', dir, './a.txt']);
  expect(await readTarGz(join(dir, 'made.tar.gz'))).toEqual([{ name: 'a.txt', data: Buffer.from('hello') }]);
});

test('makes the same bytes of the same files', async () => {
  expect(await packTarGz(files)).toEqual(await packTarGz(files));
});

test.each(['../evil', '/etc/evil', 'a/../../evil'])('does not unpack %s', async (name) => {
  await writeFile(join(dir, 'evil.tar.gz'), await packTarGz([{ name, data: Buffer.from('x') }]));
  await expect(unpackTarGz(join(dir, 'evil.tar.gz'), join(dir, 'in'))).rejects.toThrow('outside');
});

test('refuses what is no archive, and what is cut off', async () => {
  const archive = join(dir, 'bad.tar.gz');
  await writeFile(archive, 'not gzip');
  await expect(readTarGz(archive)).rejects.toThrow();
  await writeFile(archive, gzipSync(Buffer.alloc(2048, 'a')));
  await expect(readTarGz(archive)).rejects.toThrow('no tar archive');
  await writeFile(archive, (await packTarGz(files)).subarray(0, 60));
  await expect(readTarGz(archive)).rejects.toThrow();
});

test('says that an archive is cut off where its compression is whole', async () => {
  const archive = join(dir, 'cut.tar.gz');
  const whole = gunzipSync(await packTarGz(files));
  await writeFile(archive, gzipSync(whole.subarray(0, 515)));
  await expect(readTarGz(archive)).rejects.toThrow('cut off');
});

test('leaves out folders and links', async () => {
  await mkdir(join(dir, 'folder'));
  await writeFile(join(dir, 'folder', 'a.txt'), 'hello');
  await symlink('folder/a.txt', join(dir, 'link'));
  execFileSync('tar', ['-czf', join(dir, 'made.tar.gz'), '-C', dir, 'folder', 'link']);
  expect((await readTarGz(join(dir, 'made.tar.gz'))).map(({ name }) => name)).toEqual(['folder/a.txt']);
});
