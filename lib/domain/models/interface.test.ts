import { expect, it } from 'vitest';
import { z } from 'zod';
import { churnInterface, churnInterfaceSchema } from './interface';

it('has eight features in its order, and samples that keep its own schema', () => {
  expect(churnInterface.features.map(({ name }) => name)).toEqual([
    'recency_days',
    'frequency',
    'monetary_mean',
    'tenure_days',
    'orders_90d',
    'spend_90d',
    'gap_mean_days',
    'tickets_90d',
  ]);
  const [csv, json] = churnInterface.formats;
  expect(csv?.request.split('\n').every((line) => line.split(',').length === 8)).toBe(true);
  const { $defs } = churnInterfaceSchema() as {
    $defs: Record<'request' | 'answer', z.core.JSONSchema.JSONSchema>;
  };
  const request = z.fromJSONSchema($defs.request);
  const answer = z.fromJSONSchema($defs.answer);
  expect(request.safeParse(JSON.parse(json?.request ?? '')).error).toBeUndefined();
  expect(answer.safeParse(JSON.parse(json?.answer ?? '')).error).toBeUndefined();
  expect(request.safeParse({ instances: [{ features: [1, 2, 3, 4, 5, 6, 7] }] }).success).toBe(false);
  expect(answer.safeParse({ predictions: [{ score: 1.5 }] }).success).toBe(false);
});
