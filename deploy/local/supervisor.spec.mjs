import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { takeInstanceLock } from './instance-lock.mjs';
import { choosePorts, isFree } from './ports.mjs';
import { Supervisor } from './supervisor.mjs';

let dir;
let said;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'parley-supervisor-'));
  said = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const supervisor = (options = {}) =>
  new Supervisor({ logDir: dir, say: (line) => said.push(line), ...options });
const shell = (name, script, ready = async () => true) => ({
  name,
  command: 'sh',
  args: ['-c', script],
  env: process.env,
  ready,
});
const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const until = async (condition) => {
  for (let attempt = 0; attempt < 200 && !condition(); attempt += 1) await delay(25);
  assert.ok(condition());
};

test('tells why a process did not become ready, with the end of its log', async () => {
  const it = supervisor();
  await assert.rejects(
    it.run(shell('broken', 'echo the reason; exit 3', async () => false)),
    /broken exited with code 3 .*\nthe reason/s,
  );
  await it.stopAll();
});

test('starts a crashed process again, but not one that was killed on purpose', async () => {
  const it = supervisor({ restart: true });
  await it.run(shell('worker', 'exec sleep 60'));
  const first = it.pids.worker;
  process.kill(first, 'SIGKILL');
  await until(() => it.pids.worker && it.pids.worker !== first);
  assert.match(said[0], /^worker was ended by SIGKILL; starting it again in 0.5 s/);
  await it.kill('worker');
  await delay(700);
  assert.equal(it.pids.worker, undefined);
  await it.start('worker');
  assert.ok(isAlive(it.pids.worker));
  await it.stopAll();
});

test('stops in reverse order and leaves nothing running', async () => {
  const it = supervisor();
  const order = [];
  for (const name of ['first', 'second']) {
    await it.run(shell(name, 'exec sleep 60'));
    void it.processes.get(name).ended.then(() => order.push(name));
  }
  const pids = Object.values(it.pids);
  await it.stopAll();
  assert.deepEqual(order, ['second', 'first']);
  assert.ok(pids.every((pid) => !isAlive(pid)));
});

test('stops everything when the supervisor itself is killed', async () => {
  const script = `
    import { Supervisor } from ${JSON.stringify(new URL('./supervisor.mjs', import.meta.url).href)};
    const it = new Supervisor({ logDir: ${JSON.stringify(dir)} });
    it.reaper.deleteAfterwards(${JSON.stringify(dir)});
    await it.run({ name: 'orphan', command: 'sleep', args: ['60'], env: process.env, ready: async () => true });
    console.log(it.pids.orphan);
    setInterval(() => undefined, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(parent.stdout, 'data');
  const orphan = Number(line);
  assert.ok(isAlive(orphan));
  parent.kill('SIGKILL');
  await until(() => !isAlive(orphan) && !existsSync(dir));
});

test('gives each name a port of its own, and the same one again while it is free', async () => {
  const file = join(dir, 'ports.json');
  const first = await choosePorts(['a', 'b', 'c'], file);
  assert.equal(new Set(Object.values(first)).size, 3);
  assert.ok(await isFree(first.a));
  assert.deepEqual(await choosePorts(['a', 'b', 'c'], file), first);
});

test('lets one instance run per folder, and forgets one that was killed', () => {
  const file = join(dir, 'instance.json');
  const lock = takeInstanceLock(file);
  lock.update({ url: 'http://localhost:1' });
  assert.throws(() => takeInstanceLock(file), /runs already at http:\/\/localhost:1/);
  lock.release();
  writeFileSync(file, JSON.stringify({ pid: 2 ** 22 - 1, started: '1', url: 'http://localhost:1' }));
  takeInstanceLock(file).release();
  assert.ok(!existsSync(file));
});
