import { computed, ref, type ComputedRef, type Ref } from "vue";
import { useDesk } from "../desk/desk";
import { t } from "../text/text";
import { spaced, type Call } from "./call";

/** The number of the person in hand. */
export interface Phone {
  /** In full once it was shown, grouped to be read aloud; null before. */
  number: ComputedRef<string | null>;
  /** When it was shown, in milliseconds; null before. */
  shownAt: ComputedRef<number | null>;
  /** Asks for it, which is kept on the audit lane. Throws what the sender throws. */
  reveal: () => Promise<void>;
}

/** Only the number that was asked for last is held, and shown only beside its person. */
export function usePhone(
  call: Readonly<Ref<Call | undefined>>,
  index: Readonly<Ref<number>>,
): Phone {
  const desk = useDesk();
  const asked = ref<{ call: string; rung: number; phone: string; at: number } | null>(null);
  const known = computed(() =>
    asked.value && asked.value.call === call.value?.id && asked.value.rung === index.value
      ? asked.value
      : null,
  );
  return {
    number: computed(() => (known.value ? spaced(known.value.phone) : null)),
    shownAt: computed(() => known.value?.at ?? null),
    async reveal() {
      const one = call.value;
      const rung = index.value;
      if (!one) return;
      const answer = await desk.sender.send<{ phone: string }>(
        `/api/v1/calls/${encodeURIComponent(one.id)}/reveal`,
        { rung },
        t("call.reveal"),
        one.id,
      );
      asked.value = { call: one.id, rung, phone: answer.phone, at: desk.clock.now.value };
    },
  };
}
