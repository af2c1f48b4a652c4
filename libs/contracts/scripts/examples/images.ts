import { exampleId } from '../example-ids.js';

export const imagesExamples = {
  uploadImage: {
    response: {
      id: exampleId('Image'),
      type: 'image/png',
      width: 128,
      height: 128,
      size: 4096,
    },
  },
};
