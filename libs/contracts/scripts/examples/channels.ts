export const channelsExamples = {
  updateChannel: { body: { topic: 'Release 12 on Friday', posting: 'admins', slowModeSeconds: 30 } },
  updateChannelPreferences: { body: { muted: true, level: 'mentions' } },
  listChannels: { query: { q: 'gener', kind: 'public', sort: 'members' } },
};
