import type { Result } from '../../../core/base/result.ts';
import type { PackedScan } from '../parse/packed-scan.ts';

/** Reads headers in killable processes; what it cannot survive comes back as a problem of that file. */
export interface HeaderScanner {
  /** `keepPartial`: for files opened in place, faults that would refuse an import become flags. */
  scan(file: string, options: { readonly keepPartial: boolean }): Promise<Result<PackedScan>>;
}
