import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { Job, JobErrorPage, JobId, JobKind, JobPage, PageQuery, WorkspaceId } from '#contracts';
import { Clock, cutPage, decodeCursor, uuidv7 } from '#core';
import { Database } from '#db';
import { DomainError, type Principal, foreignCursor } from '#platform';
import { AccessService } from '../access/access.service.js';
import { OperationEvents } from './operation-events.js';
import { OperationFiles } from './operation-files.js';
import { OperationRunner } from './operation-runner.js';
import { needed, presentOperation, unitOf, type OperationRow } from './operation.js';
import { OperationsRepository } from './operations.repository.js';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Starts, shows and stops what runs in the background. Only who started an operation sees it. */
@Injectable()
export class OperationsService {
  constructor(
    private readonly database: Database,
    private readonly access: AccessService,
    private readonly operations: OperationsRepository,
    private readonly events: OperationEvents,
    private readonly files: OperationFiles,
    private readonly runner: OperationRunner,
    private readonly clock: Clock,
  ) {}

  async import(
    caller: Principal,
    workspaceId: WorkspaceId,
    kind: Exclude<JobKind, 'slack_export'>,
    source: Readable,
    dryRun: boolean,
  ): Promise<Job> {
    await this.access.permit(caller, workspaceId, needed[kind]);
    if (await this.operations.hasLive(workspaceId)) throw new DomainError('job.already_running');
    const id = uuidv7() as JobId;
    try {
      if ((await this.files.write(id, 'source', source)) === 0) throw new DomainError('import.unreadable');
      return await this.start(caller, { id, workspaceId, kind, dryRun, whole: false });
    } catch (error) {
      await this.files.drop(id, 'source');
      throw error;
    }
  }

  /** Owners get everything; whoever else may export, what everyone in the workspace may see. */
  async export(caller: Principal, workspaceId: WorkspaceId): Promise<Job> {
    const { workspaceRole } = await this.access.permit(caller, workspaceId, needed.slack_export);
    const id = uuidv7() as JobId;
    const whole = workspaceRole === 'owner';
    return this.start(caller, { id, workspaceId, kind: 'slack_export', dryRun: false, whole });
  }

  async list(caller: Principal, workspaceId: WorkspaceId, { limit, cursor }: PageQuery): Promise<JobPage> {
    await this.access.workspace(caller, workspaceId);
    const rows = await this.operations.list(workspaceId, caller.userId, idCursor(cursor), limit + 1);
    const page = cutPage(rows, limit, (row) => [row.id]);
    const now = this.clock.now();
    return { ...page, data: page.data.map((row) => presentOperation(row, now)) };
  }

  async get(caller: Principal, id: JobId): Promise<Job> {
    return presentOperation(await this.mine(caller, id), this.clock.now());
  }

  async errors(caller: Principal, id: JobId, { limit, cursor }: PageQuery): Promise<JobErrorPage> {
    await this.mine(caller, id);
    const rows = await this.operations.errors(id, positionCursor(cursor), limit + 1);
    return cutPage(rows, limit, (row) => [row.position]);
  }

  async cancel(caller: Principal, id: JobId): Promise<Job> {
    await this.mine(caller, id);
    const finishedAt = this.clock.now();
    const row = await this.database.transaction(async (tx) => {
      const end = { state: 'cancelled', problem: null, finishedAt, downloadableUntil: null } as const;
      const cancelled = await this.operations.finish(tx, id, null, end);
      if (!cancelled) throw new DomainError('job.finished');
      await this.events.tell(tx, cancelled);
      return cancelled;
    });
    await this.files.drop(id, 'source');
    return presentOperation(row, finishedAt);
  }

  /** The file of an export: for whoever started it, as long as they may export. */
  async result(caller: Principal, id: JobId): Promise<{ size: number; bytes: Readable }> {
    const row = await this.mine(caller, id);
    const { workspaceRole } = await this.access.permit(caller, row.workspaceId, needed.slack_export);
    if (row.whole && workspaceRole !== 'owner') throw new DomainError('permission.denied');
    if (!presentOperation(row, this.clock.now()).downloadableUntil)
      throw new DomainError('job_result.not_found');
    const size = await this.files.size(id, 'result');
    return { size, bytes: this.files.read(id, 'result', 0, size) };
  }

  private async start(
    caller: Principal,
    input: Pick<OperationRow, 'id' | 'workspaceId' | 'kind' | 'dryRun' | 'whole'>,
  ): Promise<Job> {
    const createdAt = this.clock.now();
    const row = await this.database.transaction(async (tx) => {
      const inserted = await this.operations.insert(tx, {
        ...input,
        unit: unitOf[input.kind],
        startedBy: caller.userId,
        createdAt,
      });
      if (!inserted) throw new DomainError('job.already_running');
      await this.runner.start(tx, inserted.id);
      await this.events.tell(tx, inserted);
      return inserted;
    });
    return presentOperation(row, createdAt);
  }

  private async mine(caller: Principal, id: JobId): Promise<OperationRow> {
    const row = await this.operations.find(id, caller.userId);
    if (!row) throw new DomainError('job.not_found');
    return row;
  }
}

const invalid = () => foreignCursor();

const idCursor = (cursor: string | undefined): string => {
  if (cursor === undefined) return LAST_ID;
  const [id] = decodeCursor(cursor, 1) ?? [];
  const known = typeof id === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  if (!known) throw invalid();
  return id;
};

const positionCursor = (cursor: string | undefined): number => {
  if (cursor === undefined) return 0;
  const [position] = decodeCursor(cursor, 1) ?? [];
  const known = typeof position === 'number' && Number.isInteger(position) && Math.abs(position) < 2 ** 31;
  if (!known) throw invalid();
  return position;
};
