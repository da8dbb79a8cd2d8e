import { ref, watch } from "vue";

export type Theme = "dark" | "light";

const wanted = (query: string): Theme | null => {
  const named = new URLSearchParams(query).get("theme");
  return named === "dark" || named === "light" ? named : null;
};

/** Storage may be forbidden; the page then simply forgets. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // private window
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export const theme = ref<Theme>("dark");

export function startTheme(): void {
  theme.value = wanted(location.search) ?? (recall("tocsin.theme") === "light" ? "light" : "dark");
  watch(
    theme,
    (now) => {
      document.documentElement.dataset["theme"] = now;
      remember("tocsin.theme", now);
    },
    { immediate: true },
  );
}
