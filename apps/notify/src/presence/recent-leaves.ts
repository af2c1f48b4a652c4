const REMEMBERED_MS = 30_000;

/** Who left a workspace just now: what was judged before that is not to be acted on. */
export class RecentLeaves {
  private readonly at = new Map<string, number>();

  add(workspaceId: string, userId: string, now: number): void {
    for (const [key, then] of this.at) {
      if (now - then < REMEMBERED_MS) break;
      this.at.delete(key);
    }
    const key = `${workspaceId} ${userId}`;
    this.at.delete(key);
    this.at.set(key, now);
  }

  /** Whether somebody left at that time or later. */
  since(workspaceId: string, userId: string, time: number): boolean {
    return (this.at.get(`${workspaceId} ${userId}`) ?? -Infinity) >= time;
  }
}
