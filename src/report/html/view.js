'use strict';
// Only shows and hides: all text is in the page already, and none is made here.
(() => {
  const tip = document.getElementById('tip');
  const sections = [...document.querySelectorAll('.document')];
  const indexes = new WeakMap();

  // The marks of each item on each side, and the entries of the lists.
  function indexOf(section) {
    let index = indexes.get(section);
    if (index) return index;
    index = { marks: new Map(), entries: new Map() };
    for (const entry of section.querySelectorAll('.item')) index.entries.set(entry.dataset.item, entry);
    for (const side of ['source', 'clean']) {
      for (const mark of section.querySelectorAll('.' + side + ' .m')) {
        for (const item of itemsOf(mark)) {
          if (!index.marks.has(item)) index.marks.set(item, { source: [], clean: [] });
          index.marks.get(item)[side].push(mark);
        }
      }
    }
    indexes.set(section, index);
    return index;
  }

  const itemsOf = (mark) => mark.dataset.items.split(' ');
  const sectionOf = (node) => node.closest('.document');
  const sideOf = (mark) => (mark.closest('.source') ? 'source' : 'clean');
  const markAt = (event) => event.target.closest && event.target.closest('.m:not(.off)');

  // The mark of the same item on the other side that stands in the same place of the order.
  function partnerOf(mark) {
    const side = sideOf(mark);
    for (const item of itemsOf(mark)) {
      const marks = indexOf(sectionOf(mark)).marks.get(item);
      const others = marks[side === 'source' ? 'clean' : 'source'];
      if (others.length) return others[Math.min(marks[side].indexOf(mark), others.length - 1)];
    }
    return null;
  }

  let lit = [];
  function unlight() {
    for (const node of lit) node.classList.remove('on');
    lit = [];
    tip.hidden = true;
  }

  function light(section, items) {
    unlight();
    const index = indexOf(section);
    for (const item of items) {
      const marks = index.marks.get(item);
      const entry = index.entries.get(item);
      if (marks) lit.push(...marks.source, ...marks.clean);
      if (entry) lit.push(entry);
    }
    for (const node of lit) node.classList.add('on');
  }

  function explain(mark) {
    const section = sectionOf(mark);
    const items = itemsOf(mark);
    light(section, items);
    tip.replaceChildren();
    for (const item of items) {
      const entry = indexOf(section).entries.get(item);
      if (!entry || entry.hidden) continue;
      const copy = document.createElement('div');
      copy.className = entry.className;
      copy.classList.remove('on');
      const body = document.createElement('div');
      for (const child of entry.firstElementChild.children) body.append(child.cloneNode(true));
      copy.append(body);
      tip.append(copy);
    }
    tip.hidden = false;
    mark.setAttribute('aria-describedby', 'tip');
    const at = mark.getClientRects()[0] || mark.getBoundingClientRect();
    const below = at.bottom + 8 + tip.offsetHeight < innerHeight;
    tip.style.left = Math.max(8, Math.min(at.left, innerWidth - tip.offsetWidth - 8)) + 'px';
    tip.style.top = Math.max(8, below ? at.bottom + 8 : at.top - tip.offsetHeight - 8) + 'px';
  }

  function pulse(mark) {
    if (!mark) return;
    mark.scrollIntoView({ block: 'center' });
    mark.classList.remove('partner');
    void mark.offsetWidth; // starts the animation anew
    mark.classList.add('partner');
  }

  // Several items at once only where marks overlap: hidden if all of them are.
  function filter(section) {
    const off = (box) => !box.checked;
    const boxes = (name) => [...section.querySelectorAll('input[data-' + name + ']')];
    const statuses = new Set(boxes('status').filter(off).map((box) => box.dataset.status));
    const rules = new Set(boxes('rule').filter(off).map((box) => box.dataset.rule));
    const { entries } = indexOf(section);
    for (const entry of entries.values()) {
      entry.hidden = statuses.has(entry.dataset.status) || rules.has(entry.dataset.rule);
    }
    for (const mark of section.querySelectorAll('.m')) {
      const hidden = itemsOf(mark).every((item) => entries.get(item).hidden);
      mark.classList.toggle('off', hidden);
      mark.tabIndex = hidden ? -1 : 0;
    }
    unlight();
  }

  const places = new WeakMap();
  function walk(section, step) {
    const items = [...indexOf(section).marks].filter(([item]) => !indexOf(section).entries.get(item).hidden);
    if (!items.length) return;
    const from = places.has(section) ? places.get(section) : step > 0 ? -1 : items.length;
    const to = (from + step + items.length) % items.length;
    places.set(section, to);
    const visible = (mark) => mark.getClientRects().length > 0;
    const marks = items[to][1];
    const mark = [...marks.source, ...marks.clean].find(visible);
    if (!mark) return;
    pulse(mark);
    mark.focus({ preventScroll: true });
    explain(mark);
  }

  function choose(section) {
    for (const other of sections) other.hidden = other !== section;
    for (const link of document.querySelectorAll('#documents a')) {
      if (link.hash === '#' + section.id) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    measure();
  }

  function measure() {
    const header = document.querySelector('.document:not([hidden]) > header');
    if (header) document.documentElement.style.setProperty('--top', header.offsetHeight + 'px');
  }

  function follow() {
    const target = document.getElementById(location.hash.slice(1));
    const section = target && sectionOf(target);
    if (!section) return;
    if (sections.length > 1) choose(section);
    target.scrollIntoView();
  }

  document.addEventListener('pointerover', (event) => {
    const mark = markAt(event);
    const entry = event.target.closest && event.target.closest('aside .item');
    if (mark) explain(mark);
    else if (entry) light(sectionOf(entry), [entry.dataset.item]);
    else unlight();
  });
  document.addEventListener('focusin', (event) => {
    const mark = markAt(event);
    if (mark) explain(mark);
    else unlight();
  });
  document.addEventListener('click', (event) => {
    const mark = markAt(event);
    const entry = event.target.closest('aside .item');
    const button = event.target.closest('button[data-step]');
    if (button) walk(sectionOf(button), Number(button.dataset.step));
    if (mark && getSelection().isCollapsed) pulse(partnerOf(mark));
    if (entry) {
      const marks = indexOf(sectionOf(entry)).marks.get(entry.dataset.item);
      const place = marks && [...marks.source, ...marks.clean].find((one) => one.getClientRects().length > 0);
      if (place) {
        event.preventDefault();
        pulse(place);
        place.focus({ preventScroll: true });
      }
    }
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const section = sections.find((one) => !one.hidden);
    const mark = markAt(event);
    if (event.key === 'Escape') unlight();
    else if (event.key === 'Enter' && mark) pulse(partnerOf(mark));
    else if (event.key === 'j' && section) walk(section, 1);
    else if (event.key === 'k' && section) walk(section, -1);
  });
  document.addEventListener('change', (event) => {
    if (event.target.matches('[data-status], [data-rule]')) filter(sectionOf(event.target));
  });
  addEventListener('hashchange', follow);
  addEventListener('resize', measure);
  addEventListener('scroll', () => { if (!document.activeElement.matches('.m')) unlight(); }, { passive: true });

  if (matchMedia('(max-width: 1000px)').matches) {
    for (const panel of document.querySelectorAll('.panel[open]')) panel.open = false;
  }
  if (sections.length) choose(sections[0]);
  follow();
})();
