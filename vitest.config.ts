import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { quietSdk } from './local/quiet-sdk.mjs';

const shared = { resolve: { tsconfigPaths: true } };

export default defineConfig({
  test: {
    env: quietSdk,
    // Integration tests wait for other processes much of the time: two cores run two files at once.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['{lib,worker,portal,local,components,app}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**', '.next/**', '.local/**', 'dist/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'integration',
          include: ['{lib,worker,local}/**/*.integration.test.ts'],
          globalSetup: ['local/testing/shared-postgres.ts'],
          exclude: ['**/node_modules/**', '.next/**', '.local/**', 'dist/**'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
