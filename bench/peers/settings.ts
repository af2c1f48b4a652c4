/** What every peer process is told by environment variables. */
export interface PeerSettings {
  readonly postgresUrl: string;
  readonly natsUrl: string;
  readonly stream: string;
  readonly subject: string;
  readonly workspaceId: string;
  /** Bearer token → user id: what the product's cache of verified tokens holds while it is warm. */
  readonly tokens: ReadonlyMap<string, string>;
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

export function readSettings(): PeerSettings {
  return {
    postgresUrl: required('POSTGRES_URL'),
    natsUrl: required('NATS_URL'),
    stream: required('STREAM'),
    subject: required('SUBJECT'),
    workspaceId: required('WORKSPACE_ID'),
    tokens: new Map(Object.entries(JSON.parse(required('TOKENS')) as Record<string, string>)),
  };
}

/** The runner waits for this line. */
export function announce(port: number): void {
  process.stdout.write(`listening ${port}\n`);
}
