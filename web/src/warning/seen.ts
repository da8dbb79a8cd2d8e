import { ref, watch, type Ref } from "vue";

/** Which rows came after this desk was opened and were not looked at yet: they carry a diamond. */
export function useSeen(
  rows: Readonly<Ref<readonly { id: string }[]>>,
  ready: () => boolean,
): {
  isNew: (id: string) => boolean;
  see: (id: string) => void;
} {
  const seen = ref(new Set<string>());
  let begun = false;
  watch(
    rows,
    (list) => {
      if (begun || !ready()) return;
      begun = true;
      seen.value = new Set(list.map((row) => row.id));
    },
    { immediate: true },
  );
  return {
    isNew: (id) => begun && !seen.value.has(id),
    see: (id) => {
      if (!seen.value.has(id)) seen.value = new Set([...seen.value, id]);
    },
  };
}
