import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Problem, problems, type ProblemCode } from '#contracts';
import { NotesController, startSampleApp } from './sample-app.js';

@Module({ controllers: [NotesController] })
class SampleModule {}

type Sample = Awaited<ReturnType<typeof startSampleApp>>;
type Injected = Awaited<ReturnType<Sample['app']['inject']>>;

describe('an error reply', () => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await startSampleApp(SampleModule);
  });
  afterAll(() => sample.app.close());

  const expectProblem = (reply: Injected, code: ProblemCode): Problem => {
    expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
    const problem = Problem.parse(JSON.parse(reply.body));
    expect(problem).toMatchObject({ ...problems[code], code, type: `urn:parley:problem:${code}` });
    expect(reply.statusCode).toBe(problems[code].status);
    expect(problem.traceId).toBe(reply.headers['x-request-id']);
    return problem;
  };
  const post = (payload: string | object, headers: Record<string, string> = {}, url = '/api/v1/notes') =>
    sample.app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const get = (url: string) => sample.app.inject({ method: 'GET', url });

  it('is not given to a good request', async () => {
    const reply = await post({ text: 'hello' });
    expect([reply.statusCode, reply.json()]).toEqual([201, { text: 'hello', tags: [] }]);
    expect((await get('/api/v1/notes?limit=3')).json()).toEqual({ limit: 3 });
  });

  it.each(['{"text":', '', 'nope', '{"text":"x"}}'])('tells malformed JSON: %j', async (payload) => {
    expectProblem(await post(payload), 'request.malformed');
  });

  it('tells prototype poisoning from data', async () => {
    expectProblem(await post('{"text":"x","__proto__":{"admin":true}}'), 'request.malformed');
  });

  it('points at wrong types and at unknown fields', async () => {
    const problem = expectProblem(await post({ text: 5, extra: true }), 'request.invalid');
    expect(problem.errors).toEqual([
      { pointer: '/text', detail: expect.any(String) },
      { pointer: '/extra', detail: 'unknown field' },
    ]);
  });

  it.each(['[]', '"text"', '5', 'true'])('refuses a body that is no object: %s', async (payload) => {
    expectProblem(await post(payload), 'request.invalid');
  });

  it('points at fields of a body that is not there', async () => {
    const reply = await sample.app.inject({ method: 'POST', url: '/api/v1/notes' });
    expect(expectProblem(reply, 'request.invalid').errors).toMatchObject([{ pointer: '/text' }]);
  });

  it('points into path and query', async () => {
    const path = expectProblem(await get('/api/v1/notes/5'), 'request.invalid');
    expect(path.errors).toMatchObject([{ pointer: '/path/id' }]);
    const query = expectProblem(await get('/api/v1/notes?limit=11&sort=asc'), 'request.invalid');
    expect(query.errors).toMatchObject([{ pointer: '/query/limit' }, { pointer: '/query/sort' }]);
  });

  it('refuses more than 64 KiB, and takes what just fits', async () => {
    expectProblem(await post({ text: 'x'.repeat(64 * 1024) }), 'request.too_large');
    const fits = JSON.stringify({ text: 'x' }).padEnd(64 * 1024);
    expect((await post(fits)).statusCode).toBe(201);
  });

  it.each([
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
  ])('refuses the media type %s', async (type) => {
    expectProblem(await post('text=x', { 'content-type': type }), 'request.unsupported_media_type');
  });

  it('tells an unknown route and an unknown method', async () => {
    expectProblem(await get('/api/v1/missing'), 'route.not_found');
    expectProblem(await get('/'), 'route.not_found');
    expectProblem(await sample.app.inject({ method: 'DELETE', url: '/api/v1/notes' }), 'route.not_found');
  });

  it.each(['/api/v1/notes/%', '/api/v1/notes/%E0%A4%A'])('tells bad URL encoding: %s', async (url) => {
    expectProblem(await get(url), 'request.malformed');
  });

  it('carries the code and detail of a domain error', async () => {
    const reply = await get('/api/v1/notes/0192f7a0-0000-7000-8000-000000000000');
    expect(expectProblem(reply, 'message.not_found').detail).toBe('it never was');
  });

  it('says when to come back to an overloaded service', async () => {
    const reply = await get('/api/v1/busy');
    expectProblem(reply, 'overloaded');
    expect(reply.headers['retry-after']).toBe('7');
  });

  it.each(['defect', 'nothing'])('hides a defect (%s) from the caller and logs it', async (route) => {
    const reply = await get(`/api/v1/${route}`);
    const problem = expectProblem(reply, 'internal');
    expect(reply.body).not.toContain('secret detail');
    expect(sample.lines).toContainEqual(
      expect.objectContaining({
        level: 50,
        traceId: problem.traceId,
        route: `/api/v1/${route}`,
        msg: 'internal',
      }),
    );
  });

  it('is no server error in the log when it is the caller who erred', async () => {
    const before = sample.lines.length;
    await post('nope');
    expect(sample.lines.slice(before)).toEqual([]);
  });

  it('refuses a parameter whose author forgot the schema', async () => {
    expectProblem(await get('/api/v1/unchecked?q=x'), 'internal');
  });

  it('is a problem document even for what is no HTTP', async () => {
    await sample.app.listen(0, '127.0.0.1');
    const { port } = sample.app.getHttpServer().address() as AddressInfo;
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write('NOT HTTP\r\n\r\n'));
      let text = '';
      socket.on('data', (data) => (text += data.toString()));
      socket.on('close', () => resolve(text));
    });
    const [head, body] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    expect(Problem.parse(JSON.parse(body as string)).code).toBe('request.malformed');
  });
});
