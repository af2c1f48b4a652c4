/** Of zxcvbn's 0 to 4: "safely unguessable, moderate protection from offline slow-hash scenario". */
export const STRONG_ENOUGH = 3;
const ESTIMATED_LENGTH = 64;
const MIN_WORD = 3;

/** The part that is judged: the effort grows with length, and what this much can't decide is strong. */
export const estimated = (password: string): string => password.slice(0, ESTIMATED_LENGTH);

/** What an acquaintance would try first. */
export const personalWords = ({ name, email }: { name: string; email: string | null }): string[] => {
  const parts = `${name} ${email ?? ''}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const whole = [name.toLowerCase(), ...(email ? [email] : [])];
  return [...new Set([...whole, ...parts])].filter((word) => word.length >= MIN_WORD);
};
