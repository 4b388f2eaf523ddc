import { fillVoxels } from '../host/decode/fill.ts';
import type { DecodeOperations } from '../host/decode/operations.ts';
import { decodeFrames, framePicture, summarise, thumbnailPng } from '../host/decode/tasks.ts';
import { transcodeFile } from '../host/decode/transcode.ts';
import { sendNote, serveWorker } from '../host/worker-rpc.ts';

/** Decodes pixels in a thread that may be killed at any time; each frame done is a sign of life. */
const alive = (): void => sendNote('frame');

const operations: DecodeOperations = {
  summary: (request) => summarise(request, alive),
  decode: (request) => decodeFrames(request, alive),
  fill: (request) => fillVoxels(request, alive),
  picture: (request) => framePicture(request, alive),
  thumbnail: (request) => thumbnailPng(request, alive),
  transcode: (request) => transcodeFile(request, alive),
};
serveWorker({ ...operations });
