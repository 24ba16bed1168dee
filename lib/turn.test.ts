import { beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => vi.resetModules());

it('is one, however many copies of the module a bundler makes', async () => {
  const portal = await import('./turn');
  vi.resetModules();
  const page = await import('./turn');
  expect(page.aside).not.toBe(portal.aside);
  const turn = { pause: vi.fn(), resume: vi.fn(async () => undefined), isAlone: () => true };
  await portal.inTurn(turn, () => page.aside(async () => expect(turn.resume).not.toHaveBeenCalled()));
  expect(turn.pause).toHaveBeenCalledOnce();
  expect(turn.resume).toHaveBeenCalledOnce();
});

it('is taken up again after a wait that fails, and changes nothing outside a request', async () => {
  const { aside, inTurn } = await import('./turn');
  const turn = { pause: vi.fn(), resume: vi.fn(async () => undefined), isAlone: () => true };
  const gone = () => Promise.reject(new Error('gone'));
  await expect(inTurn(turn, () => aside(gone))).rejects.toThrow('gone');
  expect(turn.resume).toHaveBeenCalledOnce();
  await expect(aside(async () => 'there')).resolves.toBe('there');
  expect(turn.pause).toHaveBeenCalledOnce();
});

it('is kept during a short wait while another tenant is there', async () => {
  const { brieflyAside, inTurn } = await import('./turn');
  let alone = true;
  const turn = { pause: vi.fn(), resume: vi.fn(async () => undefined), isAlone: () => alone };
  const read = () => inTurn(turn, () => brieflyAside(async () => 'read'));
  await expect(read()).resolves.toBe('read');
  expect(turn.pause).toHaveBeenCalledOnce();
  alone = false;
  await expect(read()).resolves.toBe('read');
  expect(turn.pause).toHaveBeenCalledOnce();
  await expect(brieflyAside(async () => 'outside')).resolves.toBe('outside');
});
