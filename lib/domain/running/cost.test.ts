import { describe, expect, it } from 'vitest';
import { appOf, endpointOf } from '../testing/running-world';
import { rateOf, runRate, unusedUsd, usdSoFar } from './cost';
import { priceList, usdPerHour } from './prices';

const variant = { name: 'a', instanceType: 'ml.m5.large', instances: 3, serverless: false };
const at = new Date('2026-03-01T10:30:00Z');

describe('prices', () => {
  it('has a price for what the catalogue offers, and none for what it does not know', () => {
    expect(usdPerHour('ml.t3.medium')).toBe(0.05);
    expect(usdPerHour('ml.x99.huge')).toBeNull();
    expect(usdPerHour('constructor')).toBeNull();
    expect(usdPerHour(null)).toBeNull();
  });

  it('rises with the size of an instance', () => {
    const sizes = [
      'medium',
      'large',
      'xlarge',
      '2xlarge',
      '4xlarge',
      '8xlarge',
      '12xlarge',
      '16xlarge',
      '24xlarge',
      '48xlarge',
    ];
    const families = new Map<string, [number, number][]>();
    for (const [type, usd] of Object.entries(priceList.usdPerHour)) {
      const [, family = '', size = ''] = type.split('.');
      if (sizes.includes(size) && family !== 'g5') {
        families.set(family, [...(families.get(family) ?? []), [sizes.indexOf(size), usd]]);
      }
    }
    for (const prices of families.values()) {
      const bySize = prices.toSorted(([a], [b]) => a - b).map(([, usd]) => usd);
      expect(bySize).toEqual(bySize.toSorted((a, b) => a - b));
    }
  });
});

describe('rateOf', () => {
  it('counts every instance of every variant', () => {
    expect(rateOf(endpointOf('e', { variants: [variant, { ...variant, instances: 1 }] }))).toEqual({
      usd: 0.46,
      unpriced: [],
    });
    expect(rateOf(appOf('ada'))).toEqual({ usd: 0.05, unpriced: [] });
  });

  it('names what has no price instead of counting it as nothing', () => {
    expect(
      rateOf(
        endpointOf('e', {
          variants: [
            { ...variant, instances: 1 },
            { ...variant, instanceType: 'ml.x99.huge' },
            { ...variant, instanceType: null, serverless: true },
            { ...variant, instanceType: null },
          ],
        }),
      ),
    ).toEqual({ usd: 0.115, unpriced: ['ml.x99.huge', 'serverless', 'unknown type'] });
    expect(rateOf(endpointOf('e', { variants: [{ ...variant, instanceType: null, instances: 0 }] }))).toEqual(
      {
        usd: 0,
        unpriced: [],
      },
    );
  });
});

it('the run rate leaves out what is being stopped', () => {
  expect(runRate([appOf('ada'), appOf('eve', { status: 'Deleting' }), endpointOf('e')])).toEqual({
    usd: 0.05 + 0.115,
    unpriced: [],
  });
  expect(runRate([])).toEqual({ usd: 0, unpriced: [] });
});

it('the price so far is the time since the start at the price, and unknown without either', () => {
  expect(usdSoFar(appOf('ada'), at)).toBeCloseTo(0.075);
  expect(usdSoFar(endpointOf('e', { variants: [variant] }), at)).toBeCloseTo(0.5175);
  expect(usdSoFar(appOf('ada', { since: null }), at)).toBeNull();
  expect(usdSoFar(appOf('ada', { instanceType: null }), at)).toBeNull();
  // The clock of AWS may be ahead.
  expect(usdSoFar(appOf('ada', { since: new Date(at.getTime() + 5000) }), at)).toBe(0);
});

it('an endpoint without a call for a week is unused, and cost that week', () => {
  const since = new Date('2026-02-20T00:00:00Z');
  expect(unusedUsd(endpointOf('e', { since }), 0, at)).toBeCloseTo(0.115 * 168);
  expect(unusedUsd(endpointOf('e', { since }), 1, at)).toBeNull();
  expect(unusedUsd(endpointOf('e', { since }), null, at)).toBeNull();
  // It is too young to tell.
  expect(unusedUsd(endpointOf('e', { since: new Date('2026-02-27T00:00:00Z') }), 0, at)).toBeNull();
  expect(unusedUsd(endpointOf('e', { since, status: 'Deleting' }), 0, at)).toBeNull();
});
