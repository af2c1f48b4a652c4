import type { FastifyRequest } from 'fastify';
import type { Device } from './sessions.service.js';

/** What a request tells of the device it comes from. */
export const deviceOf = (request: FastifyRequest): Device => ({
  userAgent: request.headers['user-agent'] ?? '',
  ip: request.ip,
});
