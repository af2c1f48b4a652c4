import type { EventOf, EventType } from '#contracts';
import type { View } from './view.js';

/** What each event makes of a view. */
export type Handlers<Types extends EventType> = {
  readonly [Type in Types]: (view: View, event: EventOf<Type>) => View;
};
