import type { Result } from '../../../core/base/result.ts';
import { demoSeries } from '../../../core/phantom/presets.ts';
import { type PhantomWriteRequest, type WrittenPhantom, writePhantom } from './write-phantom.ts';

/** Writes the demo study (512 × 512 × 300 CT) into `outDir`, ready to be imported like any folder. */
export const generateDemo = (
  request: Omit<PhantomWriteRequest, 'options'>,
): Promise<Result<WrittenPhantom>> => writePhantom({ ...request, options: demoSeries });
