"use strict";
// What a person chose or dropped, as a list of {path, file}; nothing is read here.

const intake = {
  fromInput(input) {
    return [...input.files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  },

  async fromDrop(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.length) return [...transfer.files].map((file) => ({ path: file.name, file }));
    const chosen = [];
    for (const entry of entries) await intake.walk(entry, "", chosen);
    return chosen;
  },

  async walk(entry, folder, chosen) {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      chosen.push({ path: folder + entry.name, file });
      return;
    }
    const reader = entry.createReader();
    for (;;) { // a reader returns at most 100 entries at once
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!some.length) return;
      for (const one of some) await intake.walk(one, `${folder}${entry.name}/`, chosen);
    }
  },

  describe(chosen) {
    const bytes = chosen.reduce((sum, { file }) => sum + file.size, 0);
    const size = bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
    const names = chosen.map(({ path }) => path);
    const listed = names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
    return `${names.length} ${names.length === 1 ? "file" : "files"}, ${size}: ${listed}`;
  },
};
