import { ref } from "vue";

/** A tone: frequency in hertz, begin and length in seconds. */
export interface Tone {
  hz: number;
  at: number;
  s: number;
}

/** Red three falling tones, orange two, yellow one, blue none; the lost server two low ones. */
export const TONES: Record<"1" | "2" | "3" | "4" | "lost" | "late", readonly Tone[]> = {
  "1": [
    { hz: 880, at: 0, s: 0.35 },
    { hz: 698, at: 0.4, s: 0.35 },
    { hz: 523, at: 0.8, s: 0.6 },
  ],
  "2": [
    { hz: 784, at: 0, s: 0.3 },
    { hz: 587, at: 0.35, s: 0.4 },
  ],
  "3": [{ hz: 659, at: 0, s: 0.35 }],
  "4": [],
  lost: [
    { hz: 330, at: 0, s: 0.5 },
    { hz: 262, at: 0.6, s: 0.7 },
  ],
  late: [
    { hz: 523, at: 0, s: 0.18 },
    { hz: 523, at: 0.25, s: 0.18 },
  ],
};

/** Red is repeated until a person acknowledges. */
export const REPEAT_MS = 30_000;

/** There is a screen to touch and no key to press. */
export const touch =
  typeof matchMedia === "function" && matchMedia("(hover: none) and (pointer: coarse)").matches;

let context: AudioContext | null = null;

/** False until the browser lets the page make a sound: it wants a key or a click first. */
export const audible = ref(false);

export function wakeSound(): void {
  if (typeof AudioContext === "undefined") return;
  if (!context) {
    const made = new AudioContext();
    made.addEventListener("statechange", () => (audible.value = made.state === "running"));
    context = made;
  }
  const held = context;
  void held.resume().then(
    () => (audible.value = held.state === "running"),
    () => (audible.value = false),
  );
}

export function play(what: keyof typeof TONES): void {
  if (!context || context.state !== "running") return;
  for (const tone of TONES[what]) {
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const begin = context.currentTime + tone.at;
    oscillator.frequency.value = tone.hz;
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(0.25, begin + 0.02);
    gain.gain.setValueAtTime(0.25, begin + tone.s - 0.06);
    gain.gain.linearRampToValueAtTime(0, begin + tone.s);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(begin);
    oscillator.stop(begin + tone.s);
  }
}

/** Speaks with a voice of this machine only; a voice that would ask a server is not used. */
export function speak(words: string, lang: string): void {
  if (typeof speechSynthesis === "undefined" || !audible.value) return;
  const voice = speechSynthesis.getVoices().find((v) => v.localService && v.lang.startsWith(lang));
  if (!voice) return;
  const saying = new SpeechSynthesisUtterance(words);
  saying.voice = voice;
  saying.lang = voice.lang;
  speechSynthesis.cancel();
  speechSynthesis.speak(saying);
}
