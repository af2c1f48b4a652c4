import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#testing';
import { RunningParley, type Person } from './running-parley.js';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'libs/client/dist');
/** What the package and its example need beside it, as installed here. */
const BESIDE = ['openapi-fetch', 'openapi-typescript-helpers', '@types/node', 'undici-types'];
const run = promisify(execFile);
const npm = (cwd: string, ...args: string[]) => run('npm', [...args, '--offline', '--silent'], { cwd });

const pack = async (folder: string, into: string): Promise<string> => {
  const { stdout } = await npm(folder, 'pack', '--ignore-scripts', '--pack-destination', into);
  return `./${stdout.trim()}`;
};

/** The example of the README, as its own process. */
class Program {
  output = '';
  private readonly child: ChildProcess;

  constructor(dir: string, parley: RunningParley, { email }: Person) {
    this.child = spawn(process.execPath, ['chat.ts', parley.url, email, 'correct horse'], { cwd: dir });
    this.child.stdout?.on('data', (data: Buffer) => (this.output += data.toString()));
    this.child.stderr?.on('data', (data: Buffer) => (this.output += data.toString()));
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Waits for a line; it must not come twice. */
  async says(line: string): Promise<void> {
    await eventually(() => expect(this.output.split('\n')).toContain(line), {
      timeoutMs: 30_000,
      everyMs: 50,
    });
    expect(this.output.split('\n').filter((one) => one === line)).toHaveLength(1);
  }

  async end(signal?: NodeJS.Signals): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.child.once('exit', resolve));
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    if (signal) this.child.kill(signal);
    else this.child.stdin?.end();
    return ended;
  }
}

describe('the npm package of the client', () => {
  let dir: string;
  let parley: RunningParley;
  let ada: Person;
  let bob: Person;
  let channelId: string;
  const programs: Program[] = [];
  const start = () => {
    programs.push(new Program(dir, parley, ada));
    return programs.at(-1) as Program;
  };

  const install = async () => {
    await run(process.execPath, [join(ROOT, 'libs/client/scripts/build.ts')]);
    await writeFile(
      join(dir, 'package.json'),
      JSON.stringify({ name: 'example', type: 'module', private: true }),
    );
    const folders = [PACKAGE, ...BESIDE.map((name) => join(ROOT, 'node_modules', name))];
    const tarballs: string[] = [];
    for (const folder of folders) tarballs.push(await pack(folder, dir));
    await npm(dir, 'install', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs);
    const readme = await readFile(join(dir, 'node_modules/@parley/client/README.md'), 'utf8');
    await writeFile(join(dir, 'chat.ts'), /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '');
  };

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'parley-client-'));
    [parley] = await Promise.all([RunningParley.start({ restart: true }), install()]);
    ({ ada, bob, channelId } = await parley.team());
  }, 180_000);
  afterAll(async () => {
    await Promise.all(programs.map((program) => program.end('SIGKILL')));
    await parley?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  it('holds what it needs and nothing else', async () => {
    const installed = join(dir, 'node_modules/@parley/client');
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      version: string;
      dependencies: object;
    };
    const repository = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
      dependencies: Record<string, string>;
    };
    expect(manifest).toMatchObject({
      version: repository.version,
      dependencies: { 'openapi-fetch': repository.dependencies['openapi-fetch'] },
    });
    expect(Object.keys(manifest.dependencies)).toHaveLength(1);
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(expect.arrayContaining(['index.js', 'index.d.ts', 'contracts.d.ts', 'LICENSE']));
    for (const file of files.filter((name) => /\.(js|d\.ts)$/.test(name)))
      expect(await readFile(join(installed, file), 'utf8')).not.toMatch(/(from|import\() ?['"](#|zod)/);
  });

  it('type-checks in a strict program that checks its libraries, too', async () => {
    const options = [
      '--types',
      'node',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--noEmit',
    ];
    const target = ['--target', 'es2023', '--module', 'nodenext', '--lib', 'es2024'];
    const wrong = `import type { ChannelId, EventOf, UserId } from '@parley/client';
declare const userId: UserId;
declare const event: EventOf<'message.created'>;
export const text: string = event.data.message.text;
// @ts-expect-error an id of a person is no id of a channel
export const channelId: ChannelId = userId;
`;
    await writeFile(join(dir, 'ids.ts'), wrong);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const check = run(process.execPath, [tsc, ...options, ...target, 'chat.ts', 'ids.ts'], { cwd: dir });
    expect(await check.catch((error: { stdout: string }) => error)).toMatchObject({ stdout: '' });
  }, 60_000);

  it('runs its example: it hears and says everything once, through a break of the stream and of itself', async () => {
    let program = start();
    await program.says('stream: live');
    program.type('good morning');
    await program.says('sent: 1');
    await program.says('> good morning');

    await parley.instance.kill('notify');
    await program.says('stream: waiting');
    await bob.send(channelId, 'said while you were away');
    await parley.instance.start('notify');
    await program.says('> said while you were away');
    await bob.send(channelId, 'and now');
    await program.says('> and now');
    expect(program.output).not.toContain('resync');

    await parley.instance.kill('chat');
    program.type('written while the server was down');
    const stored = () => readdirSync(join(dir, `outbox-${ada.id}`)).filter((name) => name.endsWith('.json'));
    await eventually(() => expect(stored()).toHaveLength(1));
    await program.end('SIGKILL');
    await parley.instance.start('chat');
    program = start();
    await program.says('sent: 4');

    expect(await program.end()).toBe(0);
    expect((await bob.history(channelId)).map(({ text }) => text)).toEqual([
      'good morning',
      'said while you were away',
      'and now',
      'written while the server was down',
    ]);
  }, 120_000);
});
