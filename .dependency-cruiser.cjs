/** The import rules of docs/architecture.md. Every one is an error. */
const inside = (folder) => `^${folder}/`;
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: from, ...extra },
  to: { path: '^(app|components|lib|worker|local|e2e|bench|examples|prisma)/', pathNot: allowed },
});

const tests = '\\.test\\.tsx?$|/testing/';

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    only('app', inside('app'), [
      '^app/',
      '^components/',
      '^lib/server/',
      '^lib/domain/',
      '^lib/errors\\.ts$',
    ]),
    only('components', inside('components'), ['^components/', '^lib/domain/[^/]+/(schemas|ports)\\.ts$']),
    only('domain', inside('lib/domain'), ['^lib/domain/', '^lib/errors\\.ts$'], { pathNot: tests }),
    {
      name: 'domain-stays-pure',
      severity: 'error',
      from: { path: '^lib/domain/', pathNot: tests },
      to: { path: '^node_modules/', pathNot: '^node_modules/(zod|ulid)/' },
    },
    ...['aws', 'db', 'jobs'].map((room) =>
      only(
        `lib-${room}`,
        inside(`lib/${room}`),
        [`^lib/${room}/`, '^lib/domain/', '^lib/(env|errors|log|memo)\\.ts$'],
        {
          pathNot: tests,
        },
      ),
    ),
    only('deps', '^lib/deps\\.ts$', ['^lib/(?!server/)']),
    only('server', inside('lib/server'), ['^lib/'], { pathNot: tests }),
    only('worker', inside('worker'), ['^worker/', '^lib/(?!server/)'], { pathNot: tests }),
    only('local', inside('local'), ['^local/', '^lib/domain/'], { pathNot: tests }),
    // Somebody else's code: it knows AWS and nothing of Annex.
    only('examples', inside('examples'), ['^examples/']),
    only('e2e', inside('e2e'), ['^e2e/', '^local/', '^lib/domain/']),
    {
      name: 'types-alone-of-the-domain',
      severity: 'error',
      from: { path: '^(local|e2e)/', pathNot: tests },
      to: { path: '^lib/domain/(?!churn/fixtures/)', dependencyTypesNot: ['type-only'] },
    },
    only('bench', inside('bench'), ['^bench/', '^local/', '^e2e/', '^lib/(?!server/)']),
    {
      name: 'product-never-imports-local',
      severity: 'error',
      from: { path: '^(app|components|lib|worker|(proxy|instrumentation)\\.ts)', pathNot: tests },
      to: { path: '^(local|e2e|bench)/' },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: {
        path: '^(app|components|lib|worker|(proxy|instrumentation)\\.ts)',
        pathNot: `${tests}|^worker/build\\.mjs$|^lib/db/generated/`,
      },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|\\.local|dist|lib/db/generated|next-env)' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
