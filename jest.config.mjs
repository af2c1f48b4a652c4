const swc = {
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
};

const project = (displayName, testMatch) => ({
  displayName,
  testMatch,
  testEnvironment: 'node',
  // `source` makes '#core' and its kin resolve to TypeScript instead of dist.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  moduleNameMapper: {
    '^#(contracts|core|bus|db|mail|outbound|platform|client|streams|testing)$':
      '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/apps/web/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/libs/client/dist/', '<rootDir>/.data/'],
});

export default {
  projects: [
    project('unit', [
      '<rootDir>/{apps,libs,bench,deploy}/**/*.spec.ts',
      '<rootDir>/test/{docs,e2e}/**/*.spec.ts',
    ]),
    project('integration', ['<rootDir>/{apps,libs}/*/test/**/*.int-spec.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.e2e-spec.ts']),
  ],
  testTimeout: 60_000,
  // Modules of the ES kind are never let go of by a worker: a fresh one takes over before it has too many.
  workerIdleMemoryLimit: '3GB',
  collectCoverageFrom: [
    '{apps,libs}/*/src/**/*.ts',
    '!apps/web/**',
    '!libs/testing/**',
    '!**/*.spec.ts',
    '!**/*.d.ts',
    '!**/main.ts',
    '!libs/client/src/openapi.ts',
  ],
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'json-summary', 'lcovonly'],
  coverageThreshold: { global: { lines: 85 } },
};
