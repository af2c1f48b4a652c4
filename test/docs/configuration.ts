/** What the documents say about settings, made from the schemas. Pure, and free of imports that need a build. */

type Parsed = { success: true; data: unknown } | { success: false };
/** As `settingsOf` of #platform gives it. */
type Setting = {
  env: string;
  description: string;
  secret?: boolean;
  schema: { safeParse(value: unknown): Parsed };
};
export type Service = { name: string; settings: readonly Setting[] };

/** Settings of one name over all services. */
type Variable = {
  env: string;
  secret: boolean;
  /** Default (null: required, '' : not set) → services that have it. */
  defaults: Map<string | null, string[]>;
  descriptions: Map<string, string[]>;
  services: string[];
};

export const TABLE_START = '<!-- settings: made by `node test/docs/generate.mjs`, do not edit -->';
export const TABLE_END = '<!-- /settings -->';

const add = <Key>(map: Map<Key, string[]>, key: Key, service: string): void => {
  map.set(key, [...(map.get(key) ?? []), service]);
};

const defaultOf = ({ schema }: Setting): string | null => {
  const parsed = schema.safeParse(undefined);
  if (!parsed.success) return null;
  if (parsed.data === undefined) return '';
  if (Array.isArray(parsed.data)) return parsed.data.join(',');
  return typeof parsed.data === 'string' ? parsed.data : JSON.stringify(parsed.data);
};

const variablesOf = (services: readonly Service[]): Variable[] => {
  const variables = new Map<string, Variable>();
  for (const { name, settings } of services) {
    for (const found of settings) {
      const { env, secret = false, description } = found;
      const variable: Variable = variables.get(env) ?? {
        env,
        secret,
        defaults: new Map(),
        descriptions: new Map(),
        services: [],
      };
      variables.set(env, variable);
      variable.services.push(name);
      add(variable.defaults, defaultOf(found), name);
      add(variable.descriptions, description, name);
    }
  }
  return [...variables.values()];
};

const usedBy = ({ services }: Variable, all: readonly Service[]): string =>
  services.length === all.length ? 'all' : services.join(', ');

/** One meaning, or each with the services that give it. */
const perService = (texts: ReadonlyMap<string, string[]>, separator: string): string =>
  texts.size === 1
    ? [...texts.keys()].join('')
    : [...texts].map(([text, services]) => `${services.join(', ')}: ${text}`).join(separator);

const code = (text: string | null): string =>
  text === null ? '**required**' : text === '' ? '—' : `\`${text}\``;

/** The table of docs/operations.md. */
export const settingsTable = (services: readonly Service[]): string => {
  const rows = variablesOf(services).map((variable) => {
    const defaults = new Map([...variable.defaults].map(([text, names]) => [code(text), names]));
    const name = variable.secret ? `\`${variable.env}\` 🔑` : `\`${variable.env}\``;
    const cells = [
      name,
      perService(defaults, '<br>'),
      usedBy(variable, services),
      perService(variable.descriptions, '<br>'),
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Variable | Default | Used by | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
};

const HEADER = `# Settings of Parley. Copy this file to .env and take the # off what you change.
#
# \`docker compose\` reads .env. It sets HOST and the addresses of services and engines itself, and PORT is where
# the gateway is published. Started any other way a service reads its environment only.
# What is marked 🔑 can also be given as a file: NAME_FILE.
# Made by \`node test/docs/generate.mjs\`, do not edit.

# --- docker compose only ---

# Address on which the gateway's port is published.
# PARLEY_BIND=127.0.0.1

# Tag of the images that are built and run.
# PARLEY_VERSION=local

# --- services ---
`;

/** .env.example */
export const envExample = (services: readonly Service[]): string => {
  const entries = variablesOf(services).map((variable) => {
    const { env, secret, defaults, descriptions } = variable;
    const about = [...descriptions].map(([text, names]) =>
      descriptions.size === 1 ? `# ${text}` : `# ${text} (${names.join(', ')})`,
    );
    const [only] = defaults.keys();
    const notes =
      defaults.size > 1
        ? [
            `# Default: ${[...defaults].map(([text, names]) => `${names.join(', ')} ${text ?? ''}`).join(', ')}`,
          ]
        : only === null
          ? ['# Required']
          : [];
    const value = defaults.size > 1 ? '' : (only ?? '');
    return [
      ...about,
      `# Used by: ${usedBy(variable, services)}${secret ? ' 🔑' : ''}`,
      ...notes,
      `# ${env}=${value}`,
    ].join('\n');
  });
  return `${HEADER}\n${entries.join('\n\n')}\n`;
};
