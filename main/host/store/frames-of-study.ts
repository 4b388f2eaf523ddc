import { framesAtMost, pictureCategories } from '../../../core/dicom/picture-count.ts';

/** SQL: the pictures of a study by its series, as `pictureCount` counts them; objects without a picture are none. */
export const framesOfStudy = (study: string): string =>
  `(SELECT coalesce(sum(CASE WHEN frame_count BETWEEN 1 AND ${framesAtMost} THEN frame_count ELSE instance_count END), 0)
    FROM series WHERE study = ${study} AND category IN (${pictureCategories.map((name) => `'${name}'`).join(', ')}))`;
