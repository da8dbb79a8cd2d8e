import { onBeforeUnmount, onMounted, ref, type Ref } from "vue";

/** Of `n` rows, how many stand in `room` px; where not all do, a line is left for what is left out. */
export const rowsIn = (room: number, row: number, more: number, n: number): number =>
  n * row <= room ? n : Math.max(1, Math.min(n - 1, Math.floor((room - more) / row)));

/** The height of a panel that the page gives; infinite on narrow screens, where panels grow with
 *  what they show. */
export function useRoom(panel: Ref<HTMLElement | undefined>): Ref<number> {
  const room = ref(Infinity);
  const fixed = (): boolean => matchMedia("(min-width: 1200px)").matches;
  const observer =
    typeof ResizeObserver === "undefined"
      ? null
      : new ResizeObserver(([entry]) => {
          room.value = entry && fixed() ? entry.contentRect.height : Infinity;
        });
  onMounted(() => panel.value && observer?.observe(panel.value));
  onBeforeUnmount(() => observer?.disconnect());
  return room;
}
