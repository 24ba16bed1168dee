/** The import rules of docs/architecture.md. Breaking one is an error. */
const inside = (folder) => `^${folder}/`;
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: 'error',
  from: { path: from, ...extra },
  to: { path: '^(app|components|lib|portal|worker|local|e2e|bench|examples|prisma)/', pathNot: allowed },
});

const product = '^(app|components|lib|portal|worker|(proxy|instrumentation|instrumentation-client)\\.ts)';
const tests = '\\.test\\.tsx?$|/testing/';

/**
 * The folders of `root` in layers, the lowest first. Production code of a folder imports folders of lower layers, never
 * of its own layer, and no file of `root` itself but `own`: so there are no circles among folders. A folder that is not
 * listed imports nothing of `root`.
 */
const layers = (root, order, own = []) => {
  const rule = (folder, from, allowed) => ({
    name: `layers-of-${root.replaceAll('/', '-')}${folder && `-${folder}`}`,
    severity: 'error',
    from: { path: from, pathNot: tests },
    to: { path: inside(root), pathNot: [...own, ...allowed.map((name) => inside(`${root}/${name}`))] },
  });
  return [
    ...order.flatMap((layer, at) =>
      layer.map((folder) =>
        rule(folder, inside(`${root}/${folder}`), [folder, ...order.slice(0, at).flat()]),
      ),
    ),
    rule('', `${inside(root)}(?!(${order.flat().join('|')})/)[^/]+/`, []),
  ];
};

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
      '^lib/(errors|viewer)\\.ts$',
    ]),
    only('components', inside('components'), [
      '^components/',
      '^lib/domain/[^/]+/(schemas|ports)\\.ts$',
      // Figures and words alone, which pages and the database must agree on.
      '^lib/domain/(time|crm/risk-bands)\\.ts$',
      '^lib/viewer\\.ts$',
    ]),
    only('domain', inside('lib/domain'), ['^lib/domain/', '^lib/errors\\.ts$'], { pathNot: tests }),
    {
      name: 'domain-stays-pure',
      severity: 'error',
      from: { path: '^lib/domain/', pathNot: tests },
      to: { path: '^node_modules/', pathNot: '^node_modules/(zod|ulid)/' },
    },
    ...['aws', 'db', 'jobs'].map((folder) =>
      only(
        `lib-${folder}`,
        inside(`lib/${folder}`),
        [
          `^lib/${folder}/`,
          '^lib/domain/',
          '^lib/(env|errors|fair-queue|log|memo|one-in-process|turn)\\.ts$',
        ],
        {
          pathNot: tests,
        },
      ),
    ),
    // The verbs' frame (verb.ts, context.ts, …) and the capabilities know each other; the capabilities stand in an order.
    ...layers(
      'lib/domain',
      [
        ['audit', 'mail'],
        ['plans'],
        ['budget'],
        ['people', 'queues'],
        ['tenants'],
        ['churn'],
        ['crm'],
        ['workbench'],
        ['extracts'],
        ['doctor', 'models', 'policies'],
        ['running'],
        ['monitoring', 'scoring'],
        ['marketplace'],
        ['costs'],
        ['closing', 'overview', 'onboarding', 'quotas'],
        ['signup'],
      ],
      ['^lib/domain/[^/]+\\.ts$'],
    ),
    ...layers('lib/db', [
      ['core'],
      ['plans'],
      ['churn', 'doctor', 'extracts', 'marketplace', 'models', 'onboarding', 'people', 'tenants'],
      ['budget', 'closing', 'costs', 'scoring'],
      ['crm', 'signup'],
    ]),
    ...layers('lib/aws', [
      ['core'],
      ['costs', 'doctor', 'extracts', 'mail', 'monitoring', 'people', 'queues', 'running', 'workbench'],
      ['closing', 'models'],
      ['marketplace'],
    ]),
    only('deps', '^lib/deps\\.ts$', ['^lib/(?!server/)']),
    only('server', inside('lib/server'), ['^lib/'], { pathNot: tests }),
    // The portal's server stands before Next: it looks at requests as `lib/server` does, and reads nothing else.
    only(
      'portal',
      inside('portal'),
      ['^portal/', '^lib/(server/|(env|errors|fair-queue|log|rate-limit|turn|viewer)\\.ts$)'],
      {
        pathNot: tests,
      },
    ),
    only('worker', inside('worker'), ['^worker/', '^lib/(?!server/)'], { pathNot: tests }),
    only('local', inside('local'), ['^local/', '^lib/domain/'], { pathNot: tests }),
    // Services ask each other by `standIn.services`, not by imports.
    ...layers('local/aws', [
      ['core'],
      ['iam'],
      ['wire'],
      ['trials', 'control-tower'],
      [
        'api-gateway',
        'cloudformation',
        'cloudwatch',
        'cost-explorer',
        'dynamodb',
        'glue',
        'marketplace',
        'lambda',
        'logs',
        's3',
        'sagemaker',
        'organizations',
        'service-catalog',
        'service-quotas',
        'ses',
        'sqs',
      ],
      ['studio'],
    ]),
    ...layers('local/aws/wire', [['auth'], ['http']]),
    ...layers('local/aws/glue', [['runner']]),
    ...layers('local/aws/sagemaker', [['shared'], ['domains', 'training'], ['hosting'], ['runtime']]),
    ...layers('local/aws/studio', [['lab'], ['pages']]),
    // Stands for a customer's code: it knows AWS and nothing of Annex.
    only('examples', inside('examples'), ['^examples/']),
    only('e2e', inside('e2e'), ['^e2e/', '^local/', '^lib/domain/']),
    {
      // But for the list of roles, which are the pool's groups, the permission table, which the isolation report checks, and plurals. And
      // the extract job is Annex's own: it builds its statement with the product's function.
      name: 'types-alone-of-the-domain',
      severity: 'error',
      from: { path: '^(local|e2e)/', pathNot: `${tests}|^local/aws/glue/runner/` },
      to: {
        path: '^lib/domain/(?!churn/fixtures/|(actor|authorize|in-words)\\.ts$)',
        dependencyTypesNot: ['type-only'],
      },
    },
    only('bench', inside('bench'), ['^bench/', '^local/', '^e2e/', '^worker/testing/', '^lib/(?!server/)']),
    {
      name: 'the-extract-job-builds-statements',
      severity: 'error',
      from: { path: '^local/aws/glue/runner/', pathNot: tests },
      to: { path: '^lib/domain/(?!extracts/(query|schemas|ports)\\.ts$)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-never-imports-local',
      severity: 'error',
      from: { path: product, pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(local|e2e|bench)/' },
    },
    {
      name: 'integration-tests-enter-local-by-its-testing-folder',
      severity: 'error',
      from: { path: `${product}.*\\.integration\\.test\\.ts$` },
      to: { path: '^(local|e2e|bench)/', pathNot: '^local/testing/' },
    },
    {
      name: 'unit-tests-start-nothing',
      severity: 'error',
      from: { path: `${product}.*\\.test\\.tsx?$`, pathNot: '\\.integration\\.test\\.ts$' },
      to: { path: '^(local|e2e|bench)/' },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: {
        path: product,
        pathNot: `${tests}|^(portal|worker)/(build|bundle)\\.mjs$|^lib/db/generated/`,
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
