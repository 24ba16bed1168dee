import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customerPath, idOfPath } from './customer-path';

const segmentOf = (id: string) => customerPath(id).slice('/customers/'.length);
/** What a browser requests for a link. */
const requested = (id: string) => new URL(customerPath(id), 'https://annex.example').pathname;
const odd = [
  '.',
  '..',
  'compare',
  'export',
  '50%',
  '%41',
  'a/b',
  'a\\b',
  '~',
  '~Lg',
  'a?b#c',
  '..%2f',
  '+1',
  'x.rsc',
  '🦊',
];
const ids = fc.oneof(
  fc.constantFrom(...odd),
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ minLength: 1 }),
);

describe('the path of a customer', () => {
  it.each([
    ['C-1', '/customers/C-1'],
    ['ACME 12', '/customers/ACME%2012'],
    ['ada@foo.example', '/customers/ada%40foo.example'],
    ['Ä', '/customers/%C3%84'],
    ['..', '/customers/~Li4'],
    ['compare', '/customers/~Y29tcGFyZQ'],
    ['50%', '/customers/~NTAl'],
    ['x.rsc', '/customers/~eC5yc2M'],
    ['~Lg', '/customers/~fkxn'],
  ])('of %s is %s', (id, path) => {
    expect(customerPath(id)).toBe(path);
  });

  it('leads to the same customer, whoever decodes it first', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const segment = segmentOf(id);
        expect(idOfPath(segment)).toBe(id);
        expect(idOfPath(decodeURIComponent(segment))).toBe(id);
      }),
    );
  });

  it('is what a browser requests: one segment, untouched', () => {
    fc.assert(
      fc.property(ids, (id) => {
        expect(requested(id)).toBe(customerPath(id));
        expect(segmentOf(id)).not.toMatch(/[/\\?#]|^\.|%25|%2f|\.rsc$/i);
      }),
    );
  });

  it('is no other page’s', () => {
    const beside = readdirSync(import.meta.dirname, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^[_[(]/.test(entry.name))
      .map(({ name }) => name);
    expect(beside).toContain('compare');
    for (const name of beside) expect(customerPath(name)).not.toBe(`/customers/${name}`);
  });

  it.each(['50%', '~!', '~Lg==', '%E0%A4'])('typed as %s stands for itself', (segment) => {
    expect(idOfPath(segment)).toBe(segment);
  });
});
