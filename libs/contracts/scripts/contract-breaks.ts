import { list, nodes, schemaBreaks, type Document, type Node, type Place } from './schema-breaks.js';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const contentBreaks = (before: unknown, after: unknown, place: Place): string[] =>
  Object.entries(nodes(before)).flatMap(([type, old]) => {
    const now = nodes(after)[type];
    if (!now) return [`${place.at}: ${type} was removed`];
    return schemaBreaks(nodes(old)['schema'] ?? {}, nodes(now)['schema'] ?? {}, place);
  });

const parameterBreaks = (before: Node, after: Node, place: Place): string[] => {
  const key = (parameter: Node) => `${String(parameter['in'])} ${String(parameter['name'])}`;
  const byKey = (operation: Node) =>
    new Map((list(operation['parameters']) as Node[]).map((parameter) => [key(parameter), parameter]));
  const [old, now] = [byKey(before), byKey(after)];
  const changed = [...old].flatMap(([name, parameter]) => {
    const found = now.get(name);
    const at = `${place.at} ${name}`;
    if (!found) return [`${at}: was removed`];
    return schemaBreaks((parameter['schema'] ?? {}) as Node, (found['schema'] ?? {}) as Node, {
      ...place,
      at,
    });
  });
  const demanded = [...now].filter(
    ([name, { required }]) => required === true && old.get(name)?.['required'] !== true,
  );
  return [...changed, ...demanded.map(([name]) => `${place.at} ${name}: is required now`)];
};

const requestBreaks = (before: Node, after: Node, place: Place): string[] => {
  const [old, now] = [nodes(before)['requestBody'], nodes(after)['requestBody']];
  const at = `${place.at} request`;
  if (!now) return old ? [`${at}: was removed`] : [];
  if (!old) return now['required'] === true ? [`${at}: is required now`] : [];
  return contentBreaks(old['content'], now['content'], { ...place, at });
};

const responseBreaks = (before: Node, after: Node, place: Place): string[] =>
  Object.entries(nodes(before['responses'])).flatMap(([status, reply]) => {
    // Problems are told apart by their codes, and clients must expect new ones.
    if (!status.startsWith('2')) return [];
    const at = `${place.at} ${status}`;
    const now = nodes(after['responses'])[status];
    return now ? contentBreaks(reply['content'], now['content'], { ...place, at }) : [`${at}: was removed`];
  });

const operationBreaks = (before: Node, after: Node, at: string, old: Document, now: Document): string[] => {
  const seen = new Set<string>();
  const request: Place = { at, direction: 'request', old, now, seen };
  const wasOpen = Array.isArray(before['security']) && before['security'].length === 0;
  const isOpen = Array.isArray(after['security']) && after['security'].length === 0;
  return [
    ...(before['operationId'] === after['operationId'] ? [] : [`${at}: its operationId changed`]),
    ...(wasOpen && !isOpen ? [`${at}: needs authentication now`] : []),
    ...parameterBreaks(before, after, request),
    ...requestBreaks(before, after, request),
    ...responseBreaks(before, after, { ...request, direction: 'response' }),
  ];
};

/** What programs written for the API of `old` would trip over in `now`; each is a line that names its place. */
export const contractBreaks = (old: Document, now: Document): string[] =>
  Object.entries(old.paths).flatMap(([path, operations]) =>
    METHODS.flatMap((method) => {
      const [before, after] = [operations[method], now.paths[path]?.[method]];
      const at = `${method.toUpperCase()} ${path}`;
      if (!before) return [];
      return after ? operationBreaks(before, after, at, old, now) : [`${at}: was removed`];
    }),
  );

export type AllowedBreak = { break: string; reason: string };

/** Breaks that nobody meant, and permissions for breaks that don't occur. */
export const judgeBreaks = (breaks: string[], allowed: AllowedBreak[]) => ({
  unintended: breaks.filter((found) => !allowed.some((one) => one.break === found)),
  pointless: allowed.filter((one) => !breaks.includes(one.break) || !one.reason).map((one) => one.break),
});
