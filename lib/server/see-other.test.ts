import { expect, it } from 'vitest';
import { seeOther } from './see-other';

it('sends the browser on, uncached and without a word of where it was', () => {
  const { status, headers } = seeOther('https://bucket.example/data.csv?X-Amz-Signature=1');
  expect(status).toBe(303);
  expect(Object.fromEntries(headers)).toEqual({
    location: 'https://bucket.example/data.csv?X-Amz-Signature=1',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  });
});
