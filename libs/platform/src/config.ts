import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a setting is called outside and what it means; the docs table is made of it. */
export type SettingMeta = { env: string; description: string; secret?: boolean };

/** Marks a leaf of a configuration object. `secret` settings can also be given as a file, `<ENV>_FILE`. */
export const setting = <T extends z.ZodType>(schema: T, meta: SettingMeta): T => schema.meta(meta);

export class ConfigError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
  }
}

export type Setting = SettingMeta & { path: string[]; schema: z.ZodType };

/** All settings of a schema, in order. */
export const settingsOf = (schema: z.ZodObject, path: string[] = []): Setting[] =>
  Object.entries(schema.shape).flatMap(([key, child]) => {
    const at = [...path, key];
    const meta = (child as z.ZodType).meta() as SettingMeta | undefined;
    if (meta?.env) return [{ ...meta, path: at, schema: child as z.ZodType }];
    if (child instanceof z.ZodObject) return settingsOf(child, at);
    throw new Error(`configuration key ${at.join('.')} is not a setting`);
  });

const read = (found: Setting, env: NodeJS.ProcessEnv, problems: string[]): string | undefined => {
  // An empty variable is what compose passes for one that is not set.
  const value = env[found.env] || undefined;
  const file = found.secret ? env[`${found.env}_FILE`] || undefined : undefined;
  if (value !== undefined || file === undefined) return value;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${found.env}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code})`);
    return undefined;
  }
};

const deepFreeze = <T>(value: T): T => {
  if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
};

/**
 * Reads the settings of `schema` from the environment once. Throws `ConfigError` that lists every problem
 * by variable name (never the value). The result is frozen.
 */
export const loadConfig = <T extends z.ZodObject>(
  schema: T,
  env: NodeJS.ProcessEnv = process.env,
): z.infer<T> => {
  const settings = settingsOf(schema);
  const problems: string[] = [];
  const raw: Record<string, unknown> = {};
  for (const found of settings) {
    let target = raw;
    for (const key of found.path.slice(0, -1)) target = (target[key] ??= {}) as Record<string, unknown>;
    const value = read(found, env, problems);
    if (value !== undefined) target[found.path.at(-1) as string] = value;
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success && problems.length === 0) return deepFreeze(parsed.data);
  for (const issue of parsed.error?.issues ?? []) {
    const found = settings.find((s) => s.path.every((key, i) => issue.path[i] === key));
    const name = found?.env ?? issue.path.join('.');
    if (!problems.some((problem) => problem.startsWith(`${name}_FILE:`))) {
      problems.push(`${name}: ${issue.message}${found ? ` — ${found.description}` : ''}`);
    }
  }
  throw new ConfigError(problems);
};
