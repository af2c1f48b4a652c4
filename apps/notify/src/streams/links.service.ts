import type { Server } from 'node:http';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { LinkOrigins } from '#streams';
import * as metrics from './stream-metrics.js';

/** Links of gateways, through which they open streams for clients that are connected to them. */
@Injectable()
export class LinksService implements OnModuleInit, OnModuleDestroy, BeforeApplicationShutdown {
  private links: LinkOrigins | undefined;

  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const links = new LinkOrigins(server, {
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
