import {
  computed,
  inject,
  provide,
  ref,
  watch,
  type ComputedRef,
  type InjectionKey,
  type Ref,
} from "vue";
import type { RiskPoint, Township } from "../area/area";
import { live, type Live, type Patch } from "../base/live";
import type { Sender } from "../base/sender";
import { joinStream } from "../base/source";
import type { Link } from "../base/stream";
import { serverClock, type ServerClock } from "../base/time";
import { silentFirst, tally, type Call } from "../call/call";
import type { FeedRow, Hole, IngestRow, NodeRow, OutboxRow } from "../operate/operate";
import { outgoing } from "../session/outgoing";
import { csrf, sessionEnded } from "../session/session";
import type { Station } from "../station/station";
import { inForce, type Proposal, type Warning } from "../warning/warning";

/** Everything a panel may need, composed once after log-in and provided to the pages. */
export interface Desk {
  warnings: Live<Warning>;
  proposals: Live<Proposal>;
  calls: Live<Call>;
  stations: Live<Station>;
  riskpoints: Live<RiskPoint>;
  townships: Live<Township>;
  feed: Live<FeedRow>;
  holes: Live<Hole>;
  outbox: Live<OutboxRow>;
  ingest: Live<IngestRow>;
  node: Live<NodeRow>;
  /** Views that several panels share: one sorting, one count. */
  force: ComputedRef<Warning[]>;
  silent: ComputedRef<Call[]>;
  called: ComputedRef<{ asked: number; answered: number }>;
  self: ComputedRef<NodeRow | null>;
  clock: ServerClock;
  link: Ref<Link>;
  lagMs: Ref<number | null>;
  sender: Sender;
  selected: Ref<string | null>;
  warning: ComputedRef<Warning | null>;
  select: (id: string | null) => void;
  retry: () => void;
  wake: () => void;
  close: () => void;
}

const KEY: InjectionKey<Desk> = Symbol("desk");

export function openDesk(): Desk {
  const clock = serverClock();
  const link = ref<Link>({ state: "connecting" });
  const lagMs = ref<number | null>(null);
  const stream = joinStream(csrf(), {
    onLink: (now) => {
      link.value = now;
      if (now.state === "no_session") sessionEnded();
    },
    onBeat: (beat) => {
      clock.heard(beat.as_of, beat.heard_at);
      lagMs.value = beat.lag_ms ?? null;
    },
    // Another person logged in beside us: what stands here is no longer ours to see.
    onRenew: () => location.reload(),
  });
  // A beat tells when the boards were last published; the node's row, every other second, tells it
  // at once.
  stream.board("node").addEventListener("patch", (event) => {
    clock.heard((event as CustomEvent<Patch<NodeRow>>).detail.as_of);
  });
  const warnings = live<Warning>(stream.board("warnings"));
  const calls = live<Call>(stream.board("calls"));
  const node = live<NodeRow>(stream.board("node"));
  const selected = ref<string | null>(null);
  const force = computed(() => inForce(warnings.rows.value.values()));
  const desk: Desk = {
    warnings,
    calls,
    node,
    proposals: live<Proposal>(stream.board("proposals")),
    stations: live<Station>(stream.board("stations")),
    riskpoints: live<RiskPoint>(stream.board("riskpoints")),
    townships: live<Township>(stream.board("townships")),
    feed: live<FeedRow>(stream.board("feed")),
    holes: live<Hole>(stream.board("holes")),
    outbox: live<OutboxRow>(stream.board("outbox")),
    ingest: live<IngestRow>(stream.board("ingest")),
    force,
    silent: computed(() => silentFirst(calls.rows.value.values())),
    called: computed(() => {
      const standing = new Set(force.value.map((warning) => warning.id));
      return tally(calls.rows.value.values(), (id) => standing.has(id));
    }),
    self: computed(() => [...node.rows.value.values()][0] ?? null),
    clock,
    link,
    lagMs,
    sender: outgoing,
    selected,
    warning: computed(() =>
      selected.value ? (warnings.rows.value.get(selected.value) ?? null) : null,
    ),
    select: (id) => {
      selected.value = id;
    },
    retry: () => stream.retry(),
    wake: () => stream.wake(),
    close: () => stream.close(),
  };
  // The gravest is in hand until somebody chooses; a choice that ended falls back to it.
  watch(force, (list) => {
    const id = selected.value;
    if (id === null || !warnings.rows.value.has(id)) selected.value = list[0]?.id ?? null;
  });
  stream.open();
  // A page put aside by the browser leaves the line; brought back, it begins whole.
  addEventListener("pagehide", stream.close);
  addEventListener("pageshow", (event) => event.persisted && stream.open());
  return desk;
}

export const provideDesk = (desk: Desk): void => provide(KEY, desk);

export function useDesk(): Desk {
  const desk = inject(KEY);
  if (!desk) throw new Error("useDesk outside of a desk");
  return desk;
}
