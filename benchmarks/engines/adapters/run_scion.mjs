// SCION (@scion-scxml/core): a `Statechart`, with its defaults.
//
// https://www.npmjs.com/package/@scion-scxml/core: the model, `raise`, `send`, and the
// semantics, which are those of appendix D of the SCXML specification.
// A delay is a `send` at entry and a `cancel` at exit, as in SCXML.
// There is no transition from any state: it is written at the root.

import { createRequire } from 'node:module';
import { comparison, historyOf, inner, main } from './recording.mjs';

const scion = createRequire(import.meta.url)('@scion-scxml/core');

function build(scenario, recorder) {
  const counts = { count: 0 };
  const containers = inner(scenario);

  const action = (name) => {
    const [kind, rest] = name.split(':');
    if (kind === 'raise') {
      return function () {
        this.raise({ name: rest });
      };
    }
    if (kind === 'increment') return () => (counts[rest] += 1);
    return () => recorder.act(name);
  };

  const guard = (name) => {
    const compared = comparison(name);
    return compared ? () => compared(counts) : () => recorder.ask(name);
  };

  const transition = (t) => {
    const history = historyOf(t.target);
    const written = { onTransition: t.actions.map(action) };
    if (t.kind === 'event') written.event = t.event;
    if (t.kind === 'done') written.event = `done.state.${t.source}`;
    if (t.kind === 'after') written.event = `after.${t.source}`;
    if (history) written.target = `history of ${history.parent}`;
    else if (t.target !== null) written.target = t.target;
    const asked = t.guards.map(guard);
    if (asked.length) written.cond = () => asked.every((ask) => ask());
    return written;
  };

  const state = (node) => {
    const own = scenario.transitions.filter((t) => t.source === node.name);
    const found = { id: node.name, transitions: own.map(transition) };
    found.onEntry = node.enter.map(action);
    found.onExit = node.exit.map(action);
    for (const { delay_ms: delay } of own.filter((t) => t.kind === 'after')) {
      const sendid = `after.${node.name}`;
      found.onEntry.push(function () {
        this.send({ name: sendid, sendid }, { delay });
      });
      found.onExit.push(function () {
        this.cancel(sendid);
      });
    }
    if (node.kind === 'final') found.$type = 'final';
    if (node.kind === 'parallel') found.$type = 'parallel';
    if (!node.children.length) return found;
    found.states = node.children.map(state);
    const wanted = scenario.transitions.map((t) => historyOf(t.target));
    for (const history of wanted.filter((h) => h?.parent === node.name)) {
      found.states.push({
        id: `history of ${node.name}`,
        $type: 'history',
        isDeep: history.deep,
        transitions: [{ target: node.initial }],
      });
    }
    return found;
  };

  const anywhere = scenario.transitions.filter((t) => t.source === '*');
  // A model that is given as an object loses its functions; one from a function does not.
  const chart = new scion.Statechart(() => ({
    states: scenario.states.map(state),
    transitions: anywhere.map(transition),
  }));
  let problem = '';
  chart.on('onError', (event) => (problem = event.name));
  chart.start();

  return {
    send(event) {
      problem = '';
      chart.gen({ name: event });
      return problem && `event ${problem}`;
    },
    wait(milliseconds) {
      return new Promise((resolve) => setTimeout(resolve, milliseconds));
    },
    active() {
      return chart.getConfiguration().filter((name) => !containers.has(name));
    },
  };
}

await main(build);
