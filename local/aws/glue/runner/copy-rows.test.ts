import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyRows } from './copy-rows';

const escaped: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\b': '\\b',
};
const field = (value: string | null): string =>
  value === null ? '\\N' : value.replace(/[\\\n\t\r\b]/g, (c) => escaped[c] ?? c);
const encode = (rows: readonly (readonly (string | null)[])[]): Buffer =>
  Buffer.from(rows.map((row) => `${row.map(field).join('\t')}\n`).join(''));

async function read(bytes: Buffer, chunk: number): Promise<(readonly (string | null)[])[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  const all = [];
  for await (const { rows } of copyRows(chunks())) all.push(...rows);
  return all;
}

test('gives back every row, wherever chunks are cut', async () => {
  const value = fc.option(
    fc.string({ unit: fc.constantFrom('a', '\\', 'N', '\n', '\t', 'n', 'é', '🦊', '\r') }),
  );
  const rows = fc.array(fc.tuple(value, value), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (given, chunk) => {
      expect(await read(encode(given), chunk)).toEqual(given);
    }),
  );
});

test('refuses bytes that end in the middle of a row', async () => {
  await expect(read(Buffer.from('a\tb\nc'), 10)).rejects.toThrow('in the middle of a row');
});
