import type { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  ImportQuery,
  PageQuery,
  params,
  routes,
  type Job,
  type JobErrorPage,
  type JobId,
  type JobPage,
  type WorkspaceId,
} from '#contracts';
import { Caller, StreamedBody, type Principal } from '#platform';
import { OperationsService } from './operations.service.js';

type W = { workspaceId: WorkspaceId };
type J = { jobId: JobId };
const j = routes.getJob.params;

@Controller()
export class OperationsController {
  constructor(private readonly operations: OperationsService) {}

  @Post('workspaces/:workspaceId/imports/csv-users')
  @HttpCode(202)
  importUsers(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: ImportQuery }) { dryRun }: ImportQuery,
    @StreamedBody() source: Readable,
  ): Promise<Job> {
    return this.operations.import(caller, workspaceId, 'csv_users', source, dryRun);
  }

  @Post('workspaces/:workspaceId/imports/csv-channels')
  @HttpCode(202)
  importChannels(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: ImportQuery }) { dryRun }: ImportQuery,
    @StreamedBody() source: Readable,
  ): Promise<Job> {
    return this.operations.import(caller, workspaceId, 'csv_channels', source, dryRun);
  }

  @Post('workspaces/:workspaceId/imports/slack')
  @HttpCode(202)
  importSlack(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: ImportQuery }) { dryRun }: ImportQuery,
    @StreamedBody() source: Readable,
  ): Promise<Job> {
    return this.operations.import(caller, workspaceId, 'slack_import', source, dryRun);
  }

  @Post('workspaces/:workspaceId/exports/slack')
  @HttpCode(202)
  exportSlack(@Caller() caller: Principal, @Param({ schema: params.w }) { workspaceId }: W): Promise<Job> {
    return this.operations.export(caller, workspaceId);
  }

  @Get('workspaces/:workspaceId/jobs')
  list(
    @Caller() caller: Principal,
    @Param({ schema: params.w }) { workspaceId }: W,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<JobPage> {
    return this.operations.list(caller, workspaceId, query);
  }

  @Get('jobs/:jobId')
  get(@Caller() caller: Principal, @Param({ schema: j }) { jobId }: J): Promise<Job> {
    return this.operations.get(caller, jobId);
  }

  @Get('jobs/:jobId/errors')
  errors(
    @Caller() caller: Principal,
    @Param({ schema: j }) { jobId }: J,
    @Query({ schema: PageQuery }) query: PageQuery,
  ): Promise<JobErrorPage> {
    return this.operations.errors(caller, jobId, query);
  }

  @Post('jobs/:jobId/cancel')
  @HttpCode(200)
  cancel(@Caller() caller: Principal, @Param({ schema: j }) { jobId }: J): Promise<Job> {
    return this.operations.cancel(caller, jobId);
  }

  @Get('jobs/:jobId/result')
  async result(
    @Caller() caller: Principal,
    @Param({ schema: j }) { jobId }: J,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { size, bytes } = await this.operations.result(caller, jobId);
    void reply.header('cache-control', 'private, no-store');
    return new StreamableFile(bytes, {
      type: 'application/zip',
      length: size,
      disposition: `attachment; filename="export-${jobId}.zip"`,
    });
  }
}
