import { createECDH } from 'node:crypto';

/** What this server says of itself to push services (RFC 8292). Base64url, as browsers want the public one. */
export type Vapid = { privateKey: string; publicKey: string; subject: string };

const publicKeyOf = (privateKey: string): string => {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(Buffer.from(privateKey, 'base64url'));
  return curve.getPublicKey('base64url');
};

/** 32 bytes, base64url, that are a private key of P-256. */
export const isVapidPrivateKey = (text: string): boolean => {
  if (!/^[A-Za-z0-9_-]{43}=?$/.test(text)) return false;
  try {
    return publicKeyOf(text) !== '';
  } catch {
    return false;
  }
};

/** `mailto:ops@chat.example` or an https URL. */
export const isVapidSubject = (text: string): boolean =>
  /^mailto:[^\s@]+@[^\s@]+$/.test(text) || (URL.canParse(text) && new URL(text).protocol === 'https:');

/** Who answers for the pushes where nobody was named: the site itself, or its postmaster. */
const subjectOf = (publicUrl: string): string => {
  const { protocol, origin, hostname } = new URL(publicUrl);
  return protocol === 'https:' ? origin : `mailto:postmaster@${hostname}`;
};

/** Null while no key is configured: then there are no pushes. */
export const vapidOf = (
  { privateKey, subject }: { privateKey?: string | undefined; subject?: string | undefined },
  publicUrl: string,
): Vapid | null =>
  privateKey === undefined
    ? null
    : {
        privateKey: privateKey.replace(/=$/, ''),
        publicKey: publicKeyOf(privateKey),
        subject: subject ?? subjectOf(publicUrl),
      };
