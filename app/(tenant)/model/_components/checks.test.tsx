import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { ContractCheck } from '@/lib/domain/models/ports';
import { Checks } from './checks';

const check = (id: string, outcome: ContractCheck['outcome']): ContractCheck => ({
  id,
  title: id,
  outcome,
  finding: 'Found.',
  sent: null,
  received: null,
});

/** The page's text outside and inside of the fold. */
function shown(checks: readonly ContractCheck[]) {
  const [open = '', folded = ''] = renderToStaticMarkup(<Checks checks={checks} />).split('<details');
  return { open, folded };
}

it('folds what passed, and leaves what was noted in view', () => {
  const { open, folded } = shown([check('rows', 'passed'), check('short', 'noted'), check('time', 'passed')]);
  expect(open).toContain('2 passed, 1 noted');
  expect(open).toContain('short');
  expect(open).not.toMatch(/rows|time/);
  expect(folded).toMatch(/rows.*time/);
});

it('begins with what failed', () => {
  const { open } = shown([
    check('later', 'skipped'),
    check('short', 'noted'),
    check('rows', 'passed'),
    check('status', 'failed'),
  ]);
  expect(open).toContain('1 failed, 1 passed, 1 noted, 1 not tested');
  expect(open).toMatch(/status.*short.*later/);
});

it('folds nothing where nothing passed', () => {
  expect(shown([check('status', 'failed')]).folded).toBe('');
});
