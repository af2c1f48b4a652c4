import type { DeviceId, UserId, WorkspaceId } from '#contracts';
import type { Entry } from './entry.js';
import type { OpenStream } from './open-stream.js';

/** Who holds a stream, on what. */
export type Holder = { workspaceId: WorkspaceId; userId: UserId; deviceId: DeviceId };

/** A stream as those see it who tell it something. */
export type Told = Pick<OpenStream, 'tell'>;

/** Is told what happens to streams. Those that name no device say nothing of their client. */
export interface Observer {
  /** An event was routed. */
  passed?(entry: Entry, subject: string, payload: Uint8Array): void;
  opened?(stream: Told, holder: Holder): void;
  closed?(stream: Told, holder: Holder, cause: string): void;
}

export const holderOf = ({ deviceId, route }: Pick<OpenStream, 'deviceId' | 'route'>): Holder | null =>
  deviceId && {
    workspaceId: route.workspace.id as WorkspaceId,
    userId: route.userId as UserId,
    deviceId,
  };
