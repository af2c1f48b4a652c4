import { z } from 'zod';
import * as images from '../http/images.js';
import { ImageId } from '../ids.js';
import { signedIn } from './access.js';
import type { Route } from './route.js';

const ofUploader = { ...signedIn, stranger: 'image.not_found', removed: 'image.not_found' } as const;

export const imagesRoutes = {
  uploadImage: {
    method: 'POST',
    path: '/images',
    service: 'chat',
    tag: 'images',
    summary: 'Upload a small image; the same bytes again are the same image',
    access: signedIn,
    consumes: images.IMAGE_TYPES,
    maxBodyBytes: images.MAX_IMAGE_BYTES,
    status: 201,
    response: images.Image,
    errors: ['image.unsupported', 'image.too_large', 'image.quota_exceeded'],
  },
  getImage: {
    method: 'GET',
    path: '/images/:imageId',
    service: 'chat',
    tag: 'images',
    summary: 'An image of someone with whom I share a workspace, or that a workspace of mine uses',
    access: ofUploader,
    params: z.strictObject({ imageId: ImageId }),
    status: 200,
    produces: images.IMAGE_TYPES,
    errors: ['image.not_found'],
  },
} as const satisfies Record<string, Route>;
