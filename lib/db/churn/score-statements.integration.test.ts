import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BgNbdParameters, churnProbability } from '@/lib/domain/churn/bg-nbd';
import { seededRandom } from '@/lib/domain/churn/fixtures/simulate';
import { createTestDatabase } from '@/local/testing/database';
import type { TestDatabase } from '@/local/testing/postgres';
import { churnProbabilitySql } from './score-statements';

let postgres: TestDatabase;
let admin: pg.Client;
beforeAll(async () => {
  postgres = await createTestDatabase();
  admin = new pg.Client({ connectionString: postgres.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await postgres?.stop();
});

const random = seededRandom(3);

describe('the closed form in SQL', () => {
  it('equals the function to 1e-9, at the sides of the fit as well', async () => {
    const pick = (least: number, most: number) => least * (most / least) ** random();
    const fits: BgNbdParameters[] = [
      { r: 0.25, alpha: 40, a: 0.5, b: 2.2 },
      { r: 1e4, alpha: 1e6, a: 1e4, b: 1e-4 },
      { r: 1e-4, alpha: 1e-4, a: 1e-5, b: 1e6 },
      { r: 1e4, alpha: 1e-2, a: 1e4, b: 1e-4 },
      ...Array.from({ length: 16 }, () => ({
        r: pick(1e-3, 1e3),
        alpha: pick(1e-2, 1e4),
        a: pick(1e-4, 1e3),
        b: pick(1e-3, 1e4),
      })),
    ];
    const histories = Array.from({ length: 500 }, (_, n) => {
      const age = Math.floor(random() * 8000);
      const repeats = n % 3 === 0 ? 0 : Math.min(age, 1 + Math.floor(random() ** 6 * 5000));
      return {
        repeats,
        age,
        recency: repeats === 0 ? 0 : Math.max(repeats, Math.floor(random() * (age + 1))),
      };
    });
    for (const { r, alpha, a, b } of fits) {
      const { rows } = await admin.query<{ probability: number }>(
        `SELECT ${churnProbabilitySql} AS probability
         FROM (SELECT $1::text, $2::text) AS unused,
           unnest($8::integer[], $9::integer[], $10::integer[]) WITH ORDINALITY AS history (repeats, recency, age, n)
         ORDER BY n`,
        [
          '',
          '',
          r,
          alpha,
          a,
          b,
          90,
          ...(['repeats', 'recency', 'age'] as const).map((key) => histories.map((h) => h[key])),
        ],
      );
      expect(rows).toHaveLength(histories.length);
      rows.forEach(({ probability }, n) => {
        const history = histories[n] ?? { repeats: 0, recency: 0, age: 0 };
        const here = churnProbability({ r, alpha, a, b }, history, 90);
        expect(Math.abs(probability - here), JSON.stringify({ r, alpha, a, b, history })).toBeLessThan(1e-9);
      });
    }
  });
});
