import {
  DiscardPolicy,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamInfo,
} from '@nats-io/jetstream';
import { EVENTS_STREAM, EVENTS_SUBJECTS } from '#contracts';

export const DEAD_LETTERS_STREAM = 'DEAD_LETTERS';
/** `dlq.v1.<consumer>` */
export const deadLetterSubject = (consumer: string): string => `dlq.v1.${consumer}`;

/** One note per consumer about deliveries that don't count (`ExcusedDeliveries`). */
export const EXCUSED_STREAM = 'EXCUSED_DELIVERIES';
export const excusedSubject = (consumer: string): string => `excused.v1.${consumer}`;

const HOUR_NS = 3_600_000_000_000;
/** Publishing an event id again within this time is recognised by JetStream. */
const DUPLICATE_WINDOW_NS = 10 * 60 * 1_000_000_000;

export type StreamLimits = { replicas: number; maxAgeHours: number; maxBytes: number };

/** Creates the streams, or brings existing ones to this configuration. Safe to run from every service at once. */
export const ensureStreams = async (jsm: JetStreamManager, limits: StreamLimits): Promise<void> => {
  const common = {
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    num_replicas: limits.replicas,
  };
  const streams = [
    {
      ...common,
      name: EVENTS_STREAM,
      subjects: [EVENTS_SUBJECTS],
      max_age: limits.maxAgeHours * HOUR_NS,
      max_bytes: limits.maxBytes,
      duplicate_window: DUPLICATE_WINDOW_NS,
    },
    {
      ...common,
      name: DEAD_LETTERS_STREAM,
      subjects: ['dlq.v1.>'],
      max_age: 30 * 24 * HOUR_NS,
      max_bytes: limits.maxBytes / 4,
    },
    { ...common, name: EXCUSED_STREAM, subjects: ['excused.v1.*'], max_msgs_per_subject: 1 },
  ];
  for (const config of streams) {
    const existing = await findStream(jsm, config.name);
    if (existing) await jsm.streams.update(config.name, config);
    else await jsm.streams.add(config);
  }
};

const findStream = async (jsm: JetStreamManager, name: string): Promise<StreamInfo | null> => {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if ((error as { code?: number }).code === 404 || (error as Error).message.includes('stream not found'))
      return null;
    throw error;
  }
};

/** Names one life of a stream: a recreated stream counts from 1 again, but under another epoch. */
export const epochOf = (info: StreamInfo): string => Date.parse(info.created).toString(36);
