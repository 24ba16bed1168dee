import { expect, it, vi } from 'vitest';

it('is the same for each copy of a module, and another under another name', async () => {
  const first = await import('./one-in-process');
  vi.resetModules();
  const copy = await import('./one-in-process');
  expect(copy).not.toBe(first);
  const made = first.oneInProcess('tested', () => ({ by: 'first' }));
  expect(copy.oneInProcess('tested', () => ({ by: 'copy' }))).toBe(made);
  expect(copy.oneInProcess('tested too', () => ({ by: 'copy' }))).toEqual({ by: 'copy' });
});
