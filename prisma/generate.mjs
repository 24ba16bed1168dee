// Generates the typed client. The schema engine is not used for that; naming a program that exists keeps Prisma from
// downloading one, so that this works on a closed network too.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// An installation without development dependencies has neither Prisma's CLI nor a need for it.
if (existsSync('node_modules/prisma/build/index.js')) {
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/prisma/build/index.js', 'generate', '--no-hints'],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
    },
  );
  process.exitCode = status ?? 1;
}
