import { computed, onBeforeUnmount, onMounted, watch } from "vue";
import { play, REPEAT_MS, speak } from "../base/sound";
import { lang, list, say, t } from "../text/text";
import type { Warning } from "../warning/warning";
import type { Desk } from "./desk";

/** What of the warnings in force has not been heard: new to this desk, or raised since. */
export function unheard(force: readonly Warning[], heard: ReadonlyMap<string, number>): Warning[] {
  return force.filter((w) => w.acknowledged_by === null && (heard.get(w.id) ?? 9) > w.level);
}

const words = (warning: Warning): string =>
  t("alarm.speech", {
    level: t(`level.${warning.level}`),
    hazard: say(warning.hazard_name),
    areas: list(warning.areas.map((area) => area.name)),
  });

/** Sounds of the desk: a new or raised warning once, red again every 30 s until a person
 *  acknowledges, a lost server every 30 s, a ladder that ended without an answer twice. */
export function useAlarms(desk: Desk): void {
  const heard = new Map<string, number>();
  let first = true;
  const sound = (warning: Warning): void => {
    play(String(warning.level) as "1");
    if (warning.level === 1) speak(words(warning), lang.value);
  };
  watch(desk.force, (force) => {
    if (desk.warnings.condition.value !== "ready") return;
    const fresh = unheard(force, heard);
    for (const warning of force) heard.set(warning.id, warning.level);
    const worst = fresh[0];
    // What was in force before this desk opened is heard once, by its gravest; red goes on below.
    if (worst) sound(worst);
    first = false;
  });
  const exhausted = computed(
    () => desk.silent.value.filter((call) => call.state === "exhausted").length,
  );
  watch(exhausted, (now, before) => {
    if (!first && now > before) play("late");
  });
  const lost = computed(() => desk.link.value.state === "lost");
  watch(lost, (now) => {
    if (!now) return;
    play("lost");
    speak(t("banner.lost_speech"), lang.value);
  });
  let timer = 0;
  onMounted(() => {
    timer = window.setInterval(() => {
      const red = desk.force.value.find((w) => w.level === 1 && w.acknowledged_by === null);
      if (lost.value) play("lost");
      else if (red) sound(red);
    }, REPEAT_MS);
  });
  onBeforeUnmount(() => clearInterval(timer));
}
