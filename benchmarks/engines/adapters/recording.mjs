// What an adapter in JavaScript shares with the others: see recording.py.

import { readFileSync } from 'node:fs';

export class Cannot extends Error {}

export class Broken extends Error {}

export class Recorder {
  constructor(scenario) {
    this.scenario = scenario;
    this.log = [];
  }

  act(action) {
    this.log.push(action);
    if (this.scenario.raises.includes(action)) throw new Broken(action);
  }

  ask(guard) {
    if (this.scenario.show_guards) this.log.push(`?${guard}`);
    const answer = this.scenario.guards[guard];
    if (answer === 'raises') throw new Broken(guard);
    return answer;
  }
}

// The parent and whether the history is deep, if the target of a transition is one.
export function historyOf(target) {
  const found = /^H(\*?)\((.*)\)$/.exec(target ?? '');
  return found && { parent: found[2], deep: found[1] === '*' };
}

// What a guard like `count < 3` says of the variables; null for a name.
export function comparison(guard) {
  const [variable, operator, number] = guard.split(' ');
  if (operator === '<') return (variables) => variables[variable] < Number(number);
  if (operator === '>=') return (variables) => variables[variable] >= Number(number);
  return null;
}

export function inner(scenario) {
  const found = new Set();
  const walk = (node) => {
    if (node.children.length) found.add(node.name);
    node.children.forEach(walk);
  };
  scenario.states.forEach(walk);
  return found;
}

const print = (line) => console.log(JSON.stringify(line));

export async function main(build) {
  const scenario = JSON.parse(readFileSync(0, 'utf8'));
  const recorder = new Recorder(scenario);
  let engine;
  try {
    engine = build(scenario, recorder);
  } catch (error) {
    if (error instanceof Cannot) print({ cannot: error.message });
    else print({ refused: error.constructor.name, message: error.message });
    return;
  }
  for (const event of scenario.events) {
    recorder.log.length = 0;
    let note = '';
    print({ begins: event });
    try {
      if (event.startsWith('wait ')) await engine.wait(Number(event.slice(5)));
      else note = engine.send(event);
    } catch (error) {
      note = `raises ${error.constructor.name}`;
    }
    print({ event, log: recorder.log, active: engine.active().sort(), note });
  }
}
