type Operation = {
  operationId?: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: unknown[];
  parameters?: { name: string; in: string; required?: boolean; schema?: unknown }[];
  requestBody?: { content?: Record<string, { schema?: unknown }> };
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>;
};
export type OpenApi = {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
  components?: { schemas?: Record<string, unknown> };
};

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);

const schemaHtml = (schema: unknown): string => {
  if (schema === undefined) return '';
  const text = escapeHtml(JSON.stringify(schema, null, 2));
  const linked = text.replace(/#\/components\/schemas\/([\w.-]+)/g, '<a href="#schema-$1">$1</a>');
  return `<pre>${linked}</pre>`;
};

const contentHtml = (content: Record<string, { schema?: unknown }> = {}): string =>
  Object.entries(content)
    .map(([type, { schema }]) => `<p><code>${escapeHtml(type)}</code></p>${schemaHtml(schema)}`)
    .join('');

const parametersHtml = (parameters: NonNullable<Operation['parameters']>): string =>
  parameters.length === 0
    ? ''
    : `<h4>Parameters</h4><ul>${parameters
        .map(
          ({ name, in: place, required, schema }) =>
            `<li><code>${escapeHtml(name)}</code> in ${escapeHtml(place)}${required ? ', required' : ''}${schemaHtml(schema)}</li>`,
        )
        .join('')}</ul>`;

const operationHtml = (method: string, path: string, operation: Operation): string => {
  const replies = Object.entries(operation.responses ?? {})
    .map(([status, { description = '', content }]) => {
      const title = `<strong>${escapeHtml(status)}</strong> ${escapeHtml(description)}`;
      return content
        ? `<details><summary>${title}</summary>${contentHtml(content)}</details>`
        : `<p>${title}</p>`;
    })
    .join('');
  return `<details class="operation" id="${escapeHtml(operation.operationId ?? `${method}-${path}`)}">
<summary><span class="method ${method}">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary ?? '')}</summary>
<p>${escapeHtml(operation.description ?? '')}</p>
${parametersHtml(operation.parameters ?? [])}
${operation.requestBody ? `<h4>Body</h4>${contentHtml(operation.requestBody.content)}` : ''}
<h4>Replies</h4>${replies}
</details>`;
};

/** The API as one page of plain HTML: no script, nothing from elsewhere. */
export const docsPage = (api: OpenApi): string => {
  const byTag = new Map<string, string[]>();
  for (const [path, item] of Object.entries(api.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item[method];
      if (!operation) continue;
      const tag = operation.tags?.[0] ?? 'other';
      byTag.set(tag, [...(byTag.get(tag) ?? []), operationHtml(method, path, operation)]);
    }
  }
  const tags = [...byTag.keys()];
  const schemas = Object.entries(api.components?.schemas ?? {});
  const { title, version, description = '' } = api.info;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} API</title><link rel="stylesheet" href="/api/v1/docs.css"></head><body>
<header><h1>${escapeHtml(title)} <small>${escapeHtml(version)}</small></h1><p>${escapeHtml(description)}</p>
<nav aria-label="Sections">${tags.map((tag) => `<a href="#tag-${escapeHtml(tag)}">${escapeHtml(tag)}</a>`).join(' ')}
<a href="#schemas">schemas</a> <a href="/api/v1/openapi.json">openapi.json</a></nav></header><main>
${tags.map((tag) => `<section id="tag-${escapeHtml(tag)}"><h2>${escapeHtml(tag)}</h2>${byTag.get(tag)?.join('\n') ?? ''}</section>`).join('\n')}
<section id="schemas"><h2>Schemas</h2>${schemas
    .map(
      ([name, schema]) =>
        `<details id="schema-${escapeHtml(name)}"><summary><code>${escapeHtml(name)}</code></summary>${schemaHtml(schema)}</details>`,
    )
    .join('\n')}</section>
</main></body></html>
`;
};

export const DOCS_CSS = `:root{color-scheme:light dark;--line:#8884;--accent:#0b7285}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem}
nav a{margin-right:.75rem}a{color:var(--accent)}small{color:gray;font-weight:400}
details{border:1px solid var(--line);border-radius:.5rem;margin:.5rem 0;padding:.5rem .75rem}
summary{cursor:pointer;overflow-wrap:anywhere}pre{overflow:auto;background:#8881;padding:.75rem;border-radius:.5rem;font-size:.85rem}
.method{display:inline-block;min-width:4.5rem;text-align:center;border-radius:.25rem;color:#fff;background:#495057;font-size:.8rem;font-weight:700}
.method.get{background:#1864ab}.method.post{background:#2b8a3e}.method.put,.method.patch{background:#9c5700}.method.delete{background:#c92a2a}
`;

/** Shown at `/` when no web client is built. */
export const API_ONLY_PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Parley</title><link rel="stylesheet" href="/api/v1/docs.css"></head><body><main>
<h1>Parley is running</h1>
<p>The API is here, but no web client is installed with it.</p>
<p>Build one with <code>npm run build:web</code> and start again, or point <code>WEB_DIR</code> at a build.</p>
<p><a href="/api/v1/docs">Browse the API</a></p>
</main></body></html>
`;
