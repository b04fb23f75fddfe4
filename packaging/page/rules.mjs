// Reads the bundled YAML once, with the page's own Python: node rules.mjs RUNTIME LIBRARIES PRODUCT RESULT
//
// RESULT is PRODUCT, the archive of rosterready, with what it keeps of each file that was read: the
// page then need not parse YAML, which takes its Python seconds.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

const [runtime, libraries, product, result] = process.argv.slice(2);
const folder = resolve(runtime) + "/";
const { loadPyodide } = await import(pathToFileURL(folder + "pyodide.mjs"));
const python = await loadPyodide({ indexURL: folder });
for (const path of [libraries, product]) {
  python.unpackArchive(new Uint8Array(readFileSync(path)), "zip", { extractDir: "/site" });
}
python.FS.writeFile("/product.zip", new Uint8Array(readFileSync(product)));
python.runPython(`
import sys, zipfile
from pathlib import Path

sys.path.insert(0, "/site")
sys.dont_write_bytecode = False
from validator import resources
from validator.privacy.shapes import list_pack_classes
from validator.rulebook import column_maps, yaml

rules = resources.find_rules()
packs = {path for path in rules.glob("*.yaml") if path.name != "privacy.yaml"}
maps = set(column_maps.list_bundled_maps().values())
for path in sorted(rules.rglob("*.yaml")):
    if path in packs | maps:
        yaml.load_document(path)
    else:
        resources.read_bundled_yaml(path.relative_to(rules).as_posix())
list_pack_classes()

with zipfile.ZipFile("/product.zip", "a") as archive:
    for path in sorted(rules.rglob("__pycache__/*")):
        info = zipfile.ZipInfo(path.relative_to("/site").as_posix(), (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        archive.writestr(info, path.read_bytes(), compresslevel=9)
`);
writeFileSync(result + ".new", python.FS.readFile("/product.zip"));
renameSync(result + ".new", result);
