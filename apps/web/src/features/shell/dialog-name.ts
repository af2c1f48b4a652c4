export type DialogName = 'channel' | 'browse' | 'direct' | 'invite' | 'sessions' | 'switcher' | 'search';
