import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const CONFIG = '.dependency-cruiser.mjs';

/** For each rule of the dependency cruiser: files that break it. `import x` lines only. */
const BREACHES: Record<string, Record<string, string>> = {
  'no-circular': { 'libs/core/src/a.ts': './b.js', 'libs/core/src/b.ts': './a.js' },
  'contracts-imports': { 'libs/contracts/src/deep.ts': '#core' },
  'core-imports': { 'libs/core/src/bad.ts': '#contracts' },
  'bus-imports': { 'libs/bus/src/bad.ts': '#db' },
  'db-imports': { 'libs/db/src/bad.ts': '#platform' },
  'platform-imports': { 'libs/platform/src/bad.ts': '#bus' },
  'client-imports': { 'libs/client/src/bad.ts': '#core' },
  'mail-imports': { 'libs/mail/src/bad.ts': '#contracts' },
  'outbound-imports': { 'libs/outbound/src/bad.ts': '#core' },
  'streams-imports': { 'libs/streams/src/bad.ts': '#core' },
  'contracts-zod-only': { 'libs/contracts/src/bad.ts': 'pg' },
  'core-nothing': { 'libs/core/src/npm.ts': 'pg' },
  'no-app-imports-app': { 'apps/bot/src/bad.ts': '../../chat/src/main.js' },
  'libs-never-import-apps': { 'libs/testing/src/bad.ts': '../../../apps/chat/src/main.js' },
  'testing-only-in-tests': { 'apps/chat/src/bad.ts': '#testing' },
  'controllers-use-services': {
    'apps/chat/src/rooms/rooms.controller.ts': './rooms.repository.js',
    'apps/chat/src/rooms/rooms.repository.ts': '#core',
  },
  'services-not-entities-of-others': {
    'apps/chat/src/notes/notes.service.ts': '../rooms/rooms.repository.js',
  },
  'repositories-know-no-use-case': {
    'apps/chat/src/notes/notes.repository.ts': './notes.service.js',
  },
  'web-through-client': { 'apps/web/src/bad.ts': '#core' },
};
/** Must not be reported: what each place may do. */
const ALLOWED: Record<string, string> = {
  'libs/contracts/src/index.ts': 'zod',
  'libs/core/src/index.ts': 'node:crypto',
  'libs/core/src/good.spec.ts': 'pg',
  'libs/bus/src/index.ts': '#core',
  'libs/db/src/index.ts': '#bus',
  'libs/platform/src/index.ts': '#contracts',
  'libs/client/src/index.ts': '#contracts',
  'libs/testing/src/index.ts': '#platform',
  'apps/chat/src/main.ts': '#db',
  'apps/chat/src/good.spec.ts': '#testing',
  'apps/chat/test/good.int-spec.ts': '#testing',
  'apps/chat/src/good/good.service.ts': './good.repository.js',
  'apps/chat/src/good/good.repository.ts': './good.entity.js',
  'apps/chat/src/good/good.entity.ts': 'node:util',
  'apps/web/src/main.ts': '#client',
};

type Violation = { from: string; to: string; rule: { name: string } };

describe('the dependency rules', () => {
  let dir: string;
  let violations: Violation[];
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  };

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'parley-architecture-'));
    for (const file of [CONFIG, 'package.json', 'tsconfig.json', 'tsconfig.base.json'])
      cpSync(join(ROOT, file), join(dir, file));
    for (const name of ['zod', 'pg']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
      write(`node_modules/${name}/index.js`, '');
    }
    for (const files of [ALLOWED, ...Object.values(BREACHES)])
      for (const [file, imported] of Object.entries(files)) write(file, `import '${imported}';\n`);
    const cruiser = join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const output = await new Promise<string>((resolve) => {
      const args = [cruiser, '--config', CONFIG, '--output-type', 'json', 'apps', 'libs'];
      execFile(process.execPath, args, { cwd: dir, maxBuffer: 1 << 26 }, (_error, stdout) => resolve(stdout));
    });
    violations = (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('are all tried here', async () => {
    const { default: config } = (await import(join(ROOT, CONFIG))) as {
      default: { forbidden: { name: string; comment: string }[] };
    };
    expect(Object.keys(BREACHES).sort()).toEqual(config.forbidden.map(({ name }) => name).sort());
    expect(config.forbidden.filter(({ comment }) => comment.length < 20)).toEqual([]);
  });

  it.each(Object.keys(BREACHES))('fail when one is broken: %s', (rule) => {
    const file = Object.keys(BREACHES[rule] as object)[0];
    const found = violations.filter((violation) => violation.rule.name === rule);
    expect(found.map(({ from }) => from)).toContain(file);
  });

  it('do not fail for what is allowed', () => {
    expect(violations.filter(({ from }) => from in ALLOWED)).toEqual([]);
  });

  it('are what `npm run arch` checks', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['arch']).toBe(`depcruise --config ${CONFIG} apps libs`);
  });
});
