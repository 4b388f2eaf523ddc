import { useLayoutEffect, useMemo } from 'react';
import type { PlaneName } from '../../../../core/geometry/orientation.ts';
import { type CanvasSize, noSize } from '../../../viewport/use-canvas-size.ts';
import type { ReadingSession } from '../session/reading-session.ts';
import { useReading } from '../use-words.ts';
import type { PlaneRoom, PlaneRooms } from './mpr-picture.ts';

/** The viewport of a plane with those beside it; without a size until it was measured. */
export const planeRoom = (rooms: PlaneRooms, name: PlaneName): PlaneRoom => ({
  ...(rooms[name] ?? noSize),
  beside: rooms,
});

/**
 * Tells the planes beside this one how large its viewport is, and answers what is known of all. Sizes are told before
 * anything is drawn: planes that appear together are drawn once, at their common scale.
 */
export function usePlaneRoom(session: ReadingSession, name: PlaneName, size: CanvasSize): PlaneRoom {
  const rooms = useReading(session, (s) => s.planeRooms);
  useLayoutEffect(() => {
    if (size.cssWidth > 0) session.set({ planeRooms: { ...session.state.planeRooms, [name]: size } });
  }, [session, name, size]);
  useLayoutEffect(
    () => () => {
      const { [name]: _, ...rest } = session.state.planeRooms;
      session.set({ planeRooms: rest });
    },
    [session, name],
  );
  return useMemo(() => planeRoom(rooms, name), [rooms, name]);
}
