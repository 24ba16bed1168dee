// Bundles the portal's server into the standalone build of Next, beside the `server.js` that it replaces.
import { build } from 'esbuild';

await build({
  entryPoints: { portal: 'portal/main.ts' },
  outdir: '.next/standalone',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  // The oldest Node of package.json's engines.
  target: 'node20.19',
  format: 'esm',
  sourcemap: true,
  legalComments: 'linked',
  logLevel: 'warning',
  external: ['pino-pretty'],
  // CommonJS dependencies call require() for Node's own modules.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
});
