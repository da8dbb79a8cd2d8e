import { ref, shallowRef, type Ref, type ShallowRef } from "vue";

/** What the server sends for one board: whole rows put by id, ids dropped. */
export interface Patch<Row> {
  board: string;
  whole: boolean;
  put: Row[];
  drop: string[];
  total: number;
  as_of: string;
}

/** Why a board cannot be shown. */
export interface BoardState {
  board: string;
  state: "not_loaded" | "no_right";
  what?: string;
}

export type Condition = "loading" | "ready" | "not_loaded" | "no_right";

/** One board as the page sees it. `total` may exceed `rows.size` while a large board still arrives. */
export interface Live<Row> {
  rows: ShallowRef<ReadonlyMap<string, Row>>;
  asOf: Ref<string | null>;
  total: Ref<number>;
  condition: Ref<Condition>;
  what: Ref<string>;
}

/** Instants as the server writes them sort as text. A quiet board is as old as the last beat, no older. */
const later = (a: string, b: string): string => (a > b ? a : b);

/** One board, kept live: after each (re)connect the whole board or what was missed, then its
 *  changes. Rows are replaced, never edited, outside deep reactivity: ten thousand cost one
 *  signal. */
export function live<Row extends { id: string }>(source: EventTarget): Live<Row> {
  const rows = shallowRef<ReadonlyMap<string, Row>>(new Map());
  const asOf = ref<string | null>(null);
  const total = ref(0);
  const condition = ref<Condition>("loading");
  const what = ref("");
  let heard = "";
  source.addEventListener("patch", (event) => {
    const patch = (event as CustomEvent<Patch<Row>>).detail;
    const next = new Map(patch.whole ? [] : rows.value);
    for (const row of patch.put) next.set(row.id, row);
    for (const id of patch.drop) next.delete(id);
    rows.value = next;
    asOf.value = later(patch.as_of, heard);
    total.value = patch.total;
    condition.value = "ready";
  });
  source.addEventListener("state", (event) => {
    const state = (event as CustomEvent<BoardState>).detail;
    rows.value = new Map();
    condition.value = state.state;
    what.value = state.what ?? "";
  });
  source.addEventListener("beat", (event) => {
    heard = (event as CustomEvent<{ as_of: string }>).detail.as_of;
    if (condition.value === "ready") asOf.value = heard;
  });
  return { rows, asOf, total, condition, what };
}
