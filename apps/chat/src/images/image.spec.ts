import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gif, png } from '../../test/pictures.js';
import { inspectImage, withinPixels } from './image.js';

const jpeg = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQH/wAALCAACAAMBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z',
  'base64',
);
const webp = Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64');

describe('what an image is', () => {
  it('is told by its bytes', async () => {
    expect(await inspectImage(png(30, 20))).toEqual({ type: 'image/png', width: 30, height: 20 });
    expect(await inspectImage(gif())).toEqual({ type: 'image/gif', width: 1, height: 1 });
    expect(await inspectImage(jpeg)).toEqual({ type: 'image/jpeg', width: 3, height: 2 });
    expect(await inspectImage(webp)).toEqual({ type: 'image/webp', width: 1, height: 1 });
  });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    [
      'an SVG with an XML head',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    ],
    ['a page', '<!doctype html><img src=x onerror=alert(1)>'],
    ['a PDF', '%PDF-1.7\n'],
    ['a BMP', 'BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0'],
    ['nothing', ''],
  ])('%s is none', async (_, text) => {
    expect(await inspectImage(Buffer.from(text, 'latin1'))).toBeNull();
  });

  it('anything at all, and anything behind the first bytes of an image, is judged without failing', async () => {
    const heads = [png().subarray(0, 12), gif().subarray(0, 6), jpeg.subarray(0, 4), webp.subarray(0, 16)];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(Buffer.alloc(0), ...heads),
        fc.uint8Array({ maxLength: 64 }),
        async (head, tail) => {
          const inspected = await inspectImage(Buffer.concat([head, tail]));
          if (inspected) expect(Math.min(inspected.width, inspected.height)).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('has sides of at most 2048 pixels', () => {
    const of = (width: number, height: number) => withinPixels({ type: 'image/png', width, height });
    expect([of(2048, 2048), of(2049, 1), of(1, 2049)]).toEqual([true, false, false]);
  });
});
