"use strict";
/* A sheet to fill in: a table of which some cells are typed on the page.

   The page has #sheet, JSON: `titles` and `rows` of the table, the `file` that it is saved as and the `command` that
   records it, the `key` under which this browser keeps what was typed, and `words`. A box stands for a cell: an input or a textarea with data-row (from 0)
   and data-column. One with data-most takes points from 0 to these (data-shown: as people write it); it is counted, and
   its article is `done` when all of these are. With data-least it takes a number from that on, below 0 too, and is not
   counted. What is wrong with a box is told in the element of its aria-describedby.
   A button with data-points fills in the box of the same .mark. #count, #meter, #told, #next, #save and, if there is
   one, #order are the page's controls. */
(() => {
  const find = id => document.getElementById(id);
  const sheet = JSON.parse(find("sheet").textContent);
  const boxes = [...document.querySelectorAll("input[data-row], textarea[data-row]")];
  const graded = () => [...document.querySelectorAll("input[data-most]:not([data-least])")];  // as they stand on the page
  const article = box => box.closest("article");
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name]);
  const number = text => Number(text.trim().replace(",", ".").replace("\u2212", "-"));
  let unsaved = false, keeps = true, last = null;

  /* What is wrong with a box, "" for nothing. */
  const wrong = box => {
    const text = box.value.trim();
    if (!box.dataset.most || !text) return "";
    if (!/^[+\u2212-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(text)) return sheet.words.no_number;
    const { least, most, shown } = box.dataset;
    if (least && !(Number(least) <= number(text) && number(text) <= Number(most))) return fill(sheet.words.outside, box.dataset);
    if (!least && number(text) < 0) return sheet.words.below;
    if (number(text) > Number(most)) return fill(sheet.words.above, { most: shown });
    return "";
  };
  const emptied = box => box.defaultValue && !box.value.trim();
  const marked = box => box.value.trim() !== "" && !wrong(box);

  const tell = (text, command) => {
    const told = find("told");
    told.textContent = text;
    told.hidden = !text;
    if (command) told.append(" ", Object.assign(document.createElement("code"), { textContent: command }));
  };

  /* Show what a box's value means: trouble in words, the level that it is, whether its article is done. */
  const show = box => {
    const trouble = find(box.getAttribute("aria-describedby"));
    const points = box.dataset.most !== undefined;
    const left = emptied(box) ? (points ? sheet.words.emptied : sheet.words.kept_comment) : "";
    box.setAttribute("aria-invalid", wrong(box) !== "");
    trouble.textContent = wrong(box) || left;
    trouble.hidden = !trouble.textContent;
    if (!points) return;
    const beside = [...article(box).querySelectorAll("input[data-most]:not([data-least])")];
    article(box).classList.toggle("done", beside.length > 0 && beside.every(marked));
    for (const level of box.closest(".mark").querySelectorAll("[data-points]"))
      level.setAttribute("aria-pressed", marked(box) && number(box.value) === number(level.dataset.points));
  };
  const counted = () => ({ done: graded().filter(marked).length, all: graded().length });
  const count = () => {
    const now = counted();
    find("count").textContent = fill(sheet.words.count, now);
    find("meter").style.width = `${100 * now.done / Math.max(now.all, 1)}%`;
  };

  /* What is typed stays in this browser, box by box, with what was known before: once something else is known, by a
     newer page, it is not put back. */
  const place = box => `${sheet.key} ${box.dataset.row} ${box.dataset.column}`;
  const keep = box => {
    try {
      if (box.value === box.defaultValue) localStorage.removeItem(place(box));
      else localStorage.setItem(place(box), JSON.stringify([box.defaultValue, box.value]));
    } catch (error) {
      keeps = false;
      tell(sheet.words.unkept);
    }
  };
  const restore = box => {
    try {
      const [known, typed] = JSON.parse(localStorage.getItem(place(box)) || "[]");
      if (known === box.defaultValue && typeof typed === "string") box.value = typed;
      else localStorage.removeItem(place(box));
    } catch (error) {
      keeps = false;
    }
  };

  /* A cell on one line that no spreadsheet runs, as surdix writes it; and a line of csv. */
  const cell = text => text.split(/\s+/).filter(word => word).join(" ").replace(/(^|[;,|])(?='* *[=+\-@])/g, "$1'");
  const points = box => box.value.trim().replace(",", ".").replace("\u2212", "-").replace(/^\+/, "");
  const typed = box =>
    box.dataset.least ? points(box) : box.dataset.most ? points(box).replace(/^-/, "") : cell(box.value);
  const line = cells => cells.map(text => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text)).join(",");
  const csv = () => {
    const rows = sheet.rows.map(cells => [...cells]);
    for (const box of boxes)
      if (box.value !== box.defaultValue) rows[box.dataset.row][box.dataset.column] = typed(box);
    return "\ufeff" + [sheet.titles, ...rows].map(cells => line(cells) + "\n").join("");
  };

  const go = box => {
    box.focus({ preventScroll: true });
    article(box).scrollIntoView({ block: "start" });
  };
  const next = () => {
    const all = graded();
    const from = last && document.contains(last) ? all.findIndex(box => article(box) === article(last)) : -1;
    const box = [...all.slice(from + 1), ...all.slice(0, from + 1)].find(other => !marked(other));
    tell("");
    if (box) go(box);
    else tell(sheet.words.all_marked);
  };
  const save = () => {
    const bad = boxes.filter(wrong);
    if (bad.length) {
      go(bad[0]);
      return tell(fill(sheet.words.wrong, { count: bad.length }));
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
    link.download = sheet.file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
    return tell(fill(sheet.words.saved, Object.assign({ file: sheet.file }, counted())), sheet.command);
  };

  /* All answers to a question one after the other, or all of a student. */
  const sort = by => {
    const answers = find("answers");
    const at = (node, name) => Number(node.dataset[name] === undefined ? -1 : node.dataset[name]);
    const keys = by === "student" ? ["row", "column"] : ["column", "row"];
    const order = (one, other) => at(one, keys[0]) - at(other, keys[0]) || at(one, keys[1]) - at(other, keys[1]);
    answers.className = `by-${by}`;
    answers.append(...[...answers.children].sort(order));
  };

  const unfold = details => {
    if (details.open && !details.dataset.full) details.append(find(details.dataset.from).content.cloneNode(true));
    if (details.open) details.dataset.full = "yes";
  };

  document.addEventListener("input", event => {
    if (!boxes.includes(event.target)) return;
    unsaved = true;
    tell("");
    keep(event.target);
    show(event.target);
    count();
  });
  document.addEventListener("focusin", event => {
    if (event.target.closest("article")) last = event.target;
  });
  document.addEventListener("keydown", event => {
    if (event.key === "Enter" && event.target.dataset && event.target.dataset.most && !wrong(event.target)) {
      event.preventDefault();
      next();
    } else if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  });
  document.addEventListener("click", event => {
    const level = event.target.closest("[data-points]");
    if (!level) return;
    const box = level.closest(".mark").querySelector("[data-most]");
    box.value = level.dataset.points;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus({ preventScroll: true });
  });
  window.addEventListener("beforeunload", event => {
    if (unsaved && !keeps) event.preventDefault();
  });
  for (const details of document.querySelectorAll("[data-from]")) {
    details.addEventListener("toggle", () => unfold(details));
    unfold(details);
  }
  find("next").addEventListener("click", next);
  find("save").addEventListener("click", save);
  if (find("order")) find("order").addEventListener("change", event => sort(event.target.value));
  sort("question");
  boxes.forEach(restore);
  boxes.forEach(show);
  count();
  if (!keeps) tell(sheet.words.unkept);
})();
