/** What people type as a name, in the form the server keeps: "Team Berlin" → "team-berlin". */
export const tidyChannelName = (input: string): string =>
  input.normalize('NFKC').trim().replace(/^#+/u, '').replace(/\s+/gu, '-').toLowerCase().normalize('NFKC');

const MAX_LENGTH = 80;
/** Letters that show nothing are none. */
const allowed = /^(?!.*\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}_-]*$/u;

/** Why a name can't be used, or an empty string. */
export const channelNameError = (input: string): string => {
  const name = tidyChannelName(input);
  if (name === '') return 'Give the channel a name.';
  if (name.length > MAX_LENGTH) return `Use ${MAX_LENGTH} characters at most.`;
  return allowed.test(name) ? '' : 'Use letters, digits, “-” and “_” only, and start with a letter or digit.';
};
