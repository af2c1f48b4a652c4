/** The people and things that all examples of the documentation are about. */
const known: Record<string, string> = {
  User: '00000000a001',
  Workspace: '00000000b001',
  Channel: '00000000c001',
  Message: '00000000d001',
  Session: '00000000e001',
};

/** FNV-1a (32 bit), as hex. */
const digest = (text: string): string => {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
};

/** The same UUIDv7 for the same noun, each time: `exampleId('Channel')`. */
export const exampleId = (noun: string): string =>
  `019bc0a1-7c00-7a10-8000-${known[noun] ?? `${digest(noun)}0001`}`;
export const exampleTime = '2026-01-15T09:30:00.000Z';
export const exampleClientMessageId = '5f0c6a3e-8d5b-4a53-9a35-1f7b8f3d2c11';
export const exampleTraceId = '4bf92f3577b34da6a3ce929d0e0e4736';
