import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUpWith, launch, pidOf, stop } from '../measure/children.ts';
import { findProgram, freePort } from '../measure/engines.ts';
import type { Endpoint } from '../measure/subject.ts';

const MODULE_FOLDERS = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/local/lib/nginx/modules'];

/** Why nginx or its nchan module cannot be measured here, in words for the user; null when it can. */
export function missingNginx(): string | null {
  return findProgram('nginx') === null ? 'nginx is not installed (Debian: apt install nginx)' : null;
}

function nchanModule(): string | undefined {
  return MODULE_FOLDERS.map((folder) => path.join(folder, 'ngx_nchan_module.so')).find((file) =>
    existsSync(file),
  );
}

export function missingNchan(): string | null {
  if (missingNginx() !== null) return missingNginx();
  return nchanModule() === undefined
    ? 'nchan is not installed (Debian: apt install libnginx-mod-nchan)'
    : null;
}

interface Nginx {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

async function startNginx(load: string, http: string): Promise<Nginx> {
  const program = findProgram('nginx');
  if (program === null) throw new Error(missingNginx() ?? '');
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'parley-nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const user =
    process.getuid?.() === 0 ? `user ${execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()};` : '';
  const config = `
    ${load}
    ${user}
    daemon off;
    worker_processes auto;
    worker_rlimit_nofile 20000;
    pid ${folder}/pid;
    error_log ${folder}/error.log warn;
    events { worker_connections 16000; multi_accept on; }
    http {
      access_log off;
      keepalive_requests 100000000;
      ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join('\n      ')}
      ${http.replaceAll('PORT', String(port))}
    }`;
  writeFileSync(path.join(folder, 'nginx.conf'), config);
  const child = launch(
    program,
    ['-p', folder, '-e', `${folder}/error.log`, '-c', path.join(folder, 'nginx.conf')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const end = async () => {
    await stop(child);
    rmSync(folder, { recursive: true, force: true });
  };
  cleanUpWith(end);
  await untilListening(port);
  return { port, pid: pidOf(child), stop: end };
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error('nginx does not listen');
}

/** nginx in front of an event-stream server, unbuffered: what an operator would put there instead of the gateway. */
export function startProxy(upstream: number): Promise<Nginx> {
  return startNginx(
    '',
    `upstream app { server 127.0.0.1:${upstream}; keepalive 128; }
      server {
        listen 127.0.0.1:PORT backlog=4096 reuseport;
        location / {
          proxy_pass http://app;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_buffering off;
          proxy_read_timeout 1h;
        }
      }`,
  );
}

export interface Nchan extends Nginx {
  readonly streams: Endpoint;
  publish(payload: string): void;
}

/** nchan as its manual has it: HTTP publisher, EventSource subscribers, messages kept in memory for late readers. */
export async function startNchan(): Promise<Nchan> {
  const nginx = await startNginx(
    `load_module ${nchanModule() ?? ''};`,
    `nchan_shared_memory_size 256M;
      server {
        listen 127.0.0.1:PORT backlog=4096;
        location = /publish {
          nchan_publisher;
          nchan_channel_id room;
          nchan_message_buffer_length 1000;
          nchan_message_timeout 1m;
        }
        location = /events {
          nchan_subscriber eventsource;
          nchan_channel_id room;
          nchan_subscriber_first_message newest;
        }
      }`,
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const options = { port: nginx.port, path: '/publish', method: 'POST', agent };
  return {
    ...nginx,
    streams: { port: nginx.port, targets: [{ path: '/events', headers: [] }] },
    publish: (payload) => {
      const outgoing = request({ ...options, headers: { 'Content-Type': 'application/json' } }, (reply) =>
        reply.resume(),
      );
      outgoing.on('error', () => undefined);
      outgoing.end(payload);
    },
    stop: async () => {
      agent.destroy();
      await nginx.stop();
    },
  };
}
