import { useEffect, useState } from 'react';
import { client } from '../../app/client.ts';

/** Thumbnails as blob URLs, a few hundred kept; the oldest are given back. */

const keptAtMost = 300;
const kept = new Map<string, Promise<string | null>>();

async function load(seriesKey: string, sizePx: number): Promise<string | null> {
  try {
    const response = await client().fetchBytes(`/thumb/${encodeURIComponent(seriesKey)}?size=${sizePx}`);
    if (!response.ok) return null;
    return URL.createObjectURL(await response.blob());
  } catch {
    return null;
  }
}

function thumbOf(seriesKey: string, sizePx: number): Promise<string | null> {
  const key = `${seriesKey} ${sizePx}`;
  const found = kept.get(key) ?? load(seriesKey, sizePx);
  kept.delete(key);
  kept.set(key, found);
  for (const [oldKey, old] of kept) {
    if (kept.size <= keptAtMost) break;
    kept.delete(oldKey);
    void old.then((url) => url !== null && URL.revokeObjectURL(url));
  }
  // A failure is asked again next time: the series may just be arriving.
  void found.then((url) => url === null && kept.delete(key));
  return found;
}

/** URL of a series' middle picture in its right window; null when it has none, undefined while loading. */
export function useThumb(seriesKey: string, sizePx = 256): string | null | undefined {
  const [url, setUrl] = useState<string | null>();
  useEffect(() => {
    let isStale = false;
    setUrl(undefined);
    void thumbOf(seriesKey, sizePx).then((found) => {
      if (!isStale) setUrl(found);
    });
    return () => {
      isStale = true;
    };
  }, [seriesKey, sizePx]);
  return url;
}
