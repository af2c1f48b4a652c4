/** A position in one life (epoch) of the event stream. */
export type Cursor = { epoch: string; seq: number };

export const formatCursor = (epoch: string, seq: number): string => `${epoch}-${seq}`;

/** Null when the text is not a cursor. */
export const parseCursor = (text: string): Cursor | null => {
  const [, epoch, seq] = /^([0-9a-z]{1,16})-(\d{1,16})$/.exec(text) ?? [];
  return epoch === undefined ? null : { epoch, seq: Number(seq) };
};

export type ResyncReason = 'expired' | 'ahead' | 'epoch' | 'malformed';
