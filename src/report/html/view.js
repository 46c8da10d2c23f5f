// @ts-check
'use strict';
// Shows and hides: all text is in the page already, and none is made here.

/**
 * What stands where in a document.
 * @typedef {object} Index
 * @property {Map<string, {source: HTMLElement[], clean: HTMLElement[]}>} marks The marks of each item.
 * @property {Map<string, HTMLElement>} entries Its entry in a list.
 * @property {HTMLElement[]} order The entries as they follow each other in the document.
 * @property {Map<HTMLElement, number>} places Where each stands in that order.
 */

/**
 * What the boxes let through.
 * @typedef {object} Filter
 * @property {Set<string | undefined>} statuses Statuses that are hidden.
 * @property {Set<string | undefined>} rules Rules that are hidden, by number.
 * @property {Set<string | undefined>} sures Confidences that are hidden.
 * @property {string} which Which repairs are gone through: `open`, `decided` or `all`.
 * @property {string} words What is searched for, in lower case.
 */

/** @type {<T extends HTMLElement>(id: string) => T} */
const byId = (id) => {
  const found = document.getElementById(id);
  if (!found) throw new Error('the page has no #' + id);
  return /** @type {any} */ (found);
};
/** @type {(root: ParentNode, selector: string) => HTMLElement[]} */
const all = (root, selector) => [...root.querySelectorAll(selector)].map((node) => /** @type {HTMLElement} */ (node));
/** @type {(root: ParentNode, selector: string) => HTMLInputElement[]} */
const inputs = (root, selector) => /** @type {HTMLInputElement[]} */ (all(root, selector));

const tip = byId('tip');
/** @type {WeakMap<HTMLElement, Index>} */
const indexes = new WeakMap();
/** @type {WeakMap<HTMLElement, string>} */
const searched = new WeakMap();

const sections = () => all(document, '.document');
/** The document that is looked at. */
const chosen = () => sections().find((section) => !section.hidden);
/** @type {(mark: HTMLElement) => string[]} */
const itemsOf = (mark) => (mark.dataset.items || '').split(' ');
/** @type {(node: Element) => HTMLElement} */
const sectionOf = (node) => /** @type {HTMLElement} */ (node.closest('.document'));
/** @type {(mark: HTMLElement) => 'source' | 'clean'} */
const sideOf = (mark) => (mark.closest('.source') ? 'source' : 'clean');
/** @type {(event: Event) => HTMLElement | null} */
const markAt = (event) => (event.target instanceof Element ? event.target.closest('.m:not(.off)') : null);
/** @type {(node: HTMLElement) => boolean} */
const laidOut = (node) => node.getClientRects().length > 0;

/** @param {HTMLElement} section @returns {Index} */
function indexOf(section) {
  const known = indexes.get(section);
  if (known) return known;
  /** @type {Index} */
  const index = { marks: new Map(), entries: new Map(), order: all(section, 'aside .item'), places: new Map() };
  for (const entry of index.order) index.entries.set(entry.dataset.item || '', entry);
  index.order.sort((a, b) => Number(a.dataset.at) - Number(b.dataset.at));
  index.order.forEach((entry, place) => index.places.set(entry, place));
  for (const mark of all(section, '.row .m')) {
    for (const item of itemsOf(mark)) {
      let marks = index.marks.get(item);
      if (!marks) index.marks.set(item, (marks = { source: [], clean: [] }));
      marks[sideOf(mark)].push(mark);
    }
  }
  indexes.set(section, index);
  return index;
}

/** The marks of an entry, those of the source first. @param {HTMLElement} entry @returns {HTMLElement[]} */
function marksOf(entry) {
  const marks = indexOf(sectionOf(entry)).marks.get(entry.dataset.item || '');
  return marks ? [...marks.source, ...marks.clean] : [];
}

/**
 * The mark of the same item on the other side that stands in the same place of the order.
 * @param {HTMLElement} mark
 */
function partnerOf(mark) {
  const side = sideOf(mark);
  for (const item of itemsOf(mark)) {
    const marks = indexOf(sectionOf(mark)).marks.get(item);
    const others = marks ? marks[side === 'source' ? 'clean' : 'source'] : [];
    if (marks && others.length) return others[Math.min(marks[side].indexOf(mark), others.length - 1)];
  }
  return null;
}

/** @type {HTMLElement[]} */
let lit = [];
function unlight() {
  for (const node of lit) node.classList.remove('on');
  lit = [];
  tip.hidden = true;
}

/** @param {HTMLElement} section @param {string[]} items */
function light(section, items) {
  unlight();
  const index = indexOf(section);
  for (const item of items) {
    const entry = index.entries.get(item);
    if (entry) lit.push(entry, ...marksOf(entry));
  }
  for (const node of lit) node.classList.add('on');
}

/** What the list says of an entry, to be shown elsewhere. @param {HTMLElement} entry */
function told(entry) {
  const copy = document.createElement('div');
  copy.className = 'item ' + (entry.dataset.status || '');
  if (entry.dataset.decision) copy.dataset.decision = entry.dataset.decision;
  for (const child of (entry.querySelector('a') || entry).children) copy.append(child.cloneNode(true));
  return copy;
}

/** @param {HTMLElement} mark */
function explain(mark) {
  const section = sectionOf(mark);
  const items = itemsOf(mark);
  light(section, items);
  const entries = items.map((item) => indexOf(section).entries.get(item));
  tip.replaceChildren(...entries.flatMap((entry) => (entry && !hides(filterOf(section), entry) ? [told(entry)] : [])));
  tip.hidden = false;
  mark.setAttribute('aria-describedby', 'tip');
  const at = mark.getClientRects()[0] || mark.getBoundingClientRect();
  const below = at.bottom + 8 + tip.offsetHeight < innerHeight;
  tip.style.left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8)) + 'px';
  tip.style.top = Math.max(8, below ? at.bottom + 8 : at.top - tip.offsetHeight - 8) + 'px';
}

/** Shows where a mark is. @param {HTMLElement | null | undefined} mark */
function pulse(mark) {
  if (!mark) return;
  mark.scrollIntoView({ block: 'center' });
  mark.classList.remove('partner');
  void mark.offsetWidth; // starts the animation anew
  mark.classList.add('partner');
}

/** @type {WeakMap<HTMLElement, Filter>} */
const filters = new WeakMap();
/** @param {HTMLElement} section @returns {Filter} */
function filterOf(section) {
  const known = filters.get(section);
  if (known) return known;
  /** @param {string} name */
  const off = (name) => {
    const boxes = inputs(section, 'input[data-' + name + ']').filter((box) => !box.checked);
    return new Set(boxes.map((box) => box.dataset[name]));
  };
  const which = inputs(document, 'input[name="which"]').find((one) => one.checked);
  const filter = {
    statuses: off('status'),
    rules: off('rule'),
    sures: off('sure'),
    which: which ? which.value : 'all',
    words: /** @type {HTMLInputElement} */ (byId('words')).value.trim().toLowerCase(),
  };
  filters.set(section, filter);
  return filter;
}

/** Whether an entry is hidden, in the text too. @param {Filter} filter @param {HTMLElement} entry */
const hides = (filter, { dataset }) =>
  filter.statuses.has(dataset.status) || filter.rules.has(dataset.rule) || filter.sures.has(dataset.sure);

/** Whether nobody has decided what has to be decided. @param {HTMLElement} entry */
const isOpen = ({ dataset }) => dataset.status === 'suggested' && !dataset.decision;

/** Whether an entry is gone through. @param {Filter} filter @param {HTMLElement} entry */
function asks(filter, entry) {
  if (hides(filter, entry)) return false;
  const decided = Boolean(entry.dataset.decision);
  if (filter.which === 'open' ? !isOpen(entry) : filter.which === 'decided' && !decided) return false;
  return !filter.words || tells(entry, filter.words);
}

/** Whether what is said of an entry, or a paragraph it marks, holds what is searched for. @param {HTMLElement} entry @param {string} words */
function tells(entry, words) {
  const rows = new Set(marksOf(entry).map((mark) => mark.closest('.row')));
  return [entry, ...rows].some((node) => node instanceof HTMLElement && textOf(node).includes(words));
}

/** @param {HTMLElement} node */
function textOf(node) {
  let text = searched.get(node);
  if (text === undefined) searched.set(node, (text = (node.textContent || '').toLowerCase()));
  return text;
}

/** Does what the boxes of a document say. @param {HTMLElement} section */
function refilter(section) {
  filters.delete(section);
  const filter = filterOf(section);
  const { entries, marks } = indexOf(section);
  for (const entry of entries.values()) {
    const hidden = entry.dataset.status === 'note' ? hides(filter, entry) : !asks(filter, entry);
    if (entry.hidden !== hidden) entry.hidden = hidden;
  }
  // Several items at once only where marks overlap: hidden if all of them are.
  const off = new Set([...entries.values()].filter((entry) => hides(filter, entry)).map((entry) => entry.dataset.item));
  for (const { source, clean } of marks.values()) {
    for (const mark of [...source, ...clean]) {
      const hidden = off.size > 0 && itemsOf(mark).every((item) => off.has(item));
      if (mark.classList.contains('off') === hidden) continue;
      mark.classList.toggle('off', hidden);
      mark.tabIndex = hidden ? -1 : 0;
    }
  }
  unlight();
}

/** Shows one document. @param {HTMLElement} section */
function choose(section) {
  for (const other of sections()) other.hidden = other !== section;
  for (const link of all(document, '#documents a')) {
    if (link.getAttribute('href') === '#' + section.id) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  measure();
}

/** Tells the style sheet how high what sticks to the edges is. */
function measure() {
  const { style } = document.documentElement;
  style.setProperty('--top', byId('bar').offsetHeight + 'px');
  style.setProperty('--bottom', byId('dock').offsetHeight + 'px');
}
