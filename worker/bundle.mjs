import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/**
 * Bundles the worker and the operator's commands into `outdir`, self-contained: they run with Node and no node_modules.
 *
 * @param {string} outdir
 */
export const bundle = (outdir) =>
  build({
    absWorkingDir: root,
    entryPoints: {
      worker: 'worker/main.ts',
      'crm-import': 'worker/cli/crm-import.ts',
      'contract-test': 'worker/cli/contract-test.ts',
      people: 'worker/cli/people.ts',
      'audit-verify': 'worker/cli/audit-verify.ts',
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    platform: 'node',
    // The oldest Node of package.json's engines.
    target: 'node20.19',
    format: 'esm',
    sourcemap: true,
    legalComments: 'linked',
    logLevel: 'warning',
    // The portal is built by Next; what is built here says of itself in the log that it is the worker.
    define: { 'process.env.ANNEX_SERVICE': JSON.stringify('worker') },
    // pg's optional native client and pino's pretty printer are not installed in production.
    external: ['pg-native', 'pino-pretty'],
    // CommonJS dependencies call require() for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
