import { describe, expect, it } from "vitest";
import { ref } from "vue";
import type { Call } from "./call";
import { useHand, useTurn } from "./hand";

const ladder = (id: string, current: number | null): Call =>
  ({
    id,
    current,
    rungs: ["甲", "乙", "丙"].map((name) => ({ name, asked_at: null, state: "waiting" })),
  }) as unknown as Call;

describe("the person in hand", () => {
  it("is whoever is asked, as long as nobody has begun with him", () => {
    const call = ref<Call | undefined>(ladder("c", 0));
    const hand = useHand(call);
    call.value = ladder("c", 1);
    expect([hand.index.value, hand.begun.value, hand.climbed.value]).toEqual([1, false, undefined]);
  });

  it("stays while his number is shown, and the board says who is asked by now", () => {
    const call = ref<Call | undefined>(ladder("c", 0));
    const hand = useHand(call);
    hand.take();
    call.value = ladder("c", 2);
    expect([hand.index.value, hand.climbed.value?.name]).toEqual([0, "丙"]);
    hand.release();
    expect([hand.index.value, hand.climbed.value]).toEqual([2, undefined]);
  });

  it("keeps his words his own when the ladder climbs", () => {
    const call = ref<Call | undefined>(ladder("c", 0));
    const hand = useHand(call);
    hand.words.value = "路断了";
    call.value = ladder("c", 1);
    expect([hand.index.value, hand.words.value]).toEqual([0, "路断了"]);
    hand.release();
    expect([hand.index.value, hand.words.value]).toEqual([1, ""]);
    hand.take(0);
    expect(hand.words.value).toBe("路断了");
    hand.release(true);
    hand.take(0);
    expect(hand.words.value).toBe("");
  });

  it("is let go with his call", () => {
    const call = ref<Call | undefined>(ladder("c", 0));
    const hand = useHand(call);
    hand.moved.value = "12";
    call.value = ladder("d", 1);
    expect([hand.index.value, hand.begun.value, hand.moved.value]).toEqual([1, false, ""]);
  });
});

describe("another person in hand", () => {
  it("is said when nobody chose him, and takes no key meant for the one before", () => {
    const who = ref("");
    let now = 0;
    const turn = useTurn(who, () => now);
    who.value = "c 0"; // the first one that comes is no change
    expect([turn.turned.value, turn.swallows()]).toEqual([false, false]);
    who.value = "c 1";
    now = 999;
    expect([turn.turned.value, turn.swallows(), turn.swallowed.value]).toEqual([true, true, true]);
    expect(turn.swallows()).toBe(false); // only the first key
  });
  it("counts no second press for the next one right after something was recorded", () => {
    const who = ref("c 0");
    let now = 0;
    const turn = useTurn(who, () => now);
    expect(turn.resting()).toBe(false);
    turn.rest();
    turn.own(() => (who.value = "d 0"));
    now = 800;
    expect(turn.resting()).toBe(true);
    now = 1500;
    expect(turn.resting()).toBe(false);
  });
  it("is not said when the officer went there, and keys count again after a second", () => {
    const who = ref("c 0");
    let now = 0;
    const turn = useTurn(who, () => now);
    turn.own(() => (who.value = "d 0"));
    expect([turn.turned.value, turn.swallows()]).toEqual([false, false]);
    who.value = "e 0";
    now = 1000;
    expect([turn.turned.value, turn.swallows(), turn.swallowed.value]).toEqual([
      true,
      false,
      false,
    ]);
    turn.own(() => {});
    expect(turn.turned.value).toBe(false);
  });
});
