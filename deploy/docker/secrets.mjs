/**
 * Secrets of a compose instance: made once, kept in the volume `secrets`. Every consumer gets a folder of
 * its own that only its uid can open, with each secret in the form it reads.
 *
 *   SECRETS_DIR (/secrets)   the volume
 *   NATS_DIR (/nats)         JetStream's volume, which Docker makes for root
 */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const password = () => randomBytes(24).toString('hex');

/** What is random. To use a value of your own, write the file before the first start. */
const MAKERS = {
  'postgres-password': password,
  'redis-password': password,
  'nats-password': password,
  'clickhouse-password': password,
  'grafana-password': password,
  'bot-client-secret': () => randomBytes(32).toString('hex'),
  'mail-link-key': () => randomBytes(32).toString('hex'),
  'secrets-key': () => randomBytes(32).toString('hex'),
  'vapid-private-key': () =>
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' }).d,
  'auth-signing-key': () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

const postgresUrl = (s) => `postgres://parley:${s['postgres-password']}@postgres:5432/parley`;
const natsUrl = (s) => `nats://parley:${s['nats-password']}@nats:4222`;
const redisUrl = (s) => `redis://:${s['redis-password']}@redis:6379`;
const clickhouseUrl = (s) => `http://parley:${s['clickhouse-password']}@clickhouse:8123`;
const clickhouseUsers = (s) => `<clickhouse>
  <users>
    <parley>
      <password_sha256_hex>${createHash('sha256').update(s['clickhouse-password']).digest('hex')}</password_sha256_hex>
      <networks><ip>::/0</ip></networks>
      <profile>default</profile>
      <quota>default</quota>
    </parley>
  </users>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
</clickhouse>
`;

/** Folder → uid that owns it → files. The uids are those of docker-compose.yml. */
export const CONSUMERS = {
  gateway: { uid: 8080, files: { 'nats-url': natsUrl, 'redis-url': redisUrl } },
  chat: {
    uid: 6688,
    files: {
      'postgres-url': postgresUrl,
      'nats-url': natsUrl,
      'redis-url': redisUrl,
      'auth-signing-key': (s) => s['auth-signing-key'],
      'secrets-key': (s) => s['secrets-key'],
      'bot-client-secret': (s) => s['bot-client-secret'],
    },
  },
  notify: {
    uid: 6687,
    files: {
      'postgres-url': postgresUrl,
      'nats-url': natsUrl,
      'redis-url': redisUrl,
      'mail-link-key': (s) => s['mail-link-key'],
      'vapid-private-key': (s) => s['vapid-private-key'],
    },
  },
  bot: { uid: 6686, files: { 'nats-url': natsUrl, 'bot-client-secret': (s) => s['bot-client-secret'] } },
  analytics: {
    uid: 6690,
    files: { 'nats-url': natsUrl, 'redis-url': redisUrl, 'clickhouse-url': clickhouseUrl },
  },
  postgres: { uid: 999, files: { password: (s) => s['postgres-password'] } },
  redis: {
    uid: 999,
    files: {
      password: (s) => s['redis-password'],
      'auth.conf': (s) => `requirepass ${s['redis-password']}\n`,
    },
  },
  nats: {
    uid: 4222,
    files: {
      'auth.conf': (s) => `authorization { user: "parley", password: "${s['nats-password']}" }\n`,
    },
  },
  clickhouse: { uid: 101, files: { 'users.xml': clickhouseUsers } },
  grafana: { uid: 472, files: { password: (s) => s['grafana-password'] } },
};

const isRoot = process.getuid?.() === 0;
const own = (path, uid, mode) => {
  chmodSync(path, mode);
  if (isRoot) chownSync(path, uid, uid);
};

/** Makes what is missing, and writes every consumer's files anew. @param {string} dir */
export function writeSecrets(dir) {
  const base = join(dir, 'base');
  mkdirSync(base, { recursive: true, mode: 0o700 });
  const secrets = {};
  for (const [name, make] of Object.entries(MAKERS)) {
    const file = join(base, name);
    if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600, flag: 'wx' });
    secrets[name] = readFileSync(file, 'utf8').trim();
  }
  for (const [consumer, { uid, files }] of Object.entries(CONSUMERS)) {
    const folder = join(dir, consumer);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    for (const [name, content] of Object.entries(files)) {
      const file = join(folder, name);
      if (existsSync(file)) chmodSync(file, 0o600);
      writeFileSync(file, content(secrets), { mode: 0o600 });
      own(file, uid, 0o400);
    }
    own(folder, uid, 0o500);
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeSecrets(process.env.SECRETS_DIR ?? '/secrets');
  const natsDir = process.env.NATS_DIR ?? '/nats';
  if (existsSync(natsDir)) own(natsDir, CONSUMERS.nats.uid, 0o700);
  console.log('secrets are in place');
}
