import { SetMetadata } from '@nestjs/common';

export const TAKES_TICKET = 'parley:takes-ticket';

/** A route that may be called with `?ticket=` instead of a token. */
export const TakesTicket = () => SetMetadata(TAKES_TICKET, true);
