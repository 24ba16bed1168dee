import { expect, it } from 'vitest';
import { AnnexError } from '@/lib/errors';
import { pageOrNull } from './page-or-null';

it('is null for an address that asks for no page, and for no other failure', async () => {
  const failing = (code: 'invalid' | 'dependency_failed') => async () => {
    throw new AnnexError(code, 'No.');
  };
  expect(await pageOrNull(async () => 7)).toBe(7);
  expect(await pageOrNull(failing('invalid'))).toBeNull();
  await expect(pageOrNull(failing('dependency_failed'))).rejects.toMatchObject({ code: 'dependency_failed' });
});
