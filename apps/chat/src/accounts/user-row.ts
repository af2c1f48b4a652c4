import type { ImageId, Status, UserId } from '#contracts';

/** What others may see of a person, as it is stored. */
export type UserRow = {
  id: UserId;
  name: string;
  kind: 'user' | 'bot';
  title: string;
  pronouns: string;
  timeZone: string | null;
  avatarImageId: ImageId | null;
  status: Status | null;
  deletedAt: Date | null;
  version: number;
};

/** With what only the person may see. */
export type MeRow = UserRow & {
  email: string | null;
  emailVerifiedAt: Date | null;
  pendingEmail: string | null;
  locale: string | null;
  createdAt: Date;
};

/** How a user row is selected; `u` is chat.users. */
export const USER_COLUMNS = `
  u.id, u.name, u.kind, u.title, u.pronouns, u.time_zone AS "timeZone", u.avatar_image_id AS "avatarImageId",
  u.status, u.deleted_at AS "deletedAt", u.version`;

export const ME_COLUMNS = `${USER_COLUMNS},
  u.email, u.email_verified_at AS "emailVerifiedAt", u.pending_email AS "pendingEmail", u.locale,
  u.created_at AS "createdAt"`;
