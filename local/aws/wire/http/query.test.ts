import { expect, test } from 'vitest';
import { AwsError } from '@/local/aws/core/service';
import { parseQuery, queryAnswer, queryError } from './query';
import { escapeXml } from './xml';

const parse = (text: string) => parseQuery(new URLSearchParams(text));

test('nests structures and lists', () => {
  expect(
    parse(
      'Action=A&Tags.member.1.Key=k1&Tags.member.2.Key=k2&Accounts.member.10=j&Accounts.member.2=b&Preferences.Max=3',
    ),
  ).toEqual({
    Action: 'A',
    Tags: [{ Key: 'k1' }, { Key: 'k2' }],
    Accounts: ['b', 'j'],
    Preferences: { Max: '3' },
  });
});

test('keeps names of objects apart from the language', () => {
  const input = parse('__proto__.x=1&constructor=2');
  expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
  expect(Object.hasOwn(input, '__proto__')).toBe(true);
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test.each([
  ['a value that is a structure too', 'A=1&A.B=2'],
  ['the other way round', 'A.B=2&A=1'],
  ['bottomless nesting', `${'a.'.repeat(40)}b=1`],
  ['too many parameters', Array.from({ length: 6000 }, (_, n) => `a${n}=1`).join('&')],
])('refuses %s', (_, text) => expect(() => parse(text)).toThrow(AwsError));

test('answers with lists of members, dates and escaped text', () => {
  const answer = queryAnswer(
    'ListX',
    'http://ns/',
    { Names: ['a<b', 'c'], At: new Date(0), None: undefined, Empty: [] },
    'r1',
  );
  expect(answer).toBe(
    '<ListXResponse xmlns="http://ns/"><ListXResult><Names><member>a&lt;b</member><member>c</member></Names>' +
      '<At>1970-01-01T00:00:00.000Z</At><Empty></Empty></ListXResult>' +
      '<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></ListXResponse>',
  );
  expect(queryError(new AwsError('InvalidAction', 'no & no'), 'http://ns/', 'r2')).toBe(
    '<ErrorResponse xmlns="http://ns/"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>no &amp; no</Message></Error><RequestId>r2</RequestId></ErrorResponse>',
  );
});

test('text that XML cannot hold does not break the document', () => {
  expect(escapeXml('a\u0001b\rc\td\u0085')).toBe('a\ufffdb&#13;c\td\u0085');
});
