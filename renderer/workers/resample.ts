import { resampleToRegular } from '../../core/volume/resample.ts';
import type { ResampleMessage } from '../volumes/resampling.ts';

/** Fills the regular grid of one volume, then says so; both buffers are shared with the page. */
addEventListener('message', (event: MessageEvent<ResampleMessage>) => {
  const { group, acquired, out, outside, spacingMm } = event.data;
  resampleToRegular(group, acquired, out, outside, spacingMm);
  postMessage('done');
});
