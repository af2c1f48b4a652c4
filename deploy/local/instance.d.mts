export type EngineName = 'postgres' | 'nats' | 'redis' | 'clickhouse';
/** A service, or one more of it: `notify-2`. */
export type ServiceName = string;
export type ProcessName = EngineName | ServiceName;

export interface Progress {
  step<T>(name: string, work: () => Promise<T>, detail?: (result: T) => string): Promise<T>;
  say(line: string): void;
}

/** A process to run beside the instance's own, under the same supervision. */
export interface ProcessSpec {
  name: string;
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Polled until true. */
  ready: (pid: number) => Promise<boolean>;
  /** Milliseconds; a minute when not given. */
  readyTimeout?: number;
}

export interface InstanceOptions {
  /** Where data, logs and secrets are kept. Without it: a temporary folder, deleted by `stop`. */
  dataDir?: string;
  /** All five when not given; `[]` starts engines only. */
  services?: readonly ServiceName[];
  /** All four when not given. */
  engines?: readonly EngineName[];
  /** Engines that run already, by URL: these are not started. */
  external?: Partial<Record<EngineName, string>>;
  /** Environment for every service; wins over what the instance sets, except HOST and PORT. */
  env?: Record<string, string>;
  /** The gateway's port; a free one when not given. */
  port?: number;
  /** The gateway's address; loopback when not given. */
  host?: string;
  publicUrl?: string;
  /** False: engines don't wait for the disk. */
  durable?: boolean;
  /** Whether a crashed process is started again. */
  restart?: boolean;
  /** False prints progress; quiet when not given. */
  quiet?: boolean;
  progress?: Progress;
  /** Resolves when dist/ is current; engines start before it. */
  built?: Promise<unknown>;
  /** Aborting stops everything, also in the middle of the start. */
  signal?: AbortSignal;
}

export interface Instance {
  /** The gateway's base URL. */
  url: string;
  /** Each service's base URL. */
  urls: Record<ServiceName, string>;
  engines: Record<EngineName, { url: string; port?: number | undefined }>;
  /** What services were told: POSTGRES_URL, NATS_URL, REDIS_URL, CLICKHOUSE_URL, AUTH_SIGNING_KEY_FILE, … */
  env: Record<string, string>;
  dataDir: string;
  logDir: string;
  /** Of running processes. */
  readonly pids: Record<ProcessName, number>;
  /** Signals a process (SIGKILL by default). When the signal ends it, resolves once it is gone. */
  kill(name: ProcessName, signal?: NodeJS.Signals): Promise<void>;
  /** Starts a killed process again, at the same port with the same data; resolves when it is ready. */
  start(name: ProcessName): Promise<void>;
  /** Stops a process in its orderly way and starts it again. */
  restart(name: ProcessName): Promise<void>;
  run(spec: ProcessSpec): Promise<void>;
  /** Stops everything: services first, then engines. */
  stop(): Promise<void>;
}

export const ENGINES: readonly EngineName[];
export const SERVICES: readonly ServiceName[];
/** Starts an instance; rejects, with everything stopped, when a part of it doesn't come up. */
export function startInstance(options?: InstanceOptions): Promise<Instance>;
/** Path of `nats-server`, `redis-server` or `chromium`; throws one line that says how to get it. */
export function findProgram(name: 'nats-server' | 'redis-server' | 'chromium'): string;
/** Brings the schema up to date, as a start does. */
export function migrate(env: Record<string, string>): Promise<void>;
/** Rejects when the signal aborts; never resolves. */
export function rejectOnAbort(signal: AbortSignal | undefined): Promise<never>;
