// XState v5: an actor of `createMachine`, with its defaults.
//
// https://stately.ai/docs/transitions: a transition does not re-enter its source unless
// it says `reenter: true`, which it does nowhere here; `always` is eventless.
// https://stately.ai/docs/final-states (`onDone`), https://stately.ai/docs/history-states
// https://stately.ai/docs/delayed-transitions and SimulatedClock (`after`)
// https://stately.ai/docs/actors#error-handling: an error stops the actor.
// There is no transition from any state: it is written at the root.

import { assign, createActor, createMachine, raise, SimulatedClock } from 'xstate';
import { comparison, historyOf, main } from './recording.mjs';

function build(scenario, recorder) {
  const action = (name) => {
    const [kind, rest] = name.split(':');
    if (kind === 'raise') return raise({ type: rest });
    if (kind === 'increment') {
      return assign({ [rest]: ({ context }) => context[rest] + 1 });
    }
    return () => recorder.act(name);
  };

  const guard = (name) => {
    const compared = comparison(name);
    return compared ? ({ context }) => compared(context) : () => recorder.ask(name);
  };

  const transition = ({ target, guards, actions }) => {
    const history = historyOf(target);
    const written = { actions: actions.map(action) };
    if (history) written.target = `#history of ${history.parent}`;
    else if (target !== null) written.target = `#${target}`;
    if (guards.length) {
      const asked = guards.map(guard);
      written.guard = (given) => asked.every((ask) => ask(given));
    }
    return written;
  };

  const transitionsOf = (source) => {
    const found = {};
    const on = {};
    const always = [];
    const onDone = [];
    const after = {};
    for (const t of scenario.transitions.filter((t) => t.source === source)) {
      if (t.kind === 'auto') always.push(transition(t));
      else if (t.kind === 'done') onDone.push(transition(t));
      else if (t.kind === 'after') (after[t.delay_ms] ??= []).push(transition(t));
      else (on[t.event] ??= []).push(transition(t));
    }
    if (Object.keys(on).length) found.on = on;
    if (Object.keys(after).length) found.after = after;
    if (always.length) found.always = always;
    if (onDone.length) found.onDone = onDone;
    return found;
  };

  const state = (node) => {
    const found = { id: node.name, ...transitionsOf(node.name) };
    found.entry = node.enter.map(action);
    found.exit = node.exit.map(action);
    if (node.kind === 'final') found.type = 'final';
    if (node.kind === 'parallel') found.type = 'parallel';
    if (!node.children.length) return found;
    found.states = Object.fromEntries(node.children.map((c) => [c.name, state(c)]));
    if (node.kind !== 'parallel') found.initial = node.initial;
    const wanted = scenario.transitions.map((t) => historyOf(t.target));
    for (const history of wanted.filter((h) => h?.parent === node.name)) {
      const kind = history.deep ? 'deep' : 'shallow';
      const id = `history of ${node.name}`;
      found.states.history = { id, type: 'history', history: kind, target: node.initial };
    }
    return found;
  };

  const machine = createMachine({
    context: { count: 0 },
    initial: scenario.initial,
    states: Object.fromEntries(scenario.states.map((node) => [node.name, state(node)])),
    ...transitionsOf('*'),
  });
  const clock = new SimulatedClock();
  const actor = createActor(machine, { clock });
  let problem = '';
  actor.subscribe({ error: (error) => (problem = error.constructor.name) });
  actor.start();

  const leaves = (value) =>
    typeof value === 'string'
      ? [value]
      : Object.entries(value).flatMap(([key, part]) =>
          typeof part === 'object' && !Object.keys(part).length ? [key] : leaves(part)
        );

  return {
    send(event) {
      actor.send({ type: event });
      return problem && `the actor stops with ${problem}`;
    },
    wait(milliseconds) {
      clock.increment(milliseconds);
    },
    active() {
      return leaves(actor.getSnapshot().value);
    },
  };
}

await main(build);
