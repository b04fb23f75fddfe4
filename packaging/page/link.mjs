// Links WebAssembly libraries to themselves, in place: node link.mjs PROGRAM LIBRARY ...
//
// A shared library imports even its functions and addresses by name, since another library
// might replace them. On the page none does, so these imports become direct calls and offsets, and
// names that no other library imports are not exported: the libraries load and run faster.
import { readFileSync, writeFileSync } from "node:fs";

const [TYPE, IMPORT, FUNCTION, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA] = [1, 2, 3, 6, 7, 8, 9, 10, 11];
const [OF_FUNCTION, OF_TABLE, OF_MEMORY, OF_GLOBAL] = [0, 1, 2, 3];
const ALWAYS_EXPORTED = /^(__wasm_|__start_|__stop_|_initialize$|PyInit_)/;

class Reader {
  constructor(bytes, at = 0, end = bytes.length) { Object.assign(this, { bytes, at, end }); }
  byte() { return this.bytes[this.at++]; }
  number() { // unsigned, up to 35 bits
    let value = 0, scale = 1, byte;
    do { byte = this.bytes[this.at++]; value += (byte & 127) * scale; scale *= 128; } while (byte & 128);
    return value;
  }
  signed() { // 32 bits
    let value = 0, shift = 0, byte;
    do { byte = this.bytes[this.at++]; value |= (byte & 127) << shift; shift += 7; } while (byte & 128);
    return shift < 32 && byte & 64 ? value | (-1 << shift) : value;
  }
  skip() { while (this.bytes[this.at++] & 128); }
  text() { const size = this.number(); this.at += size; return this.bytes.toString("utf8", this.at - size, this.at); }
  list(read) { return Array.from({ length: this.number() }, read); }
}

class Writer {
  constructor() { this.bytes = Buffer.alloc(1 << 16); this.at = 0; }
  reserve(size) {
    if (this.at + size <= this.bytes.length) return;
    const old = this.bytes;
    this.bytes = Buffer.alloc(2 * (this.at + size));
    old.copy(this.bytes, 0, 0, this.at);
  }
  byte(...values) { this.reserve(values.length); for (const value of values) this.bytes[this.at++] = value; }
  number(value) {
    do { const low = value % 128; value = Math.floor(value / 128); this.byte(value ? low | 128 : low); } while (value);
  }
  signed(value) {
    for (;;) {
      const low = value & 127;
      value >>= 7;
      if ((value === 0 && !(low & 64)) || (value === -1 && low & 64)) return this.byte(low);
      this.byte(low | 128);
    }
  }
  copy(bytes, from = 0, to = bytes.length) { this.reserve(to - from); this.at += bytes.copy(this.bytes, this.at, from, to); }
  text(value) { const bytes = Buffer.from(value); this.number(bytes.length); this.copy(bytes); }
  block(writer) { this.number(writer.at); this.copy(writer.bytes, 0, writer.at); }
}

// ---------------------------------------------------------------- reading

function readSections(bytes) {
  const reader = new Reader(bytes, 8), sections = [];
  while (reader.at < bytes.length) {
    const id = reader.byte(), size = reader.number();
    sections.push({ id, start: reader.at, end: reader.at + size });
    reader.at += size;
  }
  return sections;
}

function open(bytes, sections, id) {
  const section = sections.find((one) => one.id === id);
  return section && new Reader(bytes, section.start, section.end);
}

function readLimits(reader) { const flags = reader.byte(); reader.skip(); if (flags & 1) reader.skip(); }

function readImports(bytes, sections) {
  const reader = open(bytes, sections, IMPORT);
  return reader?.list(() => {
    const start = reader.at, module = reader.text(), name = reader.text(), kind = reader.byte();
    let type = 0;
    if (kind === OF_FUNCTION) type = reader.number();
    else if (kind === OF_TABLE) { reader.skip(); readLimits(reader); }
    else if (kind === OF_MEMORY) readLimits(reader);
    else if (kind === OF_GLOBAL) reader.at += 2;
    else { reader.skip(); reader.skip(); }
    return { module, name, kind, type, start, end: reader.at };
  }) ?? [];
}

function readExports(bytes, sections) {
  const reader = open(bytes, sections, EXPORT);
  return reader?.list(() => ({ name: reader.text(), kind: reader.byte(), index: reader.number() })) ?? [];
}

function readConstants(bytes, sections) { // the value of each global that is a constant
  const reader = open(bytes, sections, GLOBAL);
  return reader?.list(() => {
    reader.at += 2;
    const isConstant = reader.bytes[reader.at] === 0x41;
    let value;
    if (isConstant) { reader.at += 1; value = reader.signed(); }
    else copyExpression(reader, new Writer(), (index) => index, () => false);
    if (isConstant && reader.byte() !== 0x0b) throw new Error("a global of more than a constant");
    return value;
  }) ?? [];
}

// ---------------------------------------------------------------- instructions

// Skips what follows an instruction's first byte; what holds an index of a function or a global is not among them.
function skipOperands(reader, code) {
  if (code === 0x02 || code === 0x03 || code === 0x04 || code === 0x06) reader.skip(); // a block's type
  else if (code === 0x0e) { for (let left = reader.number() + 1; left; left--) reader.skip(); } // br_table
  else if (code === 0x11) { reader.skip(); reader.skip(); } // call_indirect
  else if (code === 0x1c) { for (let left = reader.number(); left; left--) reader.at += 1; } // select
  else if (code >= 0x28 && code <= 0x3e) { reader.skip(); reader.skip(); } // loads and stores
  else if (code === 0x43) reader.at += 4;
  else if (code === 0x44) reader.at += 8;
  else if (code === 0xfc) skipMore(reader);
  else if (code === 0xfd) skipVector(reader);
  else if ([0x07, 0x08, 0x09, 0x0c, 0x0d, 0x18, 0x20, 0x21, 0x22, 0x25, 0x26, 0x3f, 0x40, 0x41, 0x42, 0xd0].includes(code)) reader.skip();
  else if (!(code <= 0x01 || code === 0x05 || code === 0x0b || code === 0x0f || code === 0x19 || code === 0x1a || code === 0x1b
    || (code >= 0x45 && code <= 0xc4) || code === 0xd1)) throw new Error(`unknown instruction ${code.toString(16)}`);
}

function skipMore(reader) { // conversions that saturate, memory and tables
  const code = reader.number();
  if (code > 17) throw new Error(`unknown instruction fc ${code}`);
  if (code > 7) reader.skip();
  if ([8, 10, 12, 14].includes(code)) reader.skip();
}

function skipVector(reader) {
  const code = reader.number();
  if (code <= 11 || (code >= 84 && code <= 93)) { reader.skip(); reader.skip(); }
  if (code === 12 || code === 13) reader.at += 16;
  if ((code >= 21 && code <= 34) || (code >= 84 && code <= 91)) reader.at += 1;
}

// Copies instructions up to the end of their block. `globalOf` writes a global that became an offset, and returns whether it did.
function copyExpression(reader, writer, functionOf, writeGlobal) {
  let depth = 1, from = reader.at;
  while (depth) {
    const at = reader.at, code = reader.byte();
    if (code === 0x10 || code === 0x12 || code === 0xd2) { // call, return_call, ref.func
      writer.copy(reader.bytes, from, at + 1);
      writer.number(functionOf(reader.number()));
      from = reader.at;
    } else if (code === 0x23 || code === 0x24) { // global.get, global.set
      const index = reader.number();
      writer.copy(reader.bytes, from, at);
      from = writeGlobal(index, code, writer) ? reader.at : at;
    } else {
      if (code === 0x0b || code === 0x18) depth -= 1; // end, delegate
      if (code >= 0x02 && code <= 0x06 && code !== 0x05) depth += 1;
      skipOperands(reader, code);
    }
  }
  writer.copy(reader.bytes, from, reader.at);
}

// ---------------------------------------------------------------- linking

class Linker {
  // `exporters`, `importers`: in how many files of the page a name is exported and imported.
  constructor(bytes, exporters, importers) {
    this.bytes = bytes;
    this.sections = readSections(bytes);
    this.imports = readImports(bytes, this.sections);
    this.exports = readExports(bytes, this.sections);
    this.own = new Map(this.exports.filter(({ name }) => exporters.get(name) === 1).map((one) => [one.name, one]));
    this.importedFunctions = this.imports.filter(({ kind }) => kind === OF_FUNCTION);
    this.importedGlobals = this.imports.filter(({ kind }) => kind === OF_GLOBAL);
    const types = open(bytes, this.sections, FUNCTION);
    this.types = types.list(() => types.number());
    this.constants = readConstants(bytes, this.sections);
    this.readTable();
    this.resolve();
    this.renumber();
    const imported = new Set(this.imports.map(({ name }) => name)), left = new Set(this.imports.filter((one) => !one.target).map(({ name }) => name));
    const isWanted = (name) => left.has(name) || (importers.get(name) ?? 0) > imported.has(name) || ALWAYS_EXPORTED.test(name);
    this.exports = this.exports.filter(({ name }) => isWanted(name));
  }

  readTable() {
    const reader = open(this.bytes, this.sections, ELEMENT);
    const base = this.importedGlobals.findIndex(({ name }) => name === "__table_base");
    if (reader && (reader.number() !== 1 || reader.byte() !== 0 || reader.byte() !== 0x23 || reader.number() !== base || reader.byte() !== 0x0b)) {
      throw new Error("a table of another kind than wasm-ld writes");
    }
    this.table = reader?.list(() => reader.number()) ?? [];
    this.tableSize = this.table.length;
    this.slots = new Map();
    this.table.forEach((index, slot) => this.slots.has(index) || this.slots.set(index, slot));
  }

  // Gives each import that the library itself defines its target.
  resolve() {
    const imported = this.importedFunctions.length, globals = this.importedGlobals.length;
    for (const one of this.imports) {
      const own = this.own.get(one.name);
      if (!own || own.index < (own.kind === OF_FUNCTION ? imported : globals)) continue;
      if (one.module === "env" && one.kind === OF_FUNCTION && own.kind === OF_FUNCTION) {
        if (this.types[own.index - imported] === one.type) one.target = { index: own.index };
      } else if (one.module === "GOT.func" && own.kind === OF_FUNCTION && this.tableSize) {
        one.target = { base: "__table_base", offset: this.placeInTable(own.index) };
      } else if (one.module === "GOT.mem" && own.kind === OF_GLOBAL && this.constants[own.index - globals] !== undefined) {
        one.target = { base: "__memory_base", offset: this.constants[own.index - globals] };
      }
    }
  }

  placeInTable(index) {
    if (!this.slots.has(index)) this.slots.set(index, this.table.push(index) - 1);
    return this.slots.get(index);
  }

  renumber() {
    const number = (list) => { let next = 0; const numbers = list.map(({ target }) => target ? -1 : next++); return { next, numbers }; };
    const functions = number(this.importedFunctions), globals = number(this.importedGlobals);
    const gone = this.importedFunctions.length - functions.next, goneGlobals = this.importedGlobals.length - globals.next;
    this.functionOf = (index) => {
      const one = this.importedFunctions[index];
      return !one ? index - gone : one.target ? one.target.index - gone : functions.numbers[index];
    };
    this.globalOf = (index) => index < globals.numbers.length ? globals.numbers[index] : index - goneGlobals;
    this.bases = Object.fromEntries(this.importedGlobals.map(({ name }, index) => [name, this.globalOf(index)]));
    this.writeGlobal = (index, code, writer) => {
      const target = this.importedGlobals[index]?.target;
      writer.byte(code);
      writer.number(target ? this.bases[target.base] : this.globalOf(index));
      if (target && code === 0x24) throw new Error("an address that is set");
      if (target) { writer.byte(0x41); writer.signed(target.offset); writer.byte(0x6a); }
      return true;
    };
  }

  copy(reader, writer) { copyExpression(reader, writer, this.functionOf, this.writeGlobal); }

  write() {
    const whole = new Writer();
    whole.copy(this.bytes, 0, 8);
    const writers = { 0: this.writeCustom, [IMPORT]: this.writeImports, [GLOBAL]: this.writeGlobals, [EXPORT]: this.writeExports,
      [START]: this.writeStart, [ELEMENT]: this.writeTable, [CODE]: this.writeCode, [DATA]: this.writeData };
    for (const section of this.sections) {
      const content = new Writer(), reader = new Reader(this.bytes, section.start, section.end);
      if (writers[section.id]) writers[section.id].call(this, reader, content);
      else content.copy(this.bytes, section.start, section.end);
      whole.byte(section.id);
      whole.block(content);
    }
    return whole.bytes.subarray(0, whole.at);
  }

  writeCustom(reader, writer) {
    const start = reader.at, name = reader.text();
    if (name !== "dylink.0") return writer.copy(this.bytes, start, reader.end);
    writer.text(name);
    while (reader.at < reader.end) {
      const kind = reader.byte(), size = reader.number(), part = new Writer(), end = reader.at + size;
      if (kind === 1) { // sizes: memory, its alignment, table, its alignment
        const [memory, align, table, tableAlign] = [0, 0, 0, 0].map(() => reader.number());
        for (const value of [memory, align, table + this.table.length - this.tableSize, tableAlign]) part.number(value);
      } else part.copy(this.bytes, reader.at, end);
      writer.byte(kind);
      writer.block(part);
      reader.at = end;
    }
  }

  writeImports(reader, writer) {
    const kept = this.imports.filter(({ target }) => !target);
    writer.number(kept.length);
    for (const { start, end } of kept) writer.copy(this.bytes, start, end);
  }

  writeGlobals(reader, writer) {
    let left = reader.number();
    writer.number(left);
    for (; left; left--) {
      writer.byte(reader.byte(), reader.byte());
      this.copy(reader, writer);
    }
  }

  writeExports(reader, writer) {
    writer.number(this.exports.length);
    for (const { name, kind, index } of this.exports) {
      writer.text(name);
      writer.byte(kind);
      writer.number(kind === OF_FUNCTION ? this.functionOf(index) : kind === OF_GLOBAL ? this.globalOf(index) : index);
    }
  }

  writeStart(reader, writer) { writer.number(this.functionOf(reader.number())); }

  writeTable(reader, writer) {
    writer.byte(1, 0, 0x23);
    writer.number(this.bases.__table_base);
    writer.byte(0x0b);
    writer.number(this.table.length);
    for (const index of this.table) writer.number(this.functionOf(index));
  }

  writeCode(reader, writer) {
    let left = reader.number();
    writer.number(left);
    for (; left; left--) {
      const body = new Writer(), end = reader.number() + reader.at, start = reader.at;
      for (let groups = reader.number(); groups; groups--) { reader.skip(); reader.skip(); }
      body.copy(this.bytes, start, reader.at);
      this.copy(reader, body);
      if (reader.at !== end) throw new Error("instructions that do not end where they should");
      writer.block(body);
    }
  }

  writeData(reader, writer) {
    let left = reader.number();
    writer.number(left);
    for (; left; left--) {
      const flags = reader.byte();
      writer.byte(flags);
      if (flags > 1) throw new Error("data of another memory");
      if (flags === 0) this.copy(reader, writer);
      const size = reader.number();
      writer.number(size);
      writer.copy(this.bytes, reader.at, reader.at + size);
      reader.at += size;
    }
  }
}

const [main, ...paths] = process.argv.slice(2);
const exporters = new Map(), importers = new Map();
const count = (names, modules) => { for (const name of new Set(names)) modules.set(name, (modules.get(name) ?? 0) + 1); };
for (const path of [main, ...paths]) {
  const bytes = readFileSync(path), sections = readSections(bytes);
  count(readExports(bytes, sections).map(({ name }) => name), exporters);
  count(readImports(bytes, sections).map(({ name }) => name), importers);
}
for (const path of paths) writeFileSync(path, new Linker(readFileSync(path), exporters, importers).write());
