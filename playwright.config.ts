import { defineConfig } from '@playwright/test';
import { journeyStack as stack } from './e2e/stack';

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 600_000,
  expect: { timeout: 60_000 },
  use: {
    baseURL: stack.origin,
    // A trace costs the browser much at every step. A failure leaves a picture and the page’s text without one.
    trace: process.env.ANNEX_TRACE === '1' ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(stack.chromium ? { executablePath: stack.chromium } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    },
  },
  webServer: {
    command: 'node --import tsx local/start.ts',
    wait: { stdout: /ready http/ },
    timeout: 600_000,
    stdout: 'ignore',
    stderr: 'pipe',
    env: stack.environment,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 45_000 },
  },
});
