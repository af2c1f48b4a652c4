import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutboundPolicy, parseNetworks } from './outbound-policy.js';

const policy = new OutboundPolicy();
const host = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, '');

describe('where the service may go', () => {
  it.each(['93.184.215.14', '1.1.1.1', '2606:4700:4700::1111', '::ffff:93.184.215.14'])('to %s', (address) =>
    expect(policy.allowsAddress(address)).toBe(true),
  );

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '0.1.2.3',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001::1',
    '100::1',
    '4000::1',
    'localhost',
    '',
    '127.1',
    'fe80::1%eth0',
  ])('not to %s', (address) => expect(policy.allowsAddress(address)).toBe(false));

  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::ffff:7f00:1]/',
    'http://①②⑦.⓪.⓪.①/',
  ])('not to %s, however it is written', (url) => expect(policy.allowsAddress(host(url))).toBe(false));

  it('knows an address in a URL from a name', () => {
    const allows = (url: string) => policy.allowsHost(new URL(url));
    expect(['https://push.example/x', 'https://1.1.1.1', 'https://[2606:4700::1]'].map(allows)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['https://127.1/x', 'https://[::1]', 'https://[::ffff:a00:1]:8443'].map(allows)).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('never into a private network, whatever form the address has', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const inside = fc.oneof(
      fc.tuple(fc.constant(10), octet, octet, octet),
      fc.tuple(fc.constant(127), octet, octet, octet),
      fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
      fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
      fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    );
    fc.assert(
      fc.property(inside, ([a, b, c, d]) => {
        const [high, low] = [((a << 8) | b).toString(16), ((c << 8) | d).toString(16)];
        const forms = [
          `${a}.${b}.${c}.${d}`,
          `::ffff:${a}.${b}.${c}.${d}`,
          `64:ff9b::${high}:${low}`,
          `2002:${high}:${low}::1`,
          `::${high}:${low}`,
          host(`http://${(((a << 24) >>> 0) + (b << 16) + (c << 8) + d) >>> 0}/`),
        ];
        expect(forms.filter((form) => policy.allowsAddress(form))).toEqual([]);
      }),
    );
  });

  it('only over HTTP, on the ports of the web, and without credentials', () => {
    const allows = (url: string) => policy.allowsUrl(new URL(url));
    expect(['http://a.example', 'https://a.example:443', 'http://a.example:443'].map(allows)).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      [
        'http://a.example:22',
        'https://a.example:8443',
        'ftp://a.example',
        'file:///etc/passwd',
        'gopher://a.example',
        'http://u:p@a.example',
        'http://u@a.example',
      ].map(allows),
    ).toEqual([false, false, false, false, false, false, false]);
  });

  it('into the networks that the operator names, but not to where clouds keep their secrets', () => {
    const intranet = new OutboundPolicy([80], parseNetworks('10.1.0.0/16, fd00::/8, 169.254.0.0/16'));
    expect(
      ['10.1.2.3', '::ffff:10.1.2.3', 'fd00::7', '1.1.1.1'].map((a) => intranet.allowsAddress(a)),
    ).toEqual([true, true, true, true]);
    expect(
      ['10.2.0.1', '127.0.0.1', '169.254.169.254', 'fe80::1'].map((a) => intranet.allowsAddress(a)),
    ).toEqual([false, false, false, false]);
    expect(() => parseNetworks('10.1.0.0')).toThrow();
  });
});
