import { computed, watch, type ComputedRef, type Ref } from "vue";

/** One mail that this node put into its own mailbox. */
export interface Mail {
  id: string;
  at: string;
  from: string;
  to: string;
  to_name: string | null;
  subject: string;
  body: string;
  link: string | null;
  call: string | null;
}

/** The mail on screen: the newest until one is shown, then that one, whatever arrives. */
export function useShown(
  mails: Readonly<Ref<readonly Mail[] | null>>,
  chosen: Ref<string | null>,
): ComputedRef<Mail | undefined> {
  const shown = computed(
    () => mails.value?.find((one) => one.id === chosen.value) ?? mails.value?.[0],
  );
  watch(shown, (now) => (chosen.value = now?.id ?? null), { flush: "sync", immediate: true });
  return shown;
}

/** The body with its http addresses as links; nothing else of it is ever treated as markup. */
export function splitBody(body: string): { text: string; href?: string }[] {
  const parts: { text: string; href?: string }[] = [];
  let at = 0;
  for (const found of body.matchAll(/https?:\/\/[^\s<>"'，。；）)]+/g)) {
    if (found.index > at) parts.push({ text: body.slice(at, found.index) });
    parts.push({ text: found[0], href: found[0] });
    at = found.index + found[0].length;
  }
  if (at < body.length) parts.push({ text: body.slice(at) });
  return parts;
}
