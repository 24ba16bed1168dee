import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onReturn } from './return';

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const view = new EventTarget();
const returns = async () => {
  page.dispatchEvent(new Event('visibilitychange'));
  view.dispatchEvent(new Event('focus'));
  await Promise.resolve();
};

beforeEach(() => {
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', view);
  page.visibilityState = 'visible';
});
afterEach(() => vi.unstubAllGlobals());

it('reads once at each return, and not while the page is hidden', async () => {
  const read = vi.fn(async () => undefined);
  const end = onReturn(read);
  await returns();
  expect(read).toHaveBeenCalledTimes(1);
  page.visibilityState = 'hidden';
  await returns();
  expect(read).toHaveBeenCalledTimes(1);
  page.visibilityState = 'visible';
  await returns();
  expect(read).toHaveBeenCalledTimes(2);
  end();
});

it('reads no more once it has ended, and aborts what it reads', async () => {
  const signals: AbortSignal[] = [];
  const end = onReturn(async (signal) => void signals.push(signal));
  await returns();
  end();
  await returns();
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
});
