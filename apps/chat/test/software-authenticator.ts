import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

type Cbor = number | string | Buffer | Map<number | string, Cbor>;
const b64 = (bytes: Buffer | string) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

/** As much of CBOR (RFC 8949) as attestations are made of. */
const cbor = (value: Cbor): Buffer => {
  const head = (major: number, n: number) =>
    n < 24
      ? Buffer.of((major << 5) | n)
      : n < 256
        ? Buffer.of((major << 5) | 24, n)
        : Buffer.of((major << 5) | 25, n >> 8, n & 255);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string')
    return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([
    head(5, value.size),
    ...[...value].flatMap(([key, item]) => [cbor(key), cbor(item)]),
  ]);
};

const FLAGS = { present: 0x01, verified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };

export type Quirks = { origin?: string; rpId?: string; verified?: boolean; counter?: number; type?: string };

/** A device with one passkey (ES256, attestation "none"), as a browser would show it to us. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(16);
  counter = 0;
  private userHandle = '';
  private readonly publicKey: KeyObject;
  private readonly privateKey: KeyObject;

  constructor(private readonly origin: string) {
    ({ publicKey: this.publicKey, privateKey: this.privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
    }));
  }

  create(options: { challenge: string; user: { id: string } }, quirks: Quirks = {}) {
    this.userHandle = options.user.id;
    const { x, y } = this.publicKey.export({ format: 'jwk' }) as { x: string; y: string };
    const coseKey = cbor(
      new Map<number, Cbor>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, 'base64url')],
        [-3, Buffer.from(y, 'base64url')],
      ]),
    );
    const length = Buffer.of(this.credentialId.length >> 8, this.credentialId.length & 255);
    const attested = Buffer.concat([Buffer.alloc(16), length, this.credentialId, coseKey]);
    const authData = Buffer.concat([this.authenticatorData(quirks, FLAGS.attested), attested]);
    const attestationObject = cbor(
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', authData],
      ]),
    );
    return this.credential({
      clientDataJSON: b64(this.clientData('webauthn.create', options.challenge, quirks)),
      attestationObject: b64(attestationObject),
      transports: ['internal'],
    });
  }

  get(options: { challenge: string }, quirks: Quirks = {}) {
    this.counter = quirks.counter ?? this.counter + 1;
    const authenticatorData = this.authenticatorData(quirks);
    const clientData = this.clientData('webauthn.get', options.challenge, quirks);
    const signed = Buffer.concat([authenticatorData, sha256(clientData)]);
    return this.credential({
      clientDataJSON: b64(clientData),
      authenticatorData: b64(authenticatorData),
      signature: b64(sign('sha256', signed, this.privateKey)),
      userHandle: this.userHandle,
    });
  }

  private clientData(type: string, challenge: string, quirks: Quirks): string {
    return JSON.stringify({ type: quirks.type ?? type, challenge, origin: quirks.origin ?? this.origin });
  }

  private authenticatorData({ rpId, verified = true }: Quirks, more = 0): Buffer {
    const flags =
      FLAGS.present | FLAGS.backupEligible | FLAGS.backedUp | (verified ? FLAGS.verified : 0) | more;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(rpId ?? new URL(this.origin).hostname), Buffer.of(flags), count]);
  }

  private credential<Response>(response: Response) {
    const id = b64(this.credentialId);
    return { id, rawId: id, type: 'public-key' as const, clientExtensionResults: {}, response };
  }
}
