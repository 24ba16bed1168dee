import type { ContractCheck } from '@/lib/domain/models/ports';

const order = ['failed', 'passed', 'noted', 'skipped'] as const satisfies readonly ContractCheck['outcome'][];

const words = { failed: 'failed', passed: 'passed', noted: 'noted', skipped: 'not tested' } as const;

/** How many checks had which outcome: `10 passed, 1 noted`. */
export const countsOf = (checks: readonly Pick<ContractCheck, 'outcome'>[]): string =>
  order
    .map((outcome) => [checks.filter((check) => check.outcome === outcome).length, words[outcome]] as const)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ');

/** The checks that passed, and apart from them the others: failures first, each kind in the order of the test. */
export const attentionFirst = <Check extends Pick<ContractCheck, 'outcome'>>(checks: readonly Check[]) => ({
  passed: checks.filter(({ outcome }) => outcome === 'passed'),
  others: (['failed', 'noted', 'skipped'] as const).flatMap((kind) =>
    checks.filter(({ outcome }) => outcome === kind),
  ),
});
