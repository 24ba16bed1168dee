import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { quietSdk } from './local/quiet-sdk.mjs';

const shared = { resolve: { tsconfigPaths: true } };
const never = ['**/node_modules/**', '.next/**', '.local/**', 'dist/**'];
/** Those that replace modules. */
const replacing = ['lib/domain/churn/ninth-feature.test.ts', 'lib/domain/scoring/ask-in-pace.test.ts'];

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
          include: [
            '{lib/!(domain),worker,portal,local,components,app}/**/*.test.{ts,tsx}',
            'lib/*.test.ts',
            ...replacing,
          ],
          exclude: ['**/*.integration.test.ts', ...never],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          // Verbs and their rules work on what they are given, so these files may share their modules, which takes half the time.
          name: 'domain',
          include: ['lib/domain/**/*.test.ts'],
          exclude: [...replacing, ...never],
          isolate: false,
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
          exclude: never,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
