import { createDecipheriv, createECDH, hkdfSync, randomBytes, type ECDH } from 'node:crypto';

const expand = (salt: Buffer, secret: Buffer, info: Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** A device that has subscribed: decrypts as a browser does, by RFC 8291 and RFC 8188, with nothing of ours. */
export class Device {
  private constructor(
    private readonly curve: ECDH,
    private readonly secret: Buffer,
  ) {}

  static make(): Device {
    const curve = createECDH('prime256v1');
    curve.generateKeys();
    return new Device(curve, randomBytes(16));
  }

  static of(privateKey: string, auth: string): Device {
    const curve = createECDH('prime256v1');
    curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
    return new Device(curve, Buffer.from(auth, 'base64url'));
  }

  get keys(): { p256dh: string; auth: string } {
    return { p256dh: this.curve.getPublicKey('base64url'), auth: this.secret.toString('base64url') };
  }

  /** Throws when it was not encrypted for this device. */
  decrypt(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const keyLength = body.readUInt8(20);
    const sender = body.subarray(21, 21 + keyLength);
    const record = body.subarray(21 + keyLength);
    const shared = this.curve.computeSecret(sender);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.curve.getPublicKey(), sender]);
    const material = expand(this.secret, shared, info, 32);
    const key = expand(salt, material, Buffer.from('Content-Encoding: aes128gcm\0'), 16);
    const nonce = expand(salt, material, Buffer.from('Content-Encoding: nonce\0'), 12);
    const decipher = createDecipheriv('aes-128-gcm', key, nonce);
    decipher.setAuthTag(record.subarray(-16));
    const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
    const end = padded.lastIndexOf(2);
    if (end < 0 || padded.subarray(end + 1).some((byte) => byte !== 0)) throw new Error('no last record');
    return padded.subarray(0, end).toString();
  }
}
