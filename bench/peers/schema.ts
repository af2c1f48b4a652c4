/** Tables of the limit: as few columns and indexes as the promises (order, idempotency, outbox) allow. */
export const LIMIT_SCHEMA = `
  CREATE TABLE channel (id uuid PRIMARY KEY, last_seq bigint NOT NULL DEFAULT 0);
  CREATE TABLE member (channel_id uuid, user_id uuid, PRIMARY KEY (channel_id, user_id));
  CREATE TABLE message (
    id uuid PRIMARY KEY,
    channel_id uuid NOT NULL,
    seq bigint NOT NULL,
    sender_id uuid NOT NULL,
    client_message_id uuid NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (channel_id, seq),
    UNIQUE (sender_id, client_message_id)
  );
  CREATE TABLE outbox (event_id uuid PRIMARY KEY, message_id uuid NOT NULL);
`;

/** The textbook numbers messages with a sequence: no gap-free order, but no lock on the channel either. */
export const NAIVE_SCHEMA = `
  CREATE TABLE channel (id uuid PRIMARY KEY);
  CREATE TABLE member (channel_id uuid, user_id uuid, PRIMARY KEY (channel_id, user_id));
  CREATE TABLE message (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    seq bigserial NOT NULL UNIQUE,
    channel_id uuid NOT NULL REFERENCES channel,
    sender_id uuid NOT NULL,
    client_message_id uuid NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (sender_id, client_message_id)
  );
  CREATE TABLE outbox (id bigserial PRIMARY KEY, event jsonb NOT NULL);
`;
