import { describe, expect, it } from 'vitest';
import { featureDate, trainingDates } from './dates';

const cdnow = { asOf: new Date('1998-07-01'), firstOrderAt: new Date('1997-01-01') };

describe('the date of the features', () => {
  it('leaves 90 days for the label, and orders before it', () => {
    expect(trainingDates(cdnow)).toEqual({
      earliest: new Date('1997-01-02'),
      latest: new Date('1998-04-02'),
    });
    expect(featureDate('churn_training', null, cdnow)).toEqual(new Date('1998-04-02'));
    expect(featureDate('churn_training', new Date('1998-01-01'), cdnow)).toEqual(new Date('1998-01-01'));
    expect(featureDate('churn_features', new Date('1998-01-01'), cdnow)).toEqual(cdnow.asOf);
    expect(featureDate('orders', new Date('1998-01-01'), cdnow)).toBeNull();
  });

  it.each([
    [
      '1998-04-03',
      /Dates after 02 Apr 1998 don’t leave 90 days of history.* ends before 01 Jul 1998.* is 02 Apr 1998/,
    ],
    ['1997-01-01', /No customer had ordered before 01 Jan 1997.* is 02 Jan 1997/],
  ])('refuses %s and says why', (day, words) => {
    expect(() => featureDate('churn_training', new Date(day), cdnow)).toThrow(words);
  });

  it('says why there is no date at all', () => {
    const short = { asOf: new Date('1997-03-01'), firstOrderAt: new Date('1997-01-01T08:00:00Z') };
    expect(() => featureDate('churn_training', null, short)).toThrow(
      /needs 90 days.*01 Jan 1997.*01 Mar 1997/,
    );
    for (const dataset of ['churn_training', 'churn_features'] as const) {
      expect(() => featureDate(dataset, null, { asOf: null, firstOrderAt: null })).toThrow('no orders yet');
    }
  });
});
