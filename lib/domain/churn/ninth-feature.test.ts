import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { customersCsv } from '../crm/customers-csv';
import { datasets } from '../extracts/datasets';
import { extractQuery } from '../extracts/query';
import { contractTest } from '../models/contract-test';
import { churnInterface, churnInterfaceSchema } from '../models/interface';
import { checkEndpointHealth } from '../scoring/verbs/check-endpoint-health';
import { scoreCustomers } from '../scoring/verbs/score-customers';
import { policyOf } from '../testing/extract-world';
import { churnOf, FakeEndpoints, type FakeModel, rowsOf, worded } from '../testing/model-world';
import { ninthFeature } from '../testing/ninth-feature';
import { answering, honest } from '../testing/scored-model';
import { expectHonest, ScoringWorld } from '../testing/scoring-world';

vi.mock('./features', async (importOriginal) => {
  const { withNinthFeature } = await import('../testing/ninth-feature');
  return withNinthFeature(importOriginal);
});

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const { name, meaning, sql } = ninthFeature;

/** Scores rows of nine numbers and refuses all others. */
const strict: FakeModel = (contentType, body) => {
  try {
    const rows = rowsOf(contentType, body);
    if (rows.some((row) => row.length !== 9)) throw new Error('not nine');
    return { contentType, text: worded(contentType, rows.map(churnOf)) };
  } catch {
    return { status: 400, text: 'A row has nine numbers.' };
  }
};

describe('a ninth feature in the table', () => {
  it('is in the interface, its samples and its JSON Schema', () => {
    expect(churnInterface.features.at(-1)).toMatchObject({ position: 9, name, meaning });
    const [csv, json] = churnInterface.formats;
    expect(csv?.request.split('\n').map((line) => line.split(',')[8])).toEqual(['14', '6', '2']);
    expect(csv?.note).toContain('the nine numbers');
    expect(json?.request).toContain('"features":[265,2,19.9,300,0,0,35,0,2]');
    expect(churnInterfaceSchema()).toMatchObject({
      $defs: {
        request: {
          properties: {
            instances: {
              items: {
                properties: {
                  features: {
                    minItems: 9,
                    prefixItems: expect.arrayContaining([expect.objectContaining({ title: name })]),
                  },
                },
              },
            },
          },
        },
      },
    });
  });

  it('is in the contract test’s requests, and missing in its row that is too short', async () => {
    const endpoints = new FakeEndpoints().host('churn', strict);
    const report = await contractTest(endpoints, 'churn', { now: () => new Date(0) });
    expect(report.passed).toBe(true);
    expect(report.checks.find(({ id }) => id === 'short-row')).toMatchObject({
      title: 'Short row (8 of 9 values)',
      outcome: 'passed',
      sent: expect.stringMatching(/: 3,12,41\.5,640,4,166,57\.91,0$/),
    });
    expect(report.checks.find(({ id }) => id === 'malformed')?.outcome).toBe('passed');
  });

  it('is in the requests of scoring runs and health checks, so that the circuit stays closed', async () => {
    const world = new ScoringWorld(20);
    world.behaviour = (rows) =>
      rows.every((row) => row.length === 9)
        ? answering(rows.map(honest))
        : answering(['A row has nine numbers.'], 400);
    expect(await scoreCustomers(world.as('system'), undefined)).toBe('scored');
    expectHonest(world);
    world.asked.length = 0;
    for (let looks = 0; looks < 4; looks += 1) {
      world.clock = Math.max(world.clock, world.state.nextHealthCheckAt?.getTime() ?? 0);
      expect(await checkEndpointHealth(world.as('system'), undefined)).toBe('answers');
    }
    expect(world.asked.length).toBeGreaterThan(0);
    expect(world.state).toMatchObject({ mode: 'model', breaker: { failures: 0, openedAt: null } });
  });

  it.each(['churn_features', 'churn_training'] as const)('is a column of %s', (dataset) => {
    expect(datasets[dataset].columns.at(-1)).toEqual({ name, type: 'int', unit: 'orders', meaning });
    expect(datasets[dataset].meaning).toContain('the nine features');
    const query = extractQuery({
      tenantId: 'foo',
      dataset,
      format: 'xgboost',
      columns: null,
      range: { from: null, before: null },
      asOf: new Date('2026-03-01'),
      policy: policyOf(dataset),
    });
    expect(query.columns.at(-1)).toEqual({ name, type: 'int', mask: 'none' });
    expect(query.statement).toContain(`(${sql})::integer AS "${name}"`);
  });

  it('is a column of the export', async () => {
    const header: string[] = [];
    for await (const chunk of customersCsv((async function* () {})())) header.push(chunk);
    expect(header.join('')).toContain(`"tickets_90d","${name}","churn_probability"`);
  });
});
