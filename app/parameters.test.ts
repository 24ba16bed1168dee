import fc from 'fast-check';
import { expect, it } from 'vitest';
import { auditHref, readAuditView } from './_components/audit/view';
import { viewHref as customersHref, readView as readCustomers } from './(tenant)/customers/view';
import { draftHref, readDraft } from './(tenant)/extracts/new/draft';
import { readRefusal } from './(tenant)/extracts/new/refusal';
import { modelHref, readModelView } from './(tenant)/model/view';
import { viewHref as monitoringHref, readView as readMonitoring } from './(tenant)/monitoring/view';
import { readRequest } from './(tenant)/workbench/_components/request-fields';

const names = [
  ...[
    'q',
    'band',
    'sort',
    'direction',
    'cursor',
    'after',
    'tab',
    'before',
    'actor',
    'action',
    'subject',
    'tenant',
    'endpoint',
    'variant',
    'range',
    'dataset',
    'shown',
  ],
  ...[
    'column',
    'from',
    'to',
    'as_of',
    'format',
    'request',
    'refused',
    'code',
    'variantId',
    '__proto__',
    'constructor',
    'x',
  ],
];
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'NaN',
    'null',
    '[]',
    '{}',
    '%',
    '\ud800',
    '../..',
    'high',
    'csv',
    '24h',
    'x'.repeat(9000),
  ),
);
/** As an address gives it: without lone surrogates. */
const value = text.map((given) => Buffer.from(given).toString());
const params = fc.dictionary(
  fc.constantFrom(...names),
  fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.constant(undefined)),
);
const runs = { numRuns: 10_000 };
/** An address of our own that any browser can open. */
const isAddress = (href: string): boolean =>
  href.startsWith('/') && new URL(href, 'http://localhost').origin === 'http://localhost';

it('pages read any parameters, and what they link to is what they read', () => {
  fc.assert(
    fc.property(params, (given) => {
      const customers = readCustomers(given);
      expect(isAddress(customersHref(customers))).toBe(true);
      const model = readModelView(given);
      const again = Object.fromEntries(new URL(modelHref(model), 'http://localhost').searchParams);
      expect(readModelView(again)).toEqual(model);
      expect(isAddress(monitoringHref(readMonitoring(given)))).toBe(true);
      expect(isAddress(auditHref('/audit', readAuditView(given)))).toBe(true);
    }),
    runs,
  );
});

it('forms are read whatever they hold', () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom(...names), text), { maxLength: 8 });
  fc.assert(
    fc.property(pairs, (given) => {
      const search = new URLSearchParams(given);
      const draft = readDraft(search);
      expect(isAddress(draftHref(draft))).toBe(true);
      readRefusal(search);
      const form = new FormData();
      for (const [name, value] of given) form.append(name, value);
      expect(readDraft(form).dataset).toBe(draft.dataset);
      expect(typeof readRequest(form).variantId).toBe('string');
    }),
    runs,
  );
});
