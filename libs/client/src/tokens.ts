import type { AuthResult } from '#contracts';

/** What a program logs in for. Browsers have neither: theirs travel in httpOnly cookies. */
export type Tokens = { accessToken: string; refreshToken: string };

/**
 * Where a program keeps its tokens. Both are replaced at each renewal, and a refresh token that is used
 * twice ends the session: `set` must have stored them when it resolves.
 */
export type TokenStore = {
  get(): Tokens | null | Promise<Tokens | null>;
  set(tokens: Tokens): void | Promise<void>;
};

export const memoryTokens = (initial: Tokens | null = null): TokenStore => {
  let held = initial;
  return {
    get: () => held,
    set: (tokens) => void (held = tokens),
  };
};

/** The tokens of a login, registration or renewal. Throws when it was asked for cookies. */
export const tokensOf = ({ accessToken, refreshToken }: Partial<AuthResult>): Tokens => {
  if (!accessToken || !refreshToken) throw new TypeError('the reply holds no tokens: they are in cookies');
  return { accessToken, refreshToken };
};
