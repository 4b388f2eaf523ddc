import type { ServiceHandlers } from '../dimse/service-handler.ts';
import type { Services } from '../services.ts';

/** What peers may ask of the store; see `service-handler.ts`. */
export function serviceHandlers(_use: () => Services): ServiceHandlers {
  return {};
}
