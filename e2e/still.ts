import { expect, type Locator, type Page } from '@playwright/test';

/** Waits for `count` answers of the poll at `path`. */
export async function polled(page: Page, path: string, count = 3): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await page.waitForResponse((response) => new URL(response.url()).pathname === path && response.ok());
  }
}

/** Until released, the poll at `path` answers what the server answered first, however fast the work is. */
export async function held(page: Page, path: string): Promise<() => Promise<void>> {
  const isPoll = (url: URL) => url.pathname === path;
  let first: string | undefined;
  await page.route(isPoll, async (route) => {
    first ??= await (await route.fetch()).text();
    await route.fulfill({ contentType: 'application/json', body: first });
  });
  return () => page.unroute(isPoll);
}

/**
 * Focuses `field`, types `text` into it and scrolls; then expects that `change`, during which the page updates itself, leaves
 * focus, text and position as they are.
 */
export async function expectStill(
  page: Page,
  field: Locator,
  change: () => Promise<void>,
  text = '',
): Promise<void> {
  await page.setViewportSize({ width: 900, height: 260 });
  await field.focus();
  if (text) await field.pressSequentially(text);
  await page.evaluate(() => {
    window.scrollTo(0, 90);
    document.activeElement?.setAttribute('data-kept', 'yes');
  });
  const before = await page.evaluate(reading);
  expect(before).toMatchObject({ kept: 'yes', value: text });
  expect(before.scrolled).toBe(true);
  await change();
  expect(await page.evaluate(reading)).toEqual(before);
  await page.setViewportSize({ width: 1280, height: 720 });
}

/** What a person would lose. An element that was mounted anew is not `kept`. */
function reading() {
  const element = document.activeElement;
  return {
    kept: element?.getAttribute('data-kept') ?? `no: ${element?.tagName}`,
    value: element instanceof HTMLInputElement && element.type !== 'radio' ? element.value : '',
    top: Math.round(element?.getBoundingClientRect().top ?? 0),
    scrolled: window.scrollY > 0,
  };
}
