/** Secrets of a local instance: made once, each in a file only its owner can read. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MAKERS = {
  'postgres-password': () => randomBytes(24).toString('hex'),
  'redis-password': () => randomBytes(24).toString('hex'),
  'bot-client-secret': () => randomBytes(32).toString('hex'),
  'mail-link-key': () => randomBytes(32).toString('hex'),
  'secrets-key': () => randomBytes(32).toString('hex'),
  'vapid-private-key': () =>
    generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' }).d,
  'auth-signing-key': () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

/**
 * @param {string} dataDir
 * @returns {{ read: (name: keyof MAKERS) => string, file: (name: keyof MAKERS) => string }}
 */
export function secretsIn(dataDir) {
  const dir = join(dataDir, 'secrets');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const [name, make] of Object.entries(MAKERS)) {
    if (!existsSync(join(dir, name))) writeFileSync(join(dir, name), make(), { mode: 0o600, flag: 'wx' });
  }
  return {
    read: (name) => readFileSync(join(dir, name), 'utf8').trim(),
    file: (name) => join(dir, name),
  };
}
