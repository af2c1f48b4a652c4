import { Injectable } from '@nestjs/common';
import type { JobError, JobId, UserId, WorkspaceId } from '#contracts';
import { Database, type Statement, type Tx } from '#db';
import { MAX_OMISSIONS, type Omission, type OperationRow, type Step } from './operation.js';

const COLUMNS = `
  o.id, o.workspace_id AS "workspaceId", o.kind, o.state, o.dry_run AS "dryRun", o.whole, o.done, o.total, o.unit,
  o.checkpoint, o.result, o.error_count AS "errorCount", o.problem, o.downloadable_until AS "downloadableUntil",
  o.started_by AS "startedBy", o.created_at AS "createdAt", o.started_at AS "startedAt",
  o.finished_at AS "finishedAt", o.step, o.stalls, o.version`;

const OF_STARTER: Statement = {
  name: 'operations_of_starter',
  text: `
    SELECT ${COLUMNS} FROM chat.operations o
    JOIN chat.workspace_members w ON w.workspace_id = o.workspace_id AND w.user_id = o.started_by
    WHERE o.id = $1 AND o.started_by = $2`,
};
const LIST: Statement = {
  name: 'operations_list',
  text: `
    SELECT ${COLUMNS} FROM chat.operations o
    WHERE o.workspace_id = $1 AND o.started_by = $2 AND o.id < $3 ORDER BY o.id DESC LIMIT $4`,
};
const ERRORS: Statement = {
  name: 'operations_errors',
  text: `
    SELECT position, file, line, pointer, code, detail FROM chat.operation_errors
    WHERE operation_id = $1 AND position > $2 ORDER BY position LIMIT $3`,
};
const LIVE: Statement = {
  name: 'operations_live',
  text: `SELECT id FROM chat.operations WHERE workspace_id = $1 AND state IN ('queued', 'running')`,
};
const INSERT = `
  INSERT INTO chat.operations AS o (id, workspace_id, kind, state, dry_run, whole, unit, started_by, created_at)
  VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8)
  ON CONFLICT (workspace_id) WHERE state IN ('queued', 'running') DO NOTHING RETURNING ${COLUMNS}`;
const BEGIN = `
  UPDATE chat.operations o SET state = 'running', started_at = coalesce(started_at, $2), step = step + 1,
    stalls = stalls + 1, version = version + 1
  WHERE id = $1 AND state IN ('queued', 'running') RETURNING ${COLUMNS}`;
/** Matches only while the operation runs and nobody else has gone on with it: the fence of every step. */
const ADVANCE = `
  UPDATE chat.operations o SET step = step + 1, stalls = 0, checkpoint = $3, done = $4, total = coalesce($5, total),
    result = $6, error_count = error_count + $7, version = version + 1
  WHERE id = $1 AND step = $2 AND state = 'running' RETURNING ${COLUMNS}`;
const FINISH = `
  UPDATE chat.operations o SET state = $3, problem = $4, finished_at = $5, downloadable_until = $6, version = version + 1
  WHERE id = $1 AND state IN ('queued', 'running') AND ($2::int IS NULL OR step = $2) RETURNING ${COLUMNS}`;
const ADD_ERRORS = `
  INSERT INTO chat.operation_errors (operation_id, position, file, line, pointer, code, detail)
  SELECT $1, $2 + ord, file, line, pointer, code, detail
  FROM ROWS FROM (jsonb_to_recordset($3::jsonb) AS (file text, line int, pointer text, code text, detail text))
    WITH ORDINALITY AS e(file, line, pointer, code, detail, ord)`;

/** All SQL on operations. */
@Injectable()
export class OperationsRepository {
  constructor(private readonly database: Database) {}

  async find(id: JobId, starterId: UserId): Promise<OperationRow | null> {
    return (await this.database.run<OperationRow>(OF_STARTER, [id, starterId]))[0] ?? null;
  }

  list(workspaceId: WorkspaceId, starterId: UserId, before: string, limit: number): Promise<OperationRow[]> {
    return this.database.run<OperationRow>(LIST, [workspaceId, starterId, before, limit]);
  }

  errors(id: JobId, after: number, limit: number): Promise<JobError[]> {
    return this.database.run<JobError>(ERRORS, [id, after, limit]);
  }

  async hasLive(workspaceId: WorkspaceId): Promise<boolean> {
    return (await this.database.run(LIVE, [workspaceId])).length > 0;
  }

  /** Null when another one of the workspace is under way. */
  async insert(
    tx: Tx,
    row: Pick<
      OperationRow,
      'id' | 'workspaceId' | 'kind' | 'dryRun' | 'whole' | 'unit' | 'startedBy' | 'createdAt'
    >,
  ): Promise<OperationRow | null> {
    const { id, workspaceId, kind, dryRun, whole, unit, startedBy, createdAt } = row;
    const values = [id, workspaceId, kind, dryRun, whole, unit, startedBy, createdAt];
    return (await tx.query<OperationRow>(INSERT, values))[0] ?? null;
  }

  /** Makes the caller its owner; null when it has ended. */
  async begin(tx: Tx, id: JobId, now: Date): Promise<OperationRow | null> {
    return (await tx.query<OperationRow>(BEGIN, [id, now]))[0] ?? null;
  }

  /** Null when it has ended, or someone else owns it. */
  async advance(
    tx: Tx,
    row: OperationRow,
    step: Step,
    result: Record<string, number>,
  ): Promise<OperationRow | null> {
    const omissions = step.omissions ?? [];
    const values = [
      row.id,
      row.step,
      JSON.stringify(step.checkpoint),
      step.done,
      step.total ?? null,
      JSON.stringify(result),
      omissions.length,
    ];
    const [advanced] = await tx.query<OperationRow>(ADVANCE, values);
    if (advanced) await this.addErrors(tx, row, omissions);
    return advanced ?? null;
  }

  /** Null when it had ended before, or (when a step is given) someone else owns it. */
  async finish(
    tx: Tx,
    id: JobId,
    step: number | null,
    end: Pick<OperationRow, 'state' | 'problem' | 'downloadableUntil'> & { finishedAt: Date },
  ): Promise<OperationRow | null> {
    const values = [id, step, end.state, end.problem, end.finishedAt, end.downloadableUntil];
    return (await tx.query<OperationRow>(FINISH, values))[0] ?? null;
  }

  private async addErrors(tx: Tx, row: OperationRow, omissions: readonly Omission[]): Promise<void> {
    const kept = omissions
      .slice(0, Math.max(0, MAX_OMISSIONS - row.errorCount))
      .map((omission) => ({ ...omission, file: omission.file?.replaceAll('\u0000', '').toWellFormed() }));
    if (kept.length > 0) await tx.query(ADD_ERRORS, [row.id, row.errorCount, JSON.stringify(kept)]);
  }
}
