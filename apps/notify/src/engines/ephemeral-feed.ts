import type { Bus } from '#bus';
import { ephemeralSubject, type EphemeralTopic, type WorkspaceId } from '#contracts';
import type { Logger } from '#platform';

/** Takes what is said about a topic, in all workspaces or (`_`) of accounts. What can't be read is passed over. */
export const hearEphemeral = <Body>(
  { bus, logger }: { bus: Bus; logger: Logger },
  [workspace, topic]: ['_' | '*', EphemeralTopic],
  take: (body: Body, workspaceId: WorkspaceId) => void,
): void => {
  bus.nats.subscribe(ephemeralSubject(workspace, topic), {
    callback: (error, message) => {
      if (error) return;
      try {
        take(message.json<Body>(), message.subject.split('.')[2] as WorkspaceId);
      } catch (err) {
        logger.warn({ err, subject: message.subject }, 'unreadable ephemeral message');
      }
    },
  });
};
