// Compiles the Python files of archives: node compile.mjs RUNTIME ARCHIVE COMPILED ...
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [runtime, ...pairs] = process.argv.slice(2);
const folder = resolve(runtime) + "/";
const { loadPyodide } = await import(pathToFileURL(folder + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: folder });
python.runPython(`
import ast, io, marshal, warnings, zipfile
from importlib.util import MAGIC_NUMBER

warnings.simplefilter("ignore")
HEAD = MAGIC_NUMBER + bytes(12)  # no date and no size: there is no source to compare with


def compile_file(data, name):
    # Docstrings become empty: no user of the page reads them, and numpy wants them to be there.
    tree = ast.parse(data)
    for node in ast.walk(tree):
        kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            node.body[0].value.value = ""
    return HEAD + marshal.dumps(compile(tree, name, "exec", dont_inherit=True))


def compile_archive(content):
    whole = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content.to_py())) as old, zipfile.ZipFile(whole, "w") as new:
        for info in old.infolist():
            name, data = info.filename, old.read(info)
            if name.endswith(".py"):
                name, data = name + "c", compile_file(data, name)
            new_info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            new_info.compress_type = zipfile.ZIP_DEFLATED
            new_info.external_attr = 0o644 << 16
            new.writestr(new_info, data, compresslevel=9)
    return whole.getvalue()
`);
const compileArchive = python.globals.get("compile_archive");
for (let at = 0; at < pairs.length; at += 2) {
  const compiled = compileArchive(new Uint8Array(readFileSync(pairs[at])));
  const buffer = compiled.getBuffer("u8");
  writeFileSync(pairs[at] + ".new", buffer.data);
  buffer.release();
  compiled.destroy();
  renameSync(pairs[at] + ".new", pairs[at + 1]);
}
