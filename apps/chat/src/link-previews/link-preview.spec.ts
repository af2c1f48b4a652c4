import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newId } from '#testing';
import type { ImageId } from '#contracts';
import { arrange, keptPreview, sameLinks, samePreviews, type StoredPreview } from './link-preview.js';

const page = {
  title: 'T',
  description: null,
  siteName: null,
  type: null,
  imageUrl: 'https://elsewhere.example/x.png',
};
const of = (url: string, position: number): StoredPreview => ({
  position,
  url,
  preview: keptPreview(url, page, null),
  imageId: null,
});

describe('link previews of a message', () => {
  it('show a copy of the image, never the address it came from', () => {
    const imageId = newId.message() as unknown as ImageId;
    expect(keptPreview('https://a.example/', page, null).imageUrl).toBeNull();
    expect(keptPreview('https://a.example/', page, imageId).imageUrl).toBe(`/api/v1/images/${imageId}`);
  });

  it('stand where their links stand, and keep what was there', () => {
    const [a, b, c] = ['https://a.example/', 'https://b.example/', 'https://c.example/'];
    const present = [of(a, 0), of(c, 2)];
    expect(arrange([a, b, c], present, [])).toEqual(present);
    expect(arrange([c, b], present, [of(b, 9)])).toEqual([of(c, 0), of(b, 1)]);
    expect(arrange([], present, [])).toEqual([]);
  });

  it('are of the links of the message, in their order, whatever was found', () => {
    const url = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const urls = fc.uniqueArray(url, { maxLength: 3 });
    fc.assert(
      fc.property(urls, urls, urls, (links, present, found) => {
        const arranged = arrange(links, present.map(of), found.map(of));
        const known = links.filter((link) => present.includes(link) || found.includes(link));
        expect(arranged.map((preview) => preview.url)).toEqual(known);
        for (const preview of arranged) expect(links[preview.position]).toBe(preview.url);
        expect(samePreviews(arrange(links, arranged, found.map(of)), arranged)).toBe(true);
      }),
    );
  });

  it('are looked up again only when the links change', () => {
    expect([
      sameLinks(['a', 'b'], ['a', 'b']),
      sameLinks(['a', 'b'], ['b', 'a']),
      sameLinks(['a'], []),
    ]).toEqual([true, false, false]);
  });
});
