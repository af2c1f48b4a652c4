import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts what the database must hold but not tell (AES-256-GCM): `format ‖ iv ‖ tag ‖ ciphertext`. What is
 * sealed for one purpose and owner can't be opened for another, so rows can't be exchanged.
 */
export class SecretBox {
  private readonly key: Buffer;

  constructor(secret: string, purpose: string) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', `parley/${purpose}`, 32));
  }

  seal(plain: Buffer, owner: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(owner));
    const text = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), text]);
  }

  /** Throws when it was sealed with another key or for another owner, or was changed. */
  open(sealed: Buffer, owner: string): Buffer {
    if (sealed[0] !== FORMAT) throw new Error('an unknown format of a sealed secret');
    const text = 1 + IV_BYTES + TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(1, 1 + IV_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(sealed.subarray(1 + IV_BYTES, text));
    return Buffer.concat([decipher.update(sealed.subarray(text)), decipher.final()]);
  }
}
