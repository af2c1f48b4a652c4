import type { Server } from 'node:http';
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CONFIG } from '#platform';
import { LinkOrigins } from '#streams';
import type { NotifyConfig } from '../config.js';
import * as metrics from './stream-metrics.js';

/** Links of gateways, through which they open streams for clients that are connected to them. */
@Injectable()
export class LinksService implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private links: LinkOrigins | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    @Inject(CONFIG) private readonly config: NotifyConfig,
  ) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const links = new LinkOrigins(server, {
      siblings: this.config.workers,
      relayed: (streams) => {
        metrics.counts.relayed++;
        metrics.counts.deliveries += streams;
      },
    });
    metrics.observeLinks(links);
    this.links = links;
  }

  onModuleDestroy(): void {
    this.links?.refuse();
  }

  /** All streams have ended by now. */
  beforeApplicationShutdown(): void {
    this.links?.close();
  }
}
