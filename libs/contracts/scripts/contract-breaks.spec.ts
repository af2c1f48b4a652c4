import { describe, expect, it } from '@jest/globals';
import { openApiDocument } from './openapi.js';
import { contractBreaks, judgeBreaks } from './contract-breaks.js';
import type { Document } from './schema-breaks.js';

const text = { type: 'string' };
const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required });
const json = (schema: object) => ({ content: { 'application/json': { schema } } });
type Api = { request?: object; reply?: object; parameters?: object[]; more?: object; schemas?: object };

/** An API of one operation. */
const api = ({
  request = object({}),
  reply = object({}),
  parameters = [],
  more = {},
  schemas = {},
}: Api): Document =>
  ({
    paths: {
      '/things': {
        post: {
          operationId: 'make',
          parameters,
          requestBody: { required: true, ...json(request) },
          responses: { 201: json(reply), 404: json(object({ code: { enum: ['a'] } })) },
          ...more,
        },
      },
    },
    components: { schemas },
  }) as Document;

const broken = (before: Api, after: Api) => contractBreaks(api(before), api(after));
const inRequest = (before: object, after: object) =>
  broken({ request: object({ a: before }) }, { request: object({ a: after }) });
const inReply = (before: object, after: object) =>
  broken({ reply: object({ a: before }) }, { reply: object({ a: after }) });
const query = (name: string, required = false, schema: object = text) => ({
  name,
  in: 'query',
  required,
  schema,
});

describe('contractBreaks', () => {
  it('finds none between a document and itself', () => {
    const document = JSON.parse(JSON.stringify(openApiDocument('0'))) as Document;
    expect(contractBreaks(document, document)).toEqual([]);
  });

  it('tells a path, a method and a reply that went away', () => {
    const whole = api({});
    const gone = ['POST /things: was removed'];
    expect(contractBreaks(whole, { paths: {} })).toEqual(gone);
    expect(contractBreaks(whole, { paths: { '/things': {} } })).toEqual(gone);
    expect(contractBreaks({ paths: {} }, whole)).toEqual([]);
    expect(broken({}, { more: { responses: { 200: json(object({})) } } })).toEqual([
      'POST /things 201: was removed',
    ]);
  });

  it('lets errors change: clients expect codes they do not know', () => {
    expect(broken({}, { more: { responses: { 201: json(object({})) } } })).toEqual([]);
  });

  it('tells an operation that is called otherwise or needs authentication now', () => {
    expect(broken({}, { more: { operationId: 'create' } })).toEqual([
      'POST /things: its operationId changed',
    ]);
    expect(broken({ more: { security: [] } }, {})).toEqual(['POST /things: needs authentication now']);
    expect(broken({}, { more: { security: [] } })).toEqual([]);
  });

  it('lets requests take more and replies say more', () => {
    expect(broken({ request: object({}) }, { request: object({ a: text }) })).toEqual([]);
    expect(broken({ reply: object({}) }, { reply: object({ a: text }, ['a']) })).toEqual([]);
    expect(broken({}, { parameters: [query('q')] })).toEqual([]);
    expect(broken({ request: object({ a: text }, ['a']) }, { request: object({ a: text }) })).toEqual([]);
    expect(broken({ reply: object({ a: text }) }, { reply: object({ a: text }, ['a']) })).toEqual([]);
  });

  it('tells what a request must carry now', () => {
    expect(broken({ request: object({ a: text }) }, { request: object({ a: text }, ['a']) })).toEqual([
      'POST /things request/a: is required now',
    ]);
    expect(broken({}, { request: object({ b: text }, ['b']) })).toEqual([
      'POST /things request/b: is required now',
    ]);
    const [none, needed] = ['POST /things query q: was removed', 'POST /things query q: is required now'];
    expect(broken({ parameters: [query('q')] }, {})).toEqual([none]);
    expect(broken({}, { parameters: [query('q', true)] })).toEqual([needed]);
    expect(broken({ parameters: [query('q')] }, { parameters: [query('q', true)] })).toEqual([needed]);
    expect(broken({ more: { requestBody: undefined } }, {})).toEqual([
      'POST /things request: is required now',
    ]);
  });

  it('tells what a reply does not say any more', () => {
    const before = { reply: object({ a: text, b: text }, ['a', 'b']) };
    expect(broken(before, { reply: object({ a: text }, ['a']) })).toEqual([
      'POST /things 201/b: was removed',
    ]);
    expect(broken(before, { reply: object({ a: text, b: text }, ['a']) })).toEqual([
      'POST /things 201/b: is not promised any more',
    ]);
  });

  it('tells a request property that a closed object refuses, not one that is passed over', () => {
    const closed = { ...object({}), additionalProperties: false };
    expect(broken({ request: object({ a: text }) }, { request: object({}) })).toEqual([]);
    expect(broken({ request: { ...closed, properties: { a: text } } }, { request: closed })).toEqual([
      'POST /things request/a: was removed',
    ]);
    expect(broken({ request: object({}) }, { request: closed })).toEqual([
      'POST /things request: takes no other properties now',
    ]);
  });

  it.each([
    ['maxLength', { ...text, maxLength: 9 }, { ...text, maxLength: 8 }],
    ['minimum', { type: 'integer' }, { type: 'integer', minimum: 1 }],
    ['maxItems', { type: 'array' }, { type: 'array', maxItems: 3 }],
    ['pattern', text, { ...text, pattern: 'x' }],
    ['format', { ...text, format: 'date-time' }, { ...text, format: 'date' }],
  ])('tells a narrower %s of a request, and lets it widen', (key, before, after) => {
    expect(inRequest(before, after)).toEqual([`POST /things request/a: ${key} is narrower`]);
    if (key !== 'format') expect(inRequest(after, before)).toEqual([]);
    expect(inReply(before, after)).toEqual([]);
  });

  it('knows which way a type may change', () => {
    const [integer, number] = [{ type: 'integer' }, { type: 'number' }];
    const orNull = (schema: object) => ({ anyOf: [schema, { type: 'null' }] });
    expect(inRequest(integer, number)).toEqual([]);
    expect(inRequest(number, integer)).toHaveLength(1);
    expect(inReply(number, integer)).toEqual([]);
    expect(inReply(integer, number)).toHaveLength(1);
    expect(inRequest(text, orNull(text))).toEqual([]);
    expect(inRequest(orNull(text), text)).toHaveLength(1);
    expect(inReply(orNull(text), text)).toEqual([]);
    expect(inReply(text, orNull(text))).toHaveLength(1);
    expect(inReply(text, { type: ['string', 'null'] })).toHaveLength(1);
    expect(inRequest({ type: 'array', items: number }, { type: 'array', items: integer })).toHaveLength(1);
  });

  it('tells values that went away; new ones are no break', () => {
    const values = (...names: string[]) => ({ ...text, enum: names });
    for (const compare of [inRequest, inReply]) {
      expect(compare(values('x', 'y'), values('x'))).toHaveLength(1);
      expect(compare(values('x'), values('x', 'y'))).toEqual([]);
    }
    expect(inRequest(text, values('x'))).toHaveLength(1);
    expect(inReply(text, values('x'))).toEqual([]);
  });

  it('compares the variants of a union with their like', () => {
    const variant = (kind: string, more: object = {}) => object({ kind: { const: kind }, ...more }, ['kind']);
    const [cat, dog] = [variant('cat', { name: text }), variant('dog')];
    for (const compare of [inRequest, inReply]) {
      expect(compare({ anyOf: [cat, dog] }, { anyOf: [dog, cat, variant('cow')] })).toEqual([]);
      expect(compare({ anyOf: [cat, dog] }, { anyOf: [cat] })).not.toEqual([]);
    }
    expect(inReply({ anyOf: [cat, dog] }, { anyOf: [variant('cat'), dog] })).toEqual([
      'POST /things 201/a/name: was removed',
    ]);
  });

  it('follows references, also of schemas that contain themselves', () => {
    const tree = (leaf: object) => ({
      reply: { $ref: '#/components/schemas/Tree' },
      schemas: { Tree: object({ leaf, left: { $ref: '#/components/schemas/Tree' } }, ['leaf']) },
    });
    expect(broken(tree(text), tree(text))).toEqual([]);
    expect(broken(tree(text), tree({ type: 'integer' }))).toEqual([
      'POST /things 201/leaf: string became integer',
    ]);
  });
});

describe('judgeBreaks', () => {
  const reason = 'nobody used it';

  it('lets pass what is allowed with a reason, and nothing else', () => {
    expect(judgeBreaks(['a', 'b'], [{ break: 'a', reason }])).toEqual({ unintended: ['b'], pointless: [] });
    expect(judgeBreaks(['a'], [{ break: 'a', reason: '' }])).toEqual({ unintended: [], pointless: ['a'] });
  });

  it('wants permissions gone that are not needed any more', () => {
    expect(judgeBreaks([], [{ break: 'a', reason }])).toEqual({ unintended: [], pointless: ['a'] });
  });
});
