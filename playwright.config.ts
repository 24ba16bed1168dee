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
    // Without a film of the page, which costs the browser much where it draws without a graphics card.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: true },
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
