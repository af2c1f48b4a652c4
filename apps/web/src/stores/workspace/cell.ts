import type { ShallowRef } from 'vue';
import type { WorkspaceState } from './state.js';

/** The one place the state lives; every change is a pure step. */
export type Cell = {
  readonly state: Readonly<ShallowRef<WorkspaceState>>;
  update(step: (state: WorkspaceState) => WorkspaceState): void;
};
