import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvValue, csvLines } from './csv';

async function chunksOf(...given: Parameters<typeof csvLines<CsvValue>>): Promise<string[]> {
  const chunks: string[] = [];
  for await (const chunk of csvLines(...given)) chunks.push(chunk);
  return chunks;
}

const value = (row: CsvValue) => row;

describe('a cell of CSV', () => {
  it.each([
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@x', `"'@x"`],
    ['\tx', `"'\tx"`],
    ['x', '"x"'],
    ['', '""'],
    ['12', '"12"'],
    ['a,b', '"a,b"'],
    ['a\nb', '"a\nb"'],
    ['a=b', '"a=b"'],
    ['a"b', '"a""b"'],
    ['x;=1+1', `"x;'=1+1"`],
    ['x; "=1+1', `"x;' ""=1+1"`],
    ['x,+1|-1\t@y\n=z', `"x,'+1|'-1\t'@y\n'=z"`],
    ['=a;＝b', `"'=a;'＝b"`],
    ['a; b - c', '"a; b - c"'],
    [-1.5, '-1.5'],
    [1e-7, '1e-7'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [null, ''],
    [undefined, ''],
  ])('writes %j as %j', async (given, cell) => {
    expect(await chunksOf([{ name: 'x', value }], [given])).toEqual([`"x"\r\n${cell}\r\n`]);
  });

  it('starts no formula, whatever a reader takes for the separator', async () => {
    const separators = [',', ';', '\t', '|', '\n', '\r'];
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '"', '=', '-', '1', ...separators) });
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(...separators), async (given, separator) => {
        const [lines = ''] = await chunksOf([{ name: 'x', value }], [given]);
        const cell = lines.slice('"x"\r\n'.length, -'\r\n'.length);
        for (const part of cell.split(separator)) expect(part).not.toMatch(/^[\s"]*[=+\-@]/);
      }),
    );
  });

  it('rounds numbers only where the column says so', async () => {
    const column = { name: 'x', decimals: 6, value };
    expect(await chunksOf([column], [133.3333333, 0.3, 0.0000001, '0.12345678'])).toEqual([
      '"x"\r\n133.333333\r\n0.3\r\n0\r\n"0.12345678"\r\n',
    ]);
  });
});

describe('the lines of CSV', () => {
  const columns = [
    { name: 'a', value },
    { name: 'b', value: () => null },
  ];

  it('are a header alone when there are no rows', async () => {
    expect(await chunksOf(columns, [])).toEqual(['"a","b"\r\n']);
  });

  it('come in chunks, from a list or a stream', async () => {
    const rows = Array.from({ length: 1200 }, (_, index) => index);
    async function* later(): AsyncGenerator<number> {
      yield* rows;
    }
    const chunks = await chunksOf(columns, later());
    expect(chunks.map((chunk) => chunk.split('\r\n').length - 1)).toEqual([500, 500, 201]);
    expect(chunks.join('')).toBe(`"a","b"\r\n${rows.map((row) => `${row},\r\n`).join('')}`);
    expect(await chunksOf(columns, rows)).toEqual(chunks);
  });

  it('read rows only on demand, and close the source when the reader stops', async () => {
    const source = { read: 0, open: false };
    async function* endless(): AsyncGenerator<number> {
      source.open = true;
      try {
        for (;;) yield ++source.read;
      } finally {
        source.open = false;
      }
    }
    const lines = csvLines(columns, endless());
    expect(source.read).toBe(0);
    await lines.next();
    expect(source).toEqual({ read: 499, open: true });
    await lines.return(undefined);
    expect(source).toEqual({ read: 499, open: false });
  });
});
