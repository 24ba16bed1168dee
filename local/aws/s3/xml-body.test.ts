import { expect, it } from 'vitest';
import { parseXml } from './xml-body';

const parse = (text: string) => parseXml(Buffer.from(text), 'Delete');

it('decodes the five names and every numeric reference', () => {
  const text =
    '<Delete><Object><Key>it&#39;s &#x22;1&#34; &amp;#39; &lt;b&gt; &apos;&quot; ü</Key></Object></Delete>';
  expect(parse(text)).toEqual({ Object: [{ Key: `it's "1" &#39; <b> '" ü` }] });
});

it.each([
  '',
  'no XML',
  '<Delete>',
  '<Delete></Other>',
  '<Other/>',
  '<Delete><Object><Key>&copy;</Key></Object></Delete>',
  '<Delete><Object><Key>&own;</Key></Object></Delete>',
  '<Delete><Object><Key>a & b</Key></Object></Delete>',
  '<!DOCTYPE Delete [<!ENTITY own "x">]><Delete><Object><Key>x</Key></Object></Delete>',
])('refuses what S3 would not understand: %j', (text) => {
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'MalformedXML' }));
});
