// Decides cases by a DMN file, with bpmn-io's reader (dmn-moddle) and FEEL interpreter (feelin).
//
// node decide.mjs rules.dmn     prints one line that describes the file's decisions, or {"error": "…"}; then for each
// line of standard input, a case as JSON, one line with the result of every decision, by name.
// A result is {"value": …} or {"fault": "…"}: no rule, or more than one, where exactly one may hold.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DmnModdle } from 'dmn-moddle';
import { evaluate, unaryTest } from 'feelin';

const say = (line) => process.stdout.write(JSON.stringify(line) + '\n');

class WrongFile extends Error {}

async function read(path) {
  let found;
  try {
    found = await new DmnModdle().fromXML(readFileSync(path, 'utf-8'));
  } catch (error) {
    throw new WrongFile(`cannot be read as DMN 1.3: ${error.message.split('\n')[0]}`);
  }
  const elements = found.rootElement.get('drgElement');
  const facts = elements.filter((one) => one.$type === 'dmn:InputData').map((one) => one.get('name'));
  const decisions = elements.filter((one) => one.$type === 'dmn:Decision').map(decision);
  const names = new Set([...facts, ...decisions.map((one) => one.name)]);
  if (names.size < facts.length + decisions.length) throw new WrongFile('two of its inputs and decisions have one name');
  for (const one of decisions) {
    for (const name of one.names) {
      if (!names.has(name)) throw new WrongFile(`${one.name} asks ${name}, which is no input and no decision of the file`);
    }
  }
  return { facts, decisions: inOrder(decisions) };
}

// Each decision behind those that it names.
function inOrder(decisions) {
  const open = [...decisions];
  const ordered = [];
  while (open.length) {
    const at = open.findIndex((one) => one.names.every((name) => !open.some((other) => other.name === name)));
    if (at < 0) throw new WrongFile(`the decisions ${open.map((one) => one.name).join(', ')} ask each other in a circle`);
    ordered.push(...open.splice(at, 1));
  }
  return ordered;
}

function decision(element) {
  const name = element.get('name');
  const logic = element.get('decisionLogic');
  if (logic?.$type === 'dmn:LiteralExpression') {
    return { name, expression: logic.get('text'), names: wordsOf(logic.get('text')) };
  }
  if (logic?.$type !== 'dmn:DecisionTable') throw new WrongFile(`${name} is neither a table nor an expression`);
  const hitPolicy = logic.get('hitPolicy') ?? 'UNIQUE';
  if (!['UNIQUE', 'COLLECT'].includes(hitPolicy) || logic.get('aggregation')) {
    throw new WrongFile(`${name} has the hit policy ${hitPolicy}, takes UNIQUE or COLLECT`);
  }
  const inputs = logic.get('input').map((input) => input.get('inputExpression')?.get('text')?.trim() ?? '');
  const outputs = logic.get('output') ?? [];
  if (outputs.length !== 1) throw new WrongFile(`${name} has ${outputs.length} outputs, takes one`);
  const rules = (logic.get('rule') ?? []).map((rule) => ({
    cells: (rule.get('inputEntry') ?? []).map((entry) => entry.get('text')?.trim() || '-'),
    result: rule.get('outputEntry')[0].get('text').trim(),
  }));
  for (const [at, rule] of rules.entries()) {
    if (rule.cells.length !== inputs.length) throw new WrongFile(`${name}, row ${at + 1}: ${rule.cells.length} cells for ${inputs.length} inputs`);
  }
  const shared = [...new Set(rules.flatMap((rule) => wordsOf(rule.result)))];
  return { name, hitPolicy, inputs, rules, shared, names: [...new Set([...inputs.flatMap(wordsOf), ...shared])] };
}

// The names in an expression: not its texts, its literals, or the functions of FEEL.
function wordsOf(expression) {
  const bare = expression.replace(/"[^"]*"/g, ' ');
  return [...bare.matchAll(/[A-Za-z_]\w*(?!\w*\s*\()/g)]
    .map((found) => found[0])
    .filter((word) => !['true', 'false', 'null', 'and', 'or', 'not', 'if', 'then', 'else'].includes(word));
}

const answered = new Map();

function remembered(key, ask) {
  if (!answered.has(key)) answered.set(key, ask());
  return answered.get(key);
}

function fits(test, value) {
  return remembered(`${test}\u0000${JSON.stringify(value)}`, () => unaryTest(test, { '?': value }).value === true);
}

function worth(expression, context) {
  if (/^\w+$/.test(expression) && expression in context) return context[expression];
  const names = remembered(`names\u0000${expression}`, () => wordsOf(expression));
  const needed = Object.fromEntries(names.map((name) => [name, context[name]]));
  return remembered(`worth\u0000${expression}\u0000${JSON.stringify(needed)}`, () => evaluate(expression, needed).value);
}

function decide({ decisions }, given) {
  const context = { ...given };
  const results = {};
  for (const one of decisions) {
    results[one.name] = result(one, context);
    context[one.name] = results[one.name].value ?? null;
  }
  return results;
}

function result(one, context) {
  if (one.expression !== undefined) return { value: worth(one.expression, context) };
  const values = one.inputs.map((input) => worth(input, context) ?? null);
  return remembered(`table\u0000${one.name}\u0000${JSON.stringify([values, one.shared.map((name) => context[name])])}`, () => held(one, values, context));
}

function held(one, values, context) {
  const rows = one.rules.flatMap((rule, at) => (rule.cells.every((cell, i) => cell === '-' || fits(cell, values[i])) ? [at] : []));
  const worths = rows.map((at) => worth(one.rules[at].result, context));
  if (one.hitPolicy === 'COLLECT') return { value: worths };
  if (rows.length === 1) return { value: worths[0] ?? null };
  return { fault: rows.length ? `rows ${rows.map((at) => at + 1).join(' and ')} hold together` : 'no row holds' };
}

try {
  const file = await read(process.argv[2]);
  decide(file, {});
  say(file);
  for await (const line of createInterface({ input: process.stdin })) say(decide(file, JSON.parse(line)));
} catch (error) {
  if (!(error instanceof WrongFile)) throw error;
  say({ error: error.message });
}
