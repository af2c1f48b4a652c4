import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfig } from '#platform';
import { readCompose, withDefaults, type ComposeService } from './compose.js';
import { parseDockerfile } from './dockerfile.js';
import { root, schemas, services as settings } from './services.js';

type Secrets = {
  CONSUMERS: Record<string, { uid: number; files: Record<string, unknown> }>;
  writeSecrets: (dir: string) => void;
};
const secrets = (await import(join(root, 'deploy/docker/secrets.mjs'))) as Secrets;

const { services, networks, volumes } = readCompose();
const all = Object.entries(services);
const ours = Object.keys(schemas).map((name) => [name, services[name] as ComposeService] as const);
const stages = parseDockerfile(readFileSync(join(root, 'Dockerfile'), 'utf8')).map(({ name }) => name);
const sourceOf = (volume: string) => volume.split(':')[0] as string;
const MOUNT = '/run/parley/';

describe('docker-compose.yml', () => {
  it('names only services, networks, volumes, targets and files that exist', () => {
    for (const [name, service] of all) {
      for (const other of Object.keys(service.depends_on)) expect(services).toHaveProperty([other]);
      for (const network of service.networks ?? []) expect(networks).toHaveProperty([network]);
      for (const volume of service.volumes.map(sourceOf)) {
        if (volume.startsWith('./')) expect([volume, existsSync(join(root, volume))]).toEqual([volume, true]);
        else expect(volumes).toHaveProperty([volume]);
      }
      if (service.build) expect(stages).toContain(service.build.target);
      expect([name, service.networks !== undefined || service.network_mode === 'none']).toEqual([name, true]);
    }
    expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(schemas)));
  });

  it('waits for health only where there is a health check', () => {
    for (const [, { depends_on }] of all)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const { healthcheck, build, restart } = services[other] as ComposeService;
        if (condition === 'service_healthy')
          expect([other, Boolean(healthcheck ?? build)]).toEqual([other, true]);
        expect([other, restart === 'no']).toEqual([other, condition === 'service_completed_successfully']);
      }
  });

  it('runs nothing as root but the secrets service, which has no network', () => {
    const root = all
      .filter(([, { user, cap_add }]) => user.startsWith('0:') || cap_add)
      .map(([name]) => name);
    expect(root).toEqual(['secrets']);
    expect(services['secrets']?.network_mode).toBe('none');
  });

  it('publishes the gateway and, on loopback, what operators look at', () => {
    const published = Object.fromEntries(
      all.flatMap(([name, { ports }]) => (ports ? [[name, ports.map(withDefaults)]] : [])),
    );
    expect(published).toEqual({
      gateway: ['127.0.0.1:8080:8080'],
      jaeger: ['127.0.0.1:16686:16686'],
      grafana: ['127.0.0.1:3000:3000'],
    });
  });

  it('keeps engines on networks without a way out, and databases away from the gateway', () => {
    const internal = Object.keys(networks).filter((name) => networks[name]?.internal);
    for (const engine of ['postgres', 'redis', 'nats', 'clickhouse'])
      for (const network of services[engine]?.networks ?? []) expect(internal).toContain(network);
    const reachable = (name: string) => services[name]?.networks ?? [];
    for (const database of ['postgres', 'clickhouse'])
      expect(reachable('gateway').filter((network) => reachable(database).includes(network))).toEqual([]);
  });

  it('lets each service drain before it is killed', () => {
    for (const [name, { stop_grace_period }] of ours)
      expect([name, Number.parseInt(stop_grace_period ?? '0', 10) > 10]).toEqual([name, true]);
  });
});

describe('secrets of compose', () => {
  const dir = mkdtempSync(join(tmpdir(), 'parley-secrets-'));
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  secrets.writeSecrets(dir);

  it('belong to the uid of the container that reads them', () => {
    for (const [name, { user, environment, command = [], volumes: mounts, healthcheck }] of all) {
      const own = secrets.CONSUMERS[name === 'migrate' ? 'chat' : name];
      const text = [...Object.values(environment), ...command, ...(healthcheck?.test ?? [])].join(' ');
      const files = [...text.matchAll(/\/run\/parley\/([\w./-]+)/g)].map((match) => match[1] as string);
      if (files.length > 0) expect(mounts).toContain('secrets:/run/parley:ro');
      if (files.length > 0 || own) expect([name, user]).toEqual([name, `${own?.uid}:${own?.uid}`]);
      for (const file of files) {
        expect([name, file.split('/')[0]]).toEqual([name, name === 'migrate' ? 'chat' : name]);
        expect(readFileSync(join(dir, file), 'utf8')).not.toBe('');
      }
    }
  });

  it('stay what they are when made again', () => {
    const contents = () =>
      Object.keys(secrets.CONSUMERS).flatMap((name) =>
        readdirSync(join(dir, name)).map((file) => readFileSync(join(dir, name, file), 'utf8')),
      );
    const before = contents();
    secrets.writeSecrets(dir);
    expect(contents()).toEqual(before);
  });

  it.each(ours)('%s accepts its environment', (name, { environment }) => {
    const env = Object.fromEntries(
      Object.entries(environment).map(([key, value]) => [key, withDefaults(value).replace(MOUNT, `${dir}/`)]),
    );
    const known = settings.find((service) => service.name === name)?.settings ?? [];
    const names = known.flatMap(({ env: key, secret }) => (secret ? [key, `${key}_FILE`] : [key]));
    expect(names).toEqual(
      expect.arrayContaining(
        Object.keys(env)
          .filter((key) => env[key] !== '')
          .filter((key) => key !== 'PUBLIC_URL'),
      ),
    );
    const config = loadConfig(schemas[name] as never, env) as { server: { host: string; port: number } };
    expect(config.server.host).toBe('0.0.0.0');
  });

  it.each(ours)('%s is reached at the address others are given', (name) => {
    const port = services[name]?.environment['PORT'];
    for (const [, { environment }] of ours) {
      const address = environment[`${name.toUpperCase()}_URL`];
      if (address) expect(address).toBe(`http://${name}:${port}`);
    }
  });
});

describe('monitoring', () => {
  const read = (file: string) => readFileSync(join(root, 'deploy/monitoring', file), 'utf8');

  it('scrapes every service at its port', () => {
    type Job = { job_name: string; dns_sd_configs: { names: string[]; port: number }[] };
    const { scrape_configs } = parse(read('prometheus.yml')) as { scrape_configs: Job[] };
    const scraped = scrape_configs.map(({ job_name, dns_sd_configs: [target] }) => [
      job_name,
      target?.names,
      String(target?.port),
    ]);
    expect(scraped).toEqual(ours.map(([name, { environment }]) => [name, [name], environment['PORT']]));
  });

  it('sends traces from the services to Jaeger', () => {
    type Collector = {
      receivers: Record<string, unknown>;
      exporters: { otlp_grpc: { endpoint: string } };
      service: { pipelines: { traces: { receivers: string[]; exporters: string[] } } };
    };
    const { receivers, exporters, service } = parse(read('otel-collector.yaml')) as Collector;
    expect(Object.keys(receivers)).toEqual(service.pipelines.traces.receivers);
    expect(Object.keys(exporters)).toEqual(service.pipelines.traces.exporters);
    expect(services).toHaveProperty([exporters.otlp_grpc.endpoint.split(':')[0] as string]);
  });

  it('draws metrics that exist', () => {
    const sources = ['apps', 'libs'].flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
        .map((file) => readFileSync(join(root, top, file), 'utf8')),
    );
    const known = new Set(sources.flatMap((text) => text.match(/(?<=')parley_[a-z_]+(?=')/g) ?? []));
    const drawn = new Set(read('grafana/parley.json').match(/parley_[a-z_]+/g));
    for (const name of drawn) {
      const base = name.replace(/_(bucket|count|sum)$/, '');
      expect([name, known.has(base) || known.has(name)]).toEqual([name, true]);
    }
    expect(drawn.size).toBeGreaterThan(5);
  });
});
