import { describe, expect, it } from 'vitest';
import type { CustomerOverview, OrderImport } from '../crm/ports';
import type { Extract } from '../extracts/ports';
import type { ContractReport } from '../models/ports';
import type { ListedEndpoint } from '../models/verbs/list-endpoints';
import type { ScoringView } from '../scoring/verbs/get-scoring';
import type { Read } from '../seen';
import type { WorkbenchRequest } from '../workbench/ports';
import type { OverviewFacts } from './facts';
import { besides, nextStep, type SetupStepName, setupStepNames, stepsOf } from './steps';

const read = <T>(value: T): Read<T> => ({ state: 'read', value });
const unread = { state: 'unread' } as const;
const scientist = { roles: ['scientist'] } as const;

const imported = { customers: read({ customers: 3 } as CustomerOverview) };
const orderImport = (state: OrderImport['state']) => ({
  orderImport: read({ state, reason: 'line 2: no.' } as OrderImport),
});
const workbench = (state: WorkbenchRequest['state'], reason: string | null = null) => ({
  workbench: read({
    state,
    steps: [{ name: 'account', state: state === 'ready' ? 'done' : 'failed', reason }],
  } as unknown as WorkbenchRequest),
});
const extract = (state: Extract['state'], given: Partial<Extract> = {}) =>
  ({ requestId: 'E1', dataset: 'churn_training', state, reason: null, ...given }) as Extract;
const extracts = (...all: readonly Extract[]) => ({ extracts: read(all) });
const endpoint = (name: string, status: string, passed: boolean | null = null, testedAt = 2) =>
  ({
    name,
    status,
    changedAt: new Date(1),
    report:
      passed === null
        ? null
        : ({
            endpointName: name,
            passed,
            testedAt: new Date(testedAt),
            checks: [{ title: 'Scores', finding: 'Not a number.', outcome: 'failed' }],
          } as unknown as ContractReport),
  }) as ListedEndpoint;
const endpoints = (...all: readonly ListedEndpoint[]) => ({
  endpoints: read({ state: 'listed' as const, endpoints: all, next: null }),
});
const active = (version: number | null) => ({
  scoring: read({ active: version && { version, endpointName: 'churn' } } as ScoringView),
});

const nothing: OverviewFacts = {
  customers: read({ customers: 0 } as CustomerOverview),
  orderImport: read(null),
  scoring: read({ active: null } as ScoringView),
  model: unread,
  workbench: read(null),
  extracts: read([]),
  endpoints: read({ state: 'no-workbench', workbench: 'none' }),
  budget: unread,
};

const ready = { ...imported, ...workbench('ready') };
const trained = { ...ready, ...extracts(extract('done')) };

const statesOf = (given: Partial<OverviewFacts>) =>
  stepsOf({ ...nothing, ...given }, scientist).map(({ state }) => state);

describe('the steps of a data scientist', () => {
  it.each([
    ['nothing', {}, 'current current open open open open', 'import'],
    ['an import', orderImport('storing'), 'under way current open open open open', 'workbench'],
    ['a refused file', orderImport('refused'), 'failed current open open open open', 'import'],
    [
      'a refused file after another',
      { ...imported, ...orderImport('refused') },
      'done current open open open open',
      'workbench',
    ],
    ['orders', imported, 'done current open open open open', 'workbench'],
    ['a workbench', workbench('ready'), 'current done open open open open', 'import'],
    ['a setup', workbench('provisioning'), 'current under way open open open open', 'import'],
    [
      'a failed setup',
      { ...imported, ...workbench('failed') },
      'done failed open open open open',
      'workbench',
    ],
    ['both', ready, 'done done current open open open', 'extract'],
    [
      'another dataset',
      { ...ready, ...extracts(extract('done', { dataset: 'orders' })) },
      'done done current open open open',
      'extract',
    ],
    [
      'a run',
      { ...ready, ...extracts(extract('running'), extract('failed')) },
      'done done under way open open open',
      null,
    ],
    ['a failure', { ...ready, ...extracts(extract('failed')) }, 'done done failed open open open', 'extract'],
    [
      'a cancelled run',
      { ...ready, ...extracts(extract('cancelled')) },
      'done done current open open open',
      'extract',
    ],
    [
      'a failure after a file',
      { ...ready, ...extracts(extract('failed'), extract('done')) },
      'done done done current open open',
      'train',
    ],
    ['a file', trained, 'done done done current open open', 'train'],
    [
      'an endpoint that comes up',
      { ...trained, ...endpoints(endpoint('a', 'Creating')) },
      'done done done under way open open',
      null,
    ],
    [
      'an endpoint that failed',
      { ...trained, ...endpoints(endpoint('a', 'Failed')) },
      'done done done failed open open',
      'train',
    ],
    [
      'an endpoint in service, whose extract is older than the newest',
      { ...ready, ...endpoints(endpoint('a', 'InService'), endpoint('b', 'Failed')) },
      'done done done done current open',
      'test',
    ],
    [
      'a failed test',
      { ...trained, ...endpoints(endpoint('a', 'InService', false)) },
      'done done done done failed open',
      'test',
    ],
    [
      'a test of an earlier deployment',
      { ...trained, ...endpoints(endpoint('a', 'InService', true, 0)) },
      'done done done done current open',
      'test',
    ],
    [
      'a passed test beside a failed one',
      { ...trained, ...endpoints(endpoint('b', 'InService', false), endpoint('a', 'InService', true)) },
      'done done done done done current',
      'activate',
    ],
    [
      'a passed test of an endpoint that went',
      { ...trained, ...endpoints(endpoint('a', 'Failed', true)) },
      'done done done failed open open',
      'train',
    ],
    [
      'an active model',
      { ...trained, ...endpoints(endpoint('a', 'InService', true)), ...active(1) },
      'done done done done done done',
      null,
    ],
  ] as [string, Partial<OverviewFacts>, string, SetupStepName | null][])(
    'with %s',
    (_, given, states, next) => {
      expect(statesOf(given).join(' ')).toBe(states);
      expect(nextStep(stepsOf({ ...nothing, ...given }, scientist))?.name ?? null).toBe(next);
    },
  );

  it('say why one failed, and what it is about', () => {
    const steps = stepsOf(
      { ...nothing, ...ready, ...extracts(extract('failed', { reason: 'The replica is behind.' })) },
      scientist,
    );
    expect(steps[2]).toMatchObject({ subject: 'E1', reason: 'The replica is behind.' });
    const tested = stepsOf({ ...nothing, ...endpoints(endpoint('churn', 'InService', false)) }, scientist);
    expect(tested[4]).toMatchObject({ subject: 'churn', reason: 'Scores: Not a number.' });
    const failed = stepsOf({ ...nothing, ...workbench('failed', 'No accounts left.') }, scientist);
    expect(failed[1]?.reason).toBe('No accounts left.');
    expect(stepsOf({ ...nothing, ...orderImport('refused') }, scientist)[0]?.reason).toBe('line 2: no.');
  });

  it('say so where AWS does not tell', () => {
    const away = { state: 'unreadable', reason: 'AWS could not be reached.' } as const;
    const steps = stepsOf(
      { ...nothing, ...imported, workbench: away, extracts: away, endpoints: away },
      scientist,
    );
    expect(steps.map(({ state }) => state)).toEqual(['done', ...Array(4).fill('unknown'), 'open']);
    expect(steps[1]?.reason).toBe('AWS could not be reached.');
    expect(nextStep(steps)).toBeNull();
  });
});

it('what a failed step or one under way is about is not told twice', () => {
  const item = (kind: string, subject: string | null = null) => ({
    kind,
    at: null,
    subject,
    name: null,
    reason: null,
  });
  const steps = stepsOf({ ...nothing, ...ready, ...extracts(extract('failed')) }, scientist);
  const items = [item('extract', 'E1'), item('extract', 'E2'), item('workbench'), item('fallback')];
  expect(besides(items, steps)).toEqual(items.slice(1));
  const setup = stepsOf({ ...nothing, ...workbench('provisioning') }, scientist);
  expect(besides(items, setup)).toEqual([items[0], items[1], items[3]]);
});

it('a step that the reader may not do says who can', () => {
  expect(stepsOf(nothing, scientist).map(({ by }) => by)).toEqual(Array(6).fill(null));
  expect(stepsOf(nothing, { roles: ['member'] }).map(({ by }) => by)).toEqual(
    Array(6).fill('Data scientist, Owner'),
  );
  expect(nextStep(stepsOf({ ...nothing, ...ready }, { roles: ['member'] }))).toBeNull();
});

it('steps whose state the reader may not see are left out', () => {
  const own = { ...nothing, scoring: unread, workbench: unread, extracts: unread, endpoints: unread };
  expect(stepsOf(own, { roles: ['member'] }).map(({ name }) => name)).toEqual(setupStepNames.slice(0, 1));
});
