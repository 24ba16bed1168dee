import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyCommand, withLiterals } from './statement';

const text = (value: string | null) => ({ type: 'text', value }) as const;

test('puts typed literals where placeholders stand', () => {
  const values = [text("O'Brien \\"), { type: 'int', value: '5' }, { type: 'date', value: null }] as const;
  expect(withLiterals('SELECT $1, $2+$2, $3', values)).toBe(
    `SELECT (E'O''Brien \\\\'::text), ('5'::bigint)+('5'::bigint), (NULL::date)`,
  );
});

test.each([
  ["SELECT '$1'", "SELECT '$1'"],
  ["SELECT 'it''s $1'", "SELECT 'it''s $1'"],
  ["SELECT E'\\'$1', $1", "SELECT E'\\'$1', ('x'::text)"],
  ["SELECT date'$1'", "SELECT date'$1'"],
  ['SELECT "$1""$1"', 'SELECT "$1""$1"'],
  ['SELECT a$1, $1', "SELECT a$1, ('x'::text)"],
  ["SELECT 'a', $1, 'b'", "SELECT 'a', ('x'::text), 'b'"],
])('leaves what is no placeholder: %s', (statement, expected) => {
  expect(withLiterals(statement, [text('x')])).toBe(expected);
});

test('tells the tenth placeholder from the first', () => {
  const values = Array.from({ length: 10 }, (_, at) => ({ type: 'int', value: String(at + 1) }) as const);
  expect(withLiterals('$10 $1', values)).toBe("('10'::bigint) ('1'::bigint)");
});

test.each([
  'SELECT 1; SELECT 2',
  'SELECT 1 -- $1',
  'SELECT /* $1 */ 1',
  'SELECT $$x$$',
  'SELECT $tag$x$tag$',
  "SELECT 'open",
  'SELECT "open',
])('refuses what it does not read: %s', (statement) => {
  expect(() => withLiterals(statement, [text('x')])).toThrow(/which the job does not accept/);
});

test('refuses a placeholder without a value', () => {
  expect(() => withLiterals('SELECT $2', [text('x')])).toThrow('needs value 2, which was not provided');
  expect(() => withLiterals('SELECT $0', [text('x')])).toThrow('needs value 0');
});

test('a text value never leaves its literal', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '\\', '$1', ';', '--', '/*', '"', 'a', '\n') }),
      (value) => {
        const made = withLiterals('$1', [text(value)]);
        const inside = /^\((E?)'([\s\S]*)'::text\)$/.exec(made);
        const [, escaped, body = ''] = inside ?? [];
        const read = escaped ? body.replace(/\\\\/g, '\\').replace(/''/g, "'") : body.replace(/''/g, "'");
        expect(inside).not.toBeNull();
        expect(read).toBe(value);
        // Every quote inside is doubled.
        expect(body.replace(/''/g, '')).not.toContain("'");
      },
    ),
  );
});

test('copies CSV with a header, or without, and text for Parquet', () => {
  expect(copyCommand('SELECT 1', 'csv')).toContain('FORMAT csv, HEADER true');
  expect(copyCommand('SELECT 1', 'xgboost')).toContain('FORMAT csv, HEADER false');
  expect(copyCommand('SELECT 1', 'parquet')).toContain('FORMAT text');
});
