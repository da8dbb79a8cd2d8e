import {
  computed,
  reactive,
  ref,
  watch,
  type ComputedRef,
  type Ref,
  type WritableComputedRef,
} from "vue";
import { currentRung, type Call, type Rung } from "./call";

/** The person whom the officer is phoning. */
export interface Hand {
  /** His place on the ladder. */
  index: ComputedRef<number>;
  /** The officer has begun with him, so the board stays with him. */
  begun: Readonly<Ref<boolean>>;
  /** What he said, and how many moved, as typed so far; never carried over to another person. */
  words: WritableComputedRef<string>;
  moved: WritableComputedRef<string>;
  /** Who is asked by now, where the ladder has climbed past him meanwhile. */
  climbed: ComputedRef<Rung | undefined>;
  take: (at?: number) => void;
  /** Done with him: on to whoever is asked now. `forget` drops what was typed of him. */
  release: (forget?: boolean) => void;
}

/** The board follows the ladder only until somebody begins with a person: whoever has a man on the
 *  phone must not write his words down for the next one. */
export function useHand(call: Readonly<Ref<Call | undefined>>): Hand {
  const held = ref<number | null>(null);
  const drafts = reactive(new Map<string, { words: string; moved: string }>());
  const index = computed(() => {
    const one = call.value;
    if (!one) return 0;
    if (held.value !== null) return held.value;
    const current = currentRung(one);
    return Math.max(0, current ? one.rungs.indexOf(current) : 0);
  });
  const key = computed(() => `${call.value?.id ?? ""} ${index.value}`);
  const draft = (field: "words" | "moved"): WritableComputedRef<string> =>
    computed({
      get: () => drafts.get(key.value)?.[field] ?? "",
      set: (text) => {
        held.value = index.value;
        drafts.set(key.value, {
          ...(drafts.get(key.value) ?? { words: "", moved: "" }),
          [field]: text,
        });
      },
    });
  watch(
    () => call.value?.id,
    () => (held.value = null),
    { flush: "sync" },
  );
  return {
    index,
    begun: computed(() => held.value !== null),
    words: draft("words"),
    moved: draft("moved"),
    climbed: computed(() => {
      const at = call.value?.current ?? null;
      return held.value !== null && at !== null && at > held.value
        ? call.value?.rungs[at]
        : undefined;
    }),
    take: (at = index.value) => (held.value = at),
    release: (forget = false) => {
      if (forget) drafts.delete(key.value);
      held.value = null;
    },
  };
}

/** Tells a change of person that nobody made from one that the officer made. */
export interface Turn {
  /** The person in hand is another, and not because the officer went to him. */
  turned: Readonly<Ref<boolean>>;
  /** A key was pressed so soon after that it was meant for the one before. */
  swallowed: Readonly<Ref<boolean>>;
  /** Runs what the officer does; a change of person in it is his own. */
  own: <T>(run: () => T) => T;
  /** Whether the key pressed now is not to count. */
  swallows: () => boolean;
  /** Something was recorded: a second press, meant for the same person, does not count for the next. */
  rest: () => void;
  resting: () => boolean;
}

const TURN_MS = 1000;
const REST_MS = 1500;

/** `who` is the person in hand, empty for none; `now` any clock in milliseconds. */
export function useTurn(who: Readonly<Ref<string>>, now: () => number): Turn {
  const turned = ref(false);
  const swallowed = ref(false);
  let at = -Infinity;
  let restsUntil = -Infinity;
  let mine = false;
  watch(
    who,
    (is, was) => {
      turned.value = !mine && is !== "" && was !== "";
      swallowed.value = false;
      at = turned.value ? now() : -Infinity;
    },
    { flush: "sync" },
  );
  return {
    turned,
    swallowed,
    rest: () => {
      restsUntil = now() + REST_MS;
    },
    resting: () => now() < restsUntil,
    own: (run) => {
      mine = true;
      turned.value = swallowed.value = false;
      at = -Infinity;
      try {
        return run();
      } finally {
        mine = false;
      }
    },
    swallows: () => {
      const soon = now() - at < TURN_MS;
      at = -Infinity;
      swallowed.value ||= soon;
      return soon;
    },
  };
}
