import type { Measurement } from './types.ts';

/** Measurements of one study. Plain data; every change gives a new state. Undo is the page's, over all that it shows. */
export interface Annotations {
  readonly items: readonly Measurement[];
  readonly selectedId: string | null;
}

export type AnnotationAction =
  | { readonly kind: 'add'; readonly measurement: Measurement }
  /** Replaces the measurement of the same id. */
  | { readonly kind: 'edit'; readonly measurement: Measurement }
  | { readonly kind: 'remove'; readonly id: string }
  | { readonly kind: 'select'; readonly id: string | null };

export const noAnnotations: Annotations = { items: [], selectedId: null };

export function annotate(state: Annotations, action: AnnotationAction): Annotations {
  switch (action.kind) {
    case 'add':
      return { items: [...state.items, action.measurement], selectedId: action.measurement.id };
    case 'edit': {
      const { measurement } = action;
      if (!state.items.some((m) => m.id === measurement.id)) return state;
      return { ...state, items: state.items.map((m) => (m.id === measurement.id ? measurement : m)) };
    }
    case 'remove': {
      const items = state.items.filter((m) => m.id !== action.id);
      if (items.length === state.items.length) return state;
      return { items, selectedId: keptSelection(items, state.selectedId) };
    }
    case 'select':
      return state.selectedId === action.id ? state : { ...state, selectedId: action.id };
  }
}

/** The selection where it still is among the items. */
export const keptSelection = (items: readonly Measurement[], id: string | null): string | null =>
  items.some((m) => m.id === id) ? id : null;
