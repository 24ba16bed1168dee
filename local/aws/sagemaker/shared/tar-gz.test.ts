import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { constants, createGzip, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPrograms, type Programs } from '@/local/aws/core/programs';
import { modelLimits, packTarGz, type UnpackLimits, unpackTarGz } from './tar-gz';

let programDir: string;
let programs: Programs;
let dir: string;
beforeAll(async () => {
  programDir = await mkdtemp(join(tmpdir(), 'annex-programs-'));
  programs = createPrograms(programDir);
});
afterAll(() => rm(programDir, { recursive: true }));
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annex-tar-'));
});
afterEach(() => rm(dir, { recursive: true }));

const files = [
  { name: 'code/inference.py', data: Buffer.alloc(1024, 'x') },
  { name: 'empty', data: Buffer.alloc(0) },
  { name: 'xgboost-model', data: Buffer.from('{"learner":1}') },
];

/** Unpacks the archive; the files that this makes. */
async function unpacked(archive: Buffer, limits: Partial<UnpackLimits> = {}) {
  const file = join(dir, 'model.tar.gz');
  const target = join(dir, 'in');
  await writeFile(file, archive);
  await rm(target, { recursive: true, force: true });
  await mkdir(target);
  await unpackTarGz(programs, file, target, new AbortController().signal, { ...modelLimits, ...limits });
  const entries = await readdir(target, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(target.length + 1))
    .sort();
  return Promise.all(names.map(async (name) => ({ name, data: await readFile(join(target, name)) })));
}

test('gives back what it packed, and tar reads it too', async () => {
  const archive = await packTarGz(files);
  expect(await unpacked(archive)).toEqual(files);
  execFileSync('tar', ['-xzf', join(dir, 'model.tar.gz'), '-C', dir]);
  expect(await readFile(join(dir, 'code/inference.py'))).toEqual(files[0]?.data);
});

test('reads what tar made, but for folders and links', async () => {
  await mkdir(join(dir, 'folder'));
  await writeFile(join(dir, 'folder', 'a.txt'), 'hello');
  await symlink('folder/a.txt', join(dir, 'link'));
  execFileSync('tar', ['-czf', join(dir, 'made.tar.gz'), '-C', dir, './folder', 'link']);
  const made = await readFile(join(dir, 'made.tar.gz'));
  expect(await unpacked(made)).toEqual([{ name: 'folder/a.txt', data: Buffer.from('hello') }]);
});

test('makes the same bytes of the same files', async () => {
  expect(await packTarGz(files)).toEqual(await packTarGz(files));
});

test.each(['../evil', '/etc/evil', 'a/../../evil'])('does not unpack %s', async (name) => {
  await expect(unpacked(await packTarGz([{ name, data: Buffer.from('x') }]))).rejects.toThrow('outside');
});

test.each([
  [['d', 'd/x'], 'The archive gives a file and a folder the same name.'],
  [['d/x', 'd'], 'The archive gives a file and a folder the same name.'],
  [['n'.repeat(300)], 'The archive has a file whose name is too long.'],
])('says what is wrong with %j, and nothing of this host', async (names, words) => {
  const tar = pack();
  for (const name of names) tar.entry({ name }, 'x');
  tar.finalize();
  await expect(unpacked(await buffer(tar.pipe(createGzip())))).rejects.toThrow(new Error(words));
});

test('refuses what is no archive, and what is cut off', async () => {
  await expect(unpacked(Buffer.from('not gzip'))).rejects.toThrow();
  await expect(unpacked(gzipSync(Buffer.alloc(2048, 'a')))).rejects.toThrow('no tar archive');
  await expect(unpacked((await packTarGz(files)).subarray(0, 60))).rejects.toThrow();
  const whole = gunzipSync(await packTarGz(files));
  await expect(unpacked(gzipSync(whole.subarray(0, 515)))).rejects.toThrow('cut off');
});

/** A tar header, with its checksum, for an entry of that type and size field. */
function header(name: string, type: string, size: Buffer | number = 0): Buffer {
  const block = Buffer.alloc(512);
  block.write(name.slice(0, 100), 0, 'latin1');
  block.write('0000644\x000000000\x000000000\0', 100, 'latin1');
  if (typeof size === 'number') block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  else size.copy(block, 124);
  block.write(`00000000000\0        ${type}`, 136, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** -256 in base 256. */
const negative = Buffer.from('fffffffffffffffffffffeff', 'hex');
const longName = Buffer.from('a'.repeat(3000));
const padded = (data: Buffer) => Buffer.concat([data, Buffer.alloc((512 - (data.length % 512)) % 512)]);

describe('an archive that is made to do harm', () => {
  test.each(['0', '5', 'L', 'x'])('with a negative size of an entry %s is refused', async (type) => {
    const archive = gzipSync(Buffer.concat([header('x', type, negative), Buffer.alloc(1024)]));
    await expect(unpacked(archive)).rejects.toThrow(/Invalid header|cut off/);
  });

  test.each(['0', 'L', 'x', 'g'])('with a folder of a size after an entry %s is refused', async (type) => {
    const folder = header('y', '5', Buffer.from('00000000777\u0000'));
    const archive = gzipSync(Buffer.concat([header('x', type, negative), folder, Buffer.alloc(1500, 'a')]));
    await expect(unpacked(archive)).rejects.toThrow(/Invalid|damaged|cut off|archive/);
  });

  test('that takes too long is given up', async () => {
    await expect(unpacked(await packTarGz(files), { ms: 1 })).rejects.toThrow('within 0.001 s');
  });

  test('whose zeros never end is refused', async () => {
    const zeros = gzipSync(Buffer.alloc(40_000_000));
    await expect(unpacked(zeros, { bytes: 30_000_000 })).rejects.toThrow('more than 29 MB');
  });

  test('with a file that is too large is refused, and so is a large archive', async () => {
    const bomb = await packTarGz([{ name: 'model', data: Buffer.alloc(40_000_000) }]);
    await expect(unpacked(bomb, { bytes: 30_000_000 })).rejects.toThrow('more than 29 MB');
    await expect(unpacked(bomb, { packedBytes: 1000 })).rejects.toThrow('more than 1 MB');
  });

  test('with ever more empty entries is refused', async () => {
    const many = Buffer.alloc(20_000 * 512);
    const one = header('e', '0');
    for (let at = 0; at < many.length; at += 512) one.copy(many, at);
    const archive = gzipSync(many, { level: constants.Z_BEST_SPEED });
    await expect(unpacked(archive)).rejects.toThrow('more than 10000 entries');
  });

  test('with deep or long names is refused', async () => {
    const deep = await packTarGz([{ name: `${'d/'.repeat(40)}f`, data: Buffer.from('x') }]);
    await expect(unpacked(deep)).rejects.toThrow('32 names');
    const long = [
      header('x', 'L', longName.length),
      padded(longName),
      header('x', '0', 1),
      Buffer.alloc(1536),
    ];
    await expect(unpacked(gzipSync(Buffer.concat(long)))).rejects.toThrow('1024 bytes');
    const name = await packTarGz([{ name: 'n'.repeat(100), data: Buffer.from('x') }]);
    expect(await unpacked(name)).toHaveLength(1);
  });

  test('whose file stands where a folder has to be is refused', async () => {
    const twice = ['a', 'a/b'].map((name) => ({ name, data: Buffer.from('x') }));
    await expect(unpacked(await packTarGz(twice))).rejects.toThrow('a file and a folder the same name');
  });

  test('of any bytes is unpacked below its folder, or refused', async () => {
    const whole = gunzipSync(await packTarGz(files));
    const damage = fc.record({
      at: fc.nat({ max: 2047 }),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 16 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('0', '2', '5', 'L', 'x', 'g'),
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        async (damages, type, size) => {
          const sized = header('x', type, Buffer.from(size));
          const bytes = Buffer.concat([sized, whole]);
          for (const { at, bytes: change } of damages) bytes.set(change, 512 + at);
          const outcome = await unpacked(gzipSync(bytes)).then(
            () => 'unpacked',
            (error: Error) => error.message,
          );
          expect(outcome).toMatch(/./);
          expect((await readdir(dir)).sort()).toEqual(['in', 'model.tar.gz']);
        },
      ),
      { numRuns: 20 },
    );
  });
});

test('ends with the stand-in', async () => {
  const archive = gzipSync(Buffer.concat([header('x', 'x', negative), Buffer.alloc(1024)]));
  const stop = new AbortController();
  await writeFile(join(dir, 'model.tar.gz'), archive);
  const unpacking = unpackTarGz(programs, join(dir, 'model.tar.gz'), dir, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(unpacking).rejects.toThrow('stopped');
});
