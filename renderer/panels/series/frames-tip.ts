import type { useT } from '../../app/language.ts';

/** What a count of pictures is made of, where objects have several or none: "1 object, 120 frames". */
export const framesTip = (
  t: ReturnType<typeof useT>,
  { instances, frames }: { readonly instances: number; readonly frames: number },
): string | undefined =>
  frames === instances ? undefined : t('studies.objectsFrames', { objects: instances, frames });
