import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
  ephemeralSchemas,
  eventSchemas,
  problems,
  StreamPosition,
  StreamReady,
  StreamResync,
} from '#contracts';
import { root } from './services.js';

const page = readFileSync(join(root, 'docs/events.md'), 'utf8');
const sections = new Map(
  page.split(/^### /m).map((section) => [section.split('\n', 1)[0] as string, section] as const),
);
const schemas: Record<string, z.ZodObject> = { ...eventSchemas, ...ephemeralSchemas };
const types = Object.keys(schemas);

describe('docs/events.md', () => {
  it.each(types)('has %s, with its audience and an example that is one', (type) => {
    const section = sections.get(type) ?? '';
    expect(section).toContain('Audience: ');
    const example: unknown = JSON.parse(/```json\n([^]*?)```/.exec(section)?.[1] ?? 'null');
    expect(schemas[type]?.strict().safeParse(example).success).toBe(true);
  });

  it('has frames of the stream that are such', () => {
    const frames = [...page.matchAll(/^data: (\{"type": "stream\..*\})$/gm)].map(
      ([, json]) => JSON.parse(json as string) as { type: string },
    );
    expect(frames.map(({ type }) => type)).toEqual(['stream.ready', 'stream.position', 'stream.resync']);
    expect(StreamReady.safeParse(frames[0]).success).toBe(true);
    expect(StreamPosition.safeParse(frames[1]).success).toBe(true);
    expect(StreamResync.safeParse(frames[2]).success).toBe(true);
  });

  it('explains every reason to resync', () => {
    for (const reason of StreamResync.shape.data.shape.reason.options)
      expect(page).toMatch(new RegExp(`^\\| \`${reason}\``, 'm'));
  });

  it('names only problem codes that exist', () => {
    for (const [, code] of page.matchAll(/`\d{3} ([a-z_]+\.[a-z_]+)`/g))
      expect(problems).toHaveProperty([code as string]);
  });
});
