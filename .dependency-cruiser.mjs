const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from: { path: from }, to });
const libsExcept = (...allowed) => ({ path: '^libs/', pathNot: allowed.map((lib) => `^libs/${lib}/`) });
const spec = '\\.(spec|int-spec)\\.ts$';
const lib = (name, ...allowed) =>
  forbid(
    `${name}-imports`,
    `libs/${name} may import ${allowed.length ? allowed.join(', ') : 'no other lib'} only: dependencies point inwards, so the inside can be understood, tested and reused alone.`,
    `^libs/${name}/src/`,
    libsExcept(name, ...allowed),
  );

/** The dependency direction of docs/architecture.md, machine-checked. */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'A cycle is one module pretending to be several.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    lib('contracts'),
    lib('core'),
    lib('bus', 'contracts', 'core'),
    lib('db', 'bus', 'contracts', 'core'),
    lib('mail', 'core'),
    lib('outbound'),
    lib('platform', 'contracts', 'core'),
    lib('client', 'contracts'),
    lib('streams'),
    forbid(
      'contracts-zod-only',
      'Contracts are imported by the browser: zod is their only dependency.',
      '^libs/contracts/src/(?!.*\\.spec\\.ts$)',
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
        pathNot: '^node_modules/zod/',
      },
    ),
    forbid(
      'core-nothing',
      'Core holds pure rules and must run anywhere.',
      '^libs/core/src/(?!.*\\.spec\\.ts$)',
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
      },
    ),
    forbid(
      'no-app-imports-app',
      'Services meet through contracts on the bus and HTTP, never through code.',
      '^apps/([^/]+)/',
      {
        path: '^apps/',
        pathNot: '^apps/$1/',
      },
    ),
    forbid('libs-never-import-apps', 'A lib that knows its users cannot serve another.', '^libs/', {
      path: '^apps/',
    }),
    {
      name: 'testing-only-in-tests',
      comment: 'Factories and throwaway engines must not reach production.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [spec, '/test/', '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'controllers-use-services',
      comment: 'Controllers translate HTTP and nothing else; SQL and entities stay behind the service.',
      severity: 'error',
      from: { path: '\\.(controller|handler)\\.ts$' },
      to: { path: '\\.(repository|entity)\\.ts$' },
    },
    {
      name: 'services-not-entities-of-others',
      comment: "Features meet through services: another feature's repository or entity is private.",
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/(?!engine/)([^/]+)/' },
      to: { path: '^apps/$1/src/[^/]+/.+\\.(repository|entity)\\.ts$', pathNot: '^apps/$1/src/$2/' },
    },
    {
      name: 'repositories-know-no-use-case',
      comment: 'Data flows one way: a repository that calls a service hides a use case in SQL.',
      severity: 'error',
      from: { path: '\\.(repository|entity)\\.ts$' },
      to: { path: '\\.(service|controller|handler)\\.ts$' },
    },
    {
      name: 'web-through-client',
      comment: 'The web client speaks through contracts and the client library, like anyone.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^libs/(?!contracts/|client/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|^apps/web/dist' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
