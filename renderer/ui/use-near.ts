import { type RefObject, useEffect, useState } from 'react';

/** Whether an element has been in sight, or nearly so, in whatever scrolls around it: what it shows need not be fetched before. */
export function useNear(element: RefObject<Element | null>, marginPx: number): boolean {
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    const watched = element.current;
    if (!watched || isNear) return;
    const margin = { scrollMargin: `${marginPx}px` };
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
    }, margin);
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element, isNear, marginPx]);
  return isNear;
}
