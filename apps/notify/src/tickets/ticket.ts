import { createHash, randomBytes } from 'node:crypto';
import { StreamTicket } from '#contracts';
import type { Principal } from '#platform';

/** What a ticket lets its bearer do: open a stream of this workspace as this caller. */
export type Ticket = { workspaceId: string; caller: Principal };

/** 256 random bits: nobody guesses one within its seconds. */
export const newTicket = (): string => randomBytes(32).toString('base64url');

/** Under what a ticket is kept; null for what can't be one. */
export const ticketHash = (text: unknown): string | null =>
  StreamTicket.safeParse(text).success
    ? createHash('sha256')
        .update(text as string)
        .digest('base64url')
    : null;

/** JSON has no infinity, and tokens that never expire have. */
export const ticketText = ({ workspaceId, caller }: Ticket): string =>
  JSON.stringify({
    workspaceId,
    caller: { ...caller, expiresAt: Number.isFinite(caller.expiresAt) ? caller.expiresAt : null },
  });

export const ticketOf = (text: string): Ticket => {
  const { workspaceId, caller } = JSON.parse(text) as {
    workspaceId: string;
    caller: Omit<Principal, 'expiresAt'> & { expiresAt: number | null };
  };
  return { workspaceId, caller: { ...caller, expiresAt: caller.expiresAt ?? Infinity } };
};
