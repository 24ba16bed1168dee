import { expect, it } from 'vitest';
import { auditedFilter, auditHref, faultsOf, isFiltered, readAuditView } from './view';

it('reads what it writes, and leaves out what is empty', () => {
  const params = {
    actor: ' ada@foo.example ',
    action: 'extracts.submit',
    result: 'asked',
    from: '2026-01-31',
    to: '',
    subject: ['extract/', 'x'],
    tenant: 'foo',
    cursor: 'c',
  };
  const view = readAuditView(params);
  expect(view).toEqual({
    filter: {
      actor: 'ada@foo.example',
      action: 'extracts.submit',
      result: 'asked',
      from: '2026-01-31',
      subject: 'extract/',
    },
    tenantId: 'foo',
    cursor: 'c',
  });
  const { searchParams } = new URL(auditHref('/audit', view), 'http://localhost');
  expect(readAuditView(Object.fromEntries(searchParams))).toEqual(view);
  expect(auditHref('/audit', readAuditView({}))).toBe('/audit');
  expect([isFiltered(view), isFiltered(readAuditView({ cursor: 'c' }))]).toEqual([true, false]);
});

it('tells the audit of an export no text that was typed', () => {
  const view = readAuditView({ actor: 'ada@private.example', subject: 'customer/private', result: 'done' });
  expect(auditedFilter(view)).toEqual({ action: null, result: 'done', from: null, to: null, searched: true });
});

it('names the field at fault as its label does', () => {
  expect(faultsOf({ 'filter.to': 'must not be before', tenantId: 'must be', cursor: 'not a page' })).toEqual([
    'Last day: must not be before',
    'Tenant: must be',
    'not a page',
  ]);
});
