// @ts-check
'use strict';
// Decisions of a page that stands alone: they live in it, are kept by the
// browser as a safety net, and leave as the file that `clean --decisions` reads.

/**
 * A line of the decisions file, its keys in this order.
 * @typedef {object} Line
 * @property {string} [id] The repair; none for a whole rule.
 * @property {string} [note_id] The note that is done with.
 * @property {string} decision `accept`, `reject`, `edit` or `done`.
 * @property {string} [scope] `occurrence`, `rule` or `phrase`.
 * @property {string} document
 * @property {string} rule
 * @property {string} [before] What stood there.
 * @property {string} [after] What the repair makes of it.
 * @property {string} [text] The reviewer's own text.
 * @property {string} [phrase] What is decided on wherever it stands.
 * @property {string} [who]
 * @property {string} when
 * @property {string} [note] Why.
 */

/**
 * What a person wants.
 * @typedef {object} Wish
 * @property {HTMLElement} entry The repair or note that is meant, or one of the rule that is.
 * @property {string} decision As in a line.
 * @property {'occurrence' | 'rule' | 'phrase'} [scope] This one, its rule in this document, or its phrase in all.
 * @property {string} [text] The person's own text.
 * @property {string} [note] Why.
 */

/**
 * Who keeps the decisions. What a promise of it brings is kept.
 * @typedef {object} Store
 * @property {(wish: Wish) => Promise<void>} decide
 * @property {() => Promise<Undone | null>} undo What was taken back.
 */

/**
 * What a decision that was taken back was about.
 * @typedef {object} Undone
 * @property {string} document
 * @property {string} [id] The repair or note; none for a rule.
 */

const ORDER = ['id', 'note_id', 'decision', 'scope', 'document', 'rule', 'before', 'after', 'text', 'phrase', 'who', 'when', 'note'];

/** @returns {Store & {load: () => void, lines: () => string}} */
function pageStore() {
  /** What was decided, the latest last; lines of one number were decided at once. @type {{number: number, line: Line}[]} */
  let log = [];
  let exported = 0;
  /** What was decided when the page was made. @type {Map<HTMLElement, string>} */
  const given = new Map();
  for (const entry of all(document, 'aside .item[data-decision]')) given.set(entry, entry.dataset.decision || '');

  /** @param {HTMLElement} section */
  const keyOf = (section) => 'textmend ' + section.dataset.hash + ' ' + section.dataset.path;

  /** Whether the browser keeps the log. */
  function keep() {
    try {
      for (const section of sections()) {
        const own = log.filter(({ line }) => line.document === section.dataset.path);
        if (own.length) localStorage.setItem(keyOf(section), JSON.stringify(own));
        else localStorage.removeItem(keyOf(section));
      }
      return true;
    } catch {
      return false;
    }
  }

  function load() {
    log = [];
    try {
      for (const section of sections()) {
        const own = JSON.parse(localStorage.getItem(keyOf(section)) || '[]');
        // What another program left under this key is not ours to trip over.
        if (Array.isArray(own)) log.push(...own.filter((one) => one && one.line && typeof one.line.decision === 'string'));
      }
    } catch {
      // A browser that keeps nothing: the page says so when there is something to keep.
    }
    log.sort((a, b) => a.number - b.number);
    sections().forEach(show);
  }

  /** Writes on the entries of a document what was decided of them. @param {HTMLElement} section */
  function show(section) {
    /** @type {Map<string, string>} */
    const decided = new Map();
    const own = log.filter(({ line }) => line.document === section.dataset.path || line.scope === 'phrase');
    for (const { line } of own) decided.set(targetOf(line), line.decision);
    for (const entry of indexOf(section).order) {
      const { status, id, ruleId, phrase } = entry.dataset;
      const wide = status === 'note' ? undefined : decided.get(`phrase ${ruleId} ${phrase}`) || decided.get('rule ' + ruleId);
      const decision = decided.get((status === 'note' ? 'note ' : 'id ') + id) || wide || given.get(entry);
      if (entry.dataset.decision === decision) continue;
      if (decision) entry.dataset.decision = decision;
      else delete entry.dataset.decision;
      paint(entry);
    }
  }

  /** Shows what a line is about. @param {Line} line */
  const showAll = ({ document, scope }) => {
    sections().filter((section) => scope === 'phrase' || section.dataset.path === document).forEach(show);
  };

  /** Two lines of the same target: the later counts. @param {Line} line */
  const targetOf = (line) => {
    if (line.note_id) return 'note ' + line.note_id;
    if (line.scope === 'phrase') return `phrase ${line.rule} ${line.phrase}`;
    return line.scope === 'rule' ? 'rule ' + line.rule : 'id ' + line.id;
  };

  /** @param {Wish} wish @returns {Line} */
  function lineOf({ entry, decision, scope = 'occurrence', text, note }) {
    const { id, status, ruleId, before, after, phrase } = entry.dataset;
    const isNote = status === 'note';
    const one = !isNote && scope === 'occurrence';
    // One's own text that is the old one is a rejection.
    const same = decision === 'edit' && text === before;
    return {
      id: one ? id : undefined,
      note_id: isNote ? id : undefined,
      decision: same ? 'reject' : decision,
      scope: isNote ? undefined : scope,
      document: sectionOf(entry).dataset.path || '',
      rule: ruleId || '',
      before: isNote || scope === 'rule' ? undefined : before,
      after: isNote || scope === 'rule' ? undefined : after,
      text: same ? undefined : text,
      phrase: scope === 'phrase' ? phrase : undefined,
      who: /** @type {HTMLInputElement} */ (byId('who')).value.trim(),
      when: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
      note: note || undefined,
    };
  }

  const next = () => Math.max(Date.now(), ...log.slice(-1).map((one) => one.number + 1));

  addEventListener('beforeunload', (event) => {
    if (log.length > exported && !keep()) event.preventDefault();
  });

  return {
    load,
    async decide(wish) {
      const line = lineOf(wish);
      // A tick that is taken away leaves no line, nor does a decision that is made again.
      const target = targetOf(line);
      const before = log.filter((one) => one.line.document === line.document && targetOf(one.line) === target);
      if (line.decision === 'open') log = log.filter((one) => !before.includes(one));
      else log.push({ number: next(), line });
      showAll(line);
      if (!keep()) say('This browser keeps nothing for this page: export before you close it.');
    },
    async undo() {
      const last = log.pop();
      if (!last) return null;
      keep();
      showAll(last.line);
      return { document: last.line.document, id: last.line.id || last.line.note_id };
    },
    lines() {
      /** @type {Map<string, Line>} */
      const lines = new Map();
      for (const { line } of log) {
        const target = (line.scope === 'phrase' ? '' : line.document) + ' ' + targetOf(line);
        lines.delete(target);
        lines.set(target, line);
      }
      exported = log.length;
      return [...lines.values()].map((line) => JSON.stringify(line, ORDER) + '\n').join('');
    },
  };
}

/** Gives a person a file. @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
