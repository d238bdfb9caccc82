"use strict";
/* The table #students: a click on a heading sorts by its column, a second one the other way round; #search keeps the
   rows that hold all words typed, whatever their case and accents. Without this script it is a plain table. */
(() => {
  const table = document.getElementById("students");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const headings = [...table.tHead.rows[0].cells];
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  /* A number as the page writes it; NaN for what is none. */
  const number = text => parseFloat(text.replace(",", ".").replace("\u2212", "-"));

  /* The rows by a column; rows without a number stay last, and equal ones as they were. */
  const sorted = (column, down) => {
    const sign = down ? -1 : 1;
    const numeric = headings[column].classList.contains("n");
    const keys = new Map(rows.map(row => {
      const text = row.cells[column].textContent.trim();
      return [row, numeric ? number(text) : text];
    }));
    const compare = numeric
      ? (a, b) => Number.isNaN(a) - Number.isNaN(b) || sign * (a - b) || 0
      : (a, b) => sign * order.compare(a, b);
    return [...rows].sort((a, b) => compare(keys.get(a), keys.get(b)));
  };

  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => {
      const down = heading.getAttribute("aria-sort") === "ascending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", down ? "descending" : "ascending");
      body.replaceChildren(...sorted(column, down));  // at once: one by one takes five times as long
    });
    heading.append(button);
  });

  /* Numbers are not searched: a 7 is in half of the scores. */
  let texts = null;
  const text = row => plain([...row.cells].filter(cell => !cell.classList.contains("n"))
    .map(cell => cell.textContent).join(" "));
  const tell = count => {
    const values = { shown: count, all: rows.length };
    shown.textContent = shown.dataset.words.replace(/\{(\w+)\}/g, (all, name) => values[name]);
  };
  search.addEventListener("input", () => {
    texts ??= rows.map(text);  // when it is needed first: a page should open at once
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    rows.forEach((row, index) => {
      const match = words.every(word => texts[index].includes(word));
      row.hidden = !match;
      count += match;
    });
    tell(count);
  });
  search.closest(".find").hidden = false;
  tell(rows.length);
})();
