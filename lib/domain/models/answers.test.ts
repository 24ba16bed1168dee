import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsOf, worded } from '../testing/model-world';
import { longestAnswer, probabilitiesOf, readAnswer, requestBody } from './answers';
import { type ContentType, contentTypes } from './ports';

const answer = (body: string | Uint8Array, status = 200) => ({
  status,
  contentType: '',
  body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
  ms: 1,
});
const json = (value: unknown) => JSON.stringify(value);
const read = (body: string, contentType: ContentType, count: number) =>
  probabilitiesOf(answer(body), contentType, count);

describe('probabilitiesOf', () => {
  it.each([
    ['0.1\n0.2', [0.1, 0.2]],
    ['0.1\n0.2\n', [0.1, 0.2]],
    ['0.1\r\n0.2\r\n', [0.1, 0.2]],
    ['0.1,0.2', [0.1, 0.2]],
    ['0.1, 0.2\n', [0.1, 0.2]],
    ['\u{feff}0.1\n0.2', [0.1, 0.2]],
    ['1\n0', [1, 0]],
    ['-0\n1e-7', [0, 1e-7]],
    ['+.5\n1.', [0.5, 1]],
  ])('reads %j as CSV', (body, expected) => {
    expect(read(body, 'text/csv', 2)).toStrictEqual(expected);
  });

  it('reads scores as JSON, whatever else a prediction says', () => {
    const body = json({ predictions: [{ score: 0.25, predicted_label: 0 }, { score: 1 }], more: 1 });
    expect(read(body, 'application/json', 2)).toEqual([0.25, 1]);
    expect(read(`\u{feff}${body}\n`, 'application/json', 2)).toEqual([0.25, 1]);
  });

  const csv: [string, string, string][] = [
    ['too many', '0.1\n0.2\n0.3', 'count'],
    ['too few', '0.1', 'count'],
    ['a row too many on one line', '0.1,0.2,0.3', 'count'],
    ['several on a line of many', '0.1,0.2\n0.3,0.4', 'format'],
    ['NaN', '0.1\nNaN', 'range'],
    ['Infinity', 'Infinity\n0.1', 'range'],
    ['above 1', '0.1\n1.0000001', 'range'],
    ['below 0', '-0.001\n0.5', 'range'],
    ['a number that overflows', '1e999\n0.5', 'range'],
    ['HTML', '<!doctype html><html><body>502 Bad Gateway</body></html>', 'format'],
    ['nothing', '', 'format'],
    ['only a mark', '\u{feff}', 'format'],
    ['only line ends', '\n\n', 'format'],
    ['an empty line between', '0.1\n\n0.2', 'format'],
    ['a comma at the end', '0.1,0.2,', 'format'],
    ['hexadecimal', '0x1\n0', 'format'],
    ['words', 'yes\nno', 'format'],
    ['quoted numbers', '"0.1"\n"0.2"', 'format'],
    ['a comma for a point', '0,1\n0,2', 'format'],
    ['a header', 'score\n0.1\n0.2', 'format'],
    ['lists', '[0.1, 0.2]', 'format'],
  ];
  const other: [string, string, string][] = [
    ['too many', json({ predictions: [{ score: 0.1 }, { score: 0.2 }, { score: 0.3 }] }), 'count'],
    ['none', json({ predictions: [] }), 'count'],
    ['text for a score', json({ predictions: [{ score: '0.1' }, { score: 0.2 }] }), 'format'],
    ['null for a score', json({ predictions: [{ score: null }, { score: 0.2 }] }), 'format'],
    ['bare numbers', json({ predictions: [0.1, 0.2] }), 'format'],
    ['a bare list', json([0.1, 0.2]), 'format'],
    ['another name', json({ scores: [0.1, 0.2] }), 'format'],
    ['an object for the list', json({ predictions: { 0: { score: 0.1 }, length: 2 } }), 'format'],
    ['NaN', '{"predictions":[{"score":NaN},{"score":0.2}]}', 'format'],
    ['a number that overflows', '{"predictions":[{"score":1e999},{"score":0.2}]}', 'range'],
    ['above 1', json({ predictions: [{ score: 0.1 }, { score: 17 }] }), 'range'],
    ['an inherited score', '{"predictions":[{"__proto__":{"score":0.1}},{"score":0.2}]}', 'format'],
    ['truncated JSON', '{"predictions":[{"score":0.1},', 'format'],
    ['deep nesting', '['.repeat(200_000), 'format'],
    ['deep nesting that is whole', '['.repeat(100_000) + ']'.repeat(100_000), 'format'],
    ['null', 'null', 'format'],
    ['HTML', '<html></html>', 'format'],
    ['nothing', '', 'format'],
  ];
  it.each([
    ...csv.map((line) => ['text/csv' as const, ...line] as const),
    ...other.map((line) => ['application/json' as const, ...line] as const),
  ])('takes no %s with %s', (contentType, _what, body, fault) => {
    expect(readAnswer(answer(body), contentType, 2)).toMatchObject({ fault });
    expect(() => read(body, contentType, 2)).toThrow(
      expect.objectContaining({ code: 'dependency_failed', transient: false }),
    );
  });

  it('accepts no other status, and says which of them may pass', () => {
    for (const [status, transient] of [
      [503, true],
      [429, true],
      [400, false],
      [204, false],
    ] as const) {
      expect(() => probabilitiesOf(answer('0.1', status), 'text/csv', 1)).toThrow(
        expect.objectContaining({ transient, message: expect.stringContaining(String(status)) }),
      );
    }
  });

  it('refuses bytes that are not text', () => {
    expect(readAnswer(answer(new Uint8Array([0xff, 0xfe, 0x30])), 'text/csv', 1)).toMatchObject({
      fault: 'format',
    });
  });

  it('says what came in text that is safe for terminals and databases', () => {
    const finding = (body: string) => {
      const found = readAnswer(answer(body), 'text/csv', 1);
      return found.fault === null ? '' : found.finding;
    };
    expect(finding('\u{1b}[31mred\u{0}\u{202e}')).not.toMatch(/[\p{Cc}\u{202e}]/u);
    expect(finding('🙂'.repeat(500)).length).toBeLessThan(250);
    expect(finding('🙂'.repeat(500))).not.toMatch(/\p{Cs}/u);
  });

  it('limits how much a model may write for as many rows', () => {
    const predictions = Array.from({ length: 500 }, () => ({
      score: 0.12345678901234568,
      predicted_label: 1,
    }));
    expect(json({ predictions }).length).toBeLessThan(longestAnswer(500));
  });
});

describe('every answer', () => {
  const probability = fc.double({ min: 0, max: 1, noNaN: true });

  it('of the right form gives back its numbers', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...contentTypes),
        fc.array(probability, { minLength: 1 }),
        (type, values) => {
          expect(read(worded(type, values), type, values.length)).toEqual(values.map((value) => value + 0));
        },
      ),
    );
  });

  it('of any bytes is exactly as many probabilities, or one AnnexError', () => {
    const pieces = fc.constantFrom(
      ...[
        '0.5',
        '1',
        '-1',
        'NaN',
        'inf',
        ',',
        '\n',
        '\r\n',
        ' ',
        '{"predictions":[',
        '{"score":',
        '0.1',
        '}',
        ']',
        '}',
      ],
      ...['<p>', '\u{feff}', '1e5', '""', 'null', '[', ']}', ':', '\0'],
    );
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(pieces, { maxLength: 30 }).map((words) => new TextEncoder().encode(words.join(''))),
      fc.json().map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(bodies, fc.constantFrom(...contentTypes), fc.nat({ max: 5 }), (body, type, count) => {
        const found = readAnswer(answer(body), type, count);
        if (found.fault !== null) {
          expect(found.finding.length).toBeLessThan(300);
          return;
        }
        expect(found.values).toHaveLength(count);
        for (const value of found.values)
          expect(value >= 0 && value <= 1 && !Object.is(value, -0)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});

it('asks in the interface’s order', () => {
  const rows = [
    [3, 12, 41.5, 640, 4, 166, 57.91, 0],
    [1, 2, 3, 4, 5, 6, 7, 8],
  ];
  expect(requestBody('text/csv', rows)).toBe('3,12,41.5,640,4,166,57.91,0\n1,2,3,4,5,6,7,8');
  for (const type of contentTypes) expect(rowsOf(type, requestBody(type, rows))).toEqual(rows);
});
