import { describe, expect, it } from '@jest/globals';
import { docsPage } from './docs-page.js';
import { securityHeaders } from './security-headers.js';

const api = {
  info: { title: 'Parley', version: '1', description: 'Chat & more' },
  paths: {
    '/me': {
      get: {
        operationId: 'getMe',
        tags: ['account'],
        summary: '<script>alert(1)</script>',
        parameters: [{ name: 'limit', in: 'query', required: true, schema: { type: 'integer' } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Me' } } } },
        responses: { 200: { description: 'Fine', content: { 'application/json': { schema: {} } } }, 401: {} },
      },
    },
    '/other': { post: {} },
  },
  components: { schemas: { Me: { type: 'object' } } },
};

describe('docsPage', () => {
  it('shows each operation under its tag, with links to schemas', () => {
    const html = docsPage(api);
    expect(html).toContain('id="tag-account"');
    expect(html).toContain('id="tag-other"');
    expect(html).toContain('<a href="#schema-Me">Me</a>');
    expect(html).toContain('Chat &amp; more');
  });

  it('runs no script and asks nobody else', () => {
    const html = docsPage(api);
    expect(html).not.toContain('<script');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('is empty for an empty API', () => {
    expect(docsPage({ info: { title: 'x', version: '1' } })).toContain('<h2>Schemas</h2>');
  });
});

describe('securityHeaders', () => {
  it('asks for HTTPS for ever only where there is HTTPS', () => {
    expect(securityHeaders(true)).toHaveProperty('strict-transport-security');
    expect(securityHeaders(false)).not.toHaveProperty('strict-transport-security');
  });
});
