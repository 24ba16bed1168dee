import { rm } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { journeyStack as stack } from '../e2e/stack';
import { awsNames } from '../local/aws-names';
import { chromium as chromiumPath } from '../local/chromium';
import { quantile, report } from './harness';
import { startBareApp, startSeeded } from './processes';

// First-load JavaScript of each signed-in page, and the time until it responds to a click on a slow connection. Both as
// ratios to a bare page of the same Next version, built and measured in the same run.
const runs = 5;
const slow = {
  offline: false,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
  latency: 150,
};
/** Stands for the newest extract of the list, whose id is not known in advance. */
const anExtract = '/extracts/<id>';
const pages = [
  { path: '/overview', who: 'scientist@bar.example', chart: false },
  { path: '/workbench', who: 'scientist@bar.example', chart: false },
  { path: '/extracts', who: 'scientist@bar.example', chart: false },
  { path: '/extracts/new', who: 'scientist@bar.example', chart: false },
  { path: anExtract, who: 'scientist@bar.example', chart: false },
  { path: '/model', who: 'scientist@bar.example', chart: false },
  { path: '/customers', who: 'scientist@bar.example', chart: false },
  { path: '/customers/B00001', who: 'scientist@bar.example', chart: true },
  { path: '/customers/compare', who: 'scientist@bar.example', chart: false },
  { path: '/monitoring', who: 'scientist@bar.example', chart: true },
  { path: '/admin/tenants', who: 'admin@xyz.example', chart: false },
  { path: '/seller/listings', who: 'seller@models.example', chart: false },
];

const stops: (() => Promise<void>)[] = [];
try {
  stops.push(await startSeeded(stack.environment));
  const app = await startBareApp();
  stops.push(app.stop);
  const bare = app.origin;
  const browser = await chromium.launch({
    executablePath: await chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  });
  stops.push(() => browser.close());
  const states = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>();
  for (const { who } of pages) if (!states.has(who)) states.set(who, await signedIn(browser, who));

  const bareBytes = await script(browser, bare, undefined);
  for (const { path, who, chart } of pages) {
    const url = `${stack.origin}${path === anExtract ? await newestExtract(browser, states.get(who)) : path}`;
    const bytes = await script(browser, url, states.get(who));
    const ours: number[] = [];
    const floor: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      floor.push(await answersAfter(browser, bare, undefined));
      ours.push(await answersAfter(browser, url, states.get(who)));
    }
    const [ms, bareMs] = [quantile(ours, 0.5), quantile(floor, 0.5)];
    report({
      bench: `script ${path}`,
      ratio: bytes / bareBytes,
      most: chart ? 1.45 : 1.3,
      figures: { kB: bytes / 1000, bareKB: bareBytes / 1000 },
    });
    report({ bench: `answer ${path}`, ratio: ms / bareMs, most: 1.25, figures: { ms, bareMs } });
  }
} finally {
  for (const stop of stops.reverse()) await stop();
  await rm(stack.stateDir, { recursive: true, force: true });
}

/** Gzipped bytes of all scripts that a cold load of `url` fetches. */
async function script(browser: Browser, url: string, storageState: BrowserState): Promise<number> {
  const context = await browser.newContext({ ...(storageState ? { storageState } : {}) });
  const page = await context.newPage();
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') bodies.push(response.body());
  });
  await page.goto(url, { waitUntil: 'load' });
  const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 6 }).length);
  await context.close();
  return sizes.reduce((sum, size) => sum + size, 0);
}

type BrowserState = Awaited<ReturnType<BrowserContext['storageState']>> | undefined;

/**
 * Milliseconds from the request until the page's script responds to a click (on the theme switch, or the button of the
 * bare page). Cold cache, 1.6 Mbit/s down, 150 ms latency, CPU slowed four times.
 */
async function answersAfter(browser: Browser, url: string, storageState: BrowserState): Promise<number> {
  const context = await browser.newContext({
    ...(storageState ? { storageState } : {}),
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', slow);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(clickUntilAnswered);
  await page.goto(url, { waitUntil: 'commit' });
  const handle = await page.waitForFunction(
    () => (window as unknown as { answeredAt?: number }).answeredAt,
    null,
    {
      timeout: 60_000,
      polling: 50,
    },
  );
  const answered = Number(await handle.jsonValue());
  await context.close();
  return Math.round(answered);
}

/** Clicks controls that only a script can respond to until one responds, and stores the time in `answeredAt`. */
function clickUntilAnswered(): void {
  let turn = 0;
  const timer = setInterval(() => {
    const controls = document.querySelectorAll<HTMLElement>(
      '[data-answers], input[name=theme]:not([value=system])',
    );
    turn += 1;
    controls[turn % controls.length]?.click();
    const root = document.documentElement;
    if (!root.dataset.theme && !document.querySelector('[data-answers][aria-pressed=true]')) return;
    (window as unknown as { answeredAt?: number }).answeredAt = performance.now();
    clearInterval(timer);
  }, 30);
}

async function newestExtract(browser: Browser, storageState: BrowserState): Promise<string> {
  const context = await browser.newContext({ ...(storageState ? { storageState } : {}) });
  const page = await context.newPage();
  await page.goto(`${stack.origin}/extracts`);
  const href = await page.locator('tbody a[href^="/extracts/"]').first().getAttribute('href');
  await context.close();
  return href ?? '';
}

async function signedIn(browser: Browser, email: string) {
  const context = await browser.newContext();
  const page: Page = await context.newPage();
  await page.goto(stack.origin);
  await page.getByRole('button', { name: 'Sign in' }).first().click();
  await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(process.env.ANNEX_DEMO_PASSWORD ?? awsNames.demoPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.origin === stack.origin);
  const state = await context.storageState();
  await context.close();
  return state;
}
