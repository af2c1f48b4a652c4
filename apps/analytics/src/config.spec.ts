import { describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from '#platform';
import { AnalyticsConfig } from './config.js';

describe('configuration of analytics', () => {
  it('has defaults for one machine', () => {
    expect(loadConfig(AnalyticsConfig, {})).toMatchObject({
      server: { host: '127.0.0.1', port: 6690 },
      clickhouse: { url: 'http://127.0.0.1:8123', database: 'parley' },
      chatUrl: 'http://127.0.0.1:6688',
    });
  });

  it('refuses a database name that is not one, and a ClickHouse that does not speak HTTP', () => {
    const env = { CLICKHOUSE_DATABASE: 'x; DROP TABLE y', CLICKHOUSE_URL: 'tcp://127.0.0.1:9000' };
    expect(() => loadConfig(AnalyticsConfig, env)).toThrow(ConfigError);
    expect(() => loadConfig(AnalyticsConfig, env)).toThrow(/CLICKHOUSE_URL[\s\S]*CLICKHOUSE_DATABASE/);
  });
});
