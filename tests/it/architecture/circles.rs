//! No circle between the files of a folder: each can be read after those it uses.

use std::collections::{BTreeMap, BTreeSet};

use super::{sources, without_tests};

/// The folders whose files are in no circle.
const STRAIGHT: [&str; 7] = ["build", "device", "output", "playback", "podcast", "script", "timeline"];

/// A module by its path, as in `["timeline", "solve", "tree"]`.
type Module = Vec<String>;

/// A module's code, and the names that it has from modules below it.
struct Code {
    text: String,
    reexports: BTreeMap<String, Module>,
}

/// Every module of the program by its path.
fn modules() -> BTreeMap<Module, Code> {
    let mut modules = BTreeMap::new();
    for (path, text) in sources() {
        let mut module: Module = path.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
        if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
            module.pop();
        }
        let code = without_tests(&path, &text);
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        let text = lines.collect::<Vec<_>>().join("\n");
        let reexports = reexports(&module, &text);
        modules.insert(module, Code { text, reexports });
    }
    modules
}

/// The names that a module gives to others and has itself from modules below it: `pub use below::{a, b as c}`.
fn reexports(module: &[String], text: &str) -> BTreeMap<String, Module> {
    let lines = text.split(';').map(str::trim_start).filter(|line| line.starts_with("pub"));
    let uses = lines.filter_map(|line| line.split_once("use ").filter(|(before, _)| before.len() < 12));
    let paths = uses.flat_map(|(_, tree)| paths(tree));
    let named = paths.filter_map(|path| {
        let (name, below) = path.split_last()?;
        Some((name.clone(), [module, below, std::slice::from_ref(name)].concat()))
    });
    named.collect()
}

/// The paths of a `use` tree: `a::{b, c::d}` is `a::b` and `a::c::d`. Of `a as b` it is `a`.
fn paths(tree: &str) -> Vec<Module> {
    let tree = tree.trim_start();
    let end = tree.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(tree.len());
    let (first, rest) = tree.split_at(end);
    let below = match rest.strip_prefix("::").map(str::trim_start) {
        Some(group) if group.starts_with('{') => items(&group[1..]).into_iter().flat_map(paths).collect(),
        Some(path) => paths(path),
        None => Vec::new(),
    };
    match below.is_empty() {
        true => vec![vec![first.to_owned()]],
        false => below.into_iter().map(|path| [vec![first.to_owned()], path].concat()).collect(),
    }
}

/// The items of a group, up to the brace that closes it.
fn items(group: &str) -> Vec<&str> {
    let (mut items, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(group[from..at].trim());
                from = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|item| !item.is_empty());
    items
}

/// The module in which a path ends, from the module that names it.
fn resolve(path: &[String], modules: &BTreeMap<Module, Code>) -> Option<Module> {
    let mut at = Module::new();
    for (index, name) in path.iter().enumerate() {
        let below = [at.clone(), vec![name.clone()]].concat();
        if modules.contains_key(&below) {
            at = below;
        } else {
            return match modules.get(&at)?.reexports.get(name) {
                Some(elsewhere) => {
                    resolve(&[elsewhere.clone(), path[index + 1..].to_vec()].concat(), modules)
                }
                None => Some(at),
            };
        }
    }
    Some(at)
}

/// The modules that a module uses.
fn used(module: &Module, modules: &BTreeMap<Module, Code>) -> BTreeSet<Module> {
    let text = &modules[module].text;
    let mut used = BTreeSet::new();
    let own: Vec<String> = modules
        .keys()
        .filter(|other| other.len() == module.len() + 1 && other.starts_with(module))
        .map(|other| format!("{}::", other[module.len()]))
        .collect();
    let starts = ["crate::", "super::", "self::"].into_iter().chain(own.iter().map(String::as_str));
    for start in starts {
        for (at, _) in text.match_indices(start) {
            let before = &text[..at];
            // The rest of a longer path, or a name given to others.
            let statement = before.rsplit([';', '}']).next().unwrap().trim_start();
            let is_given = statement.starts_with("pub") && statement.ends_with("use ");
            if is_given || before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            for path in paths(&text[at..]) {
                let ups = path.iter().take_while(|part| *part == "super").count();
                let (base, rest) = match path[0].as_str() {
                    "crate" => (Module::new(), &path[1..]),
                    "super" => (module[..module.len() - ups].to_vec(), &path[ups..]),
                    "self" => (module.clone(), &path[1..]),
                    _ => (module.clone(), &path[..]),
                };
                used.extend(resolve(&[base.as_slice(), rest].concat(), modules));
            }
        }
    }
    used.remove(module);
    used
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let modules = modules();
    for folder in STRAIGHT {
        let of_folder = |module: &&Module| module[..].first().is_some_and(|first| first == folder);
        let mut left: BTreeMap<Module, BTreeSet<Module>> =
            modules.keys().filter(of_folder).map(|module| (module.clone(), used(module, &modules))).collect();
        assert!(left.len() > 5, "only {} files of {folder} were found", left.len());
        assert!(left.values().flatten().filter(of_folder).count() > left.len(), "{folder}: {left:?}");
        // Those that use none of the others are read first, and then those that use only them.
        loop {
            let before = left.len();
            let there: BTreeSet<Module> = left.keys().cloned().collect();
            left.retain(|_, used| used.iter().any(|other| there.contains(other)));
            if left.len() == before {
                break;
            }
        }
        // What is left is a circle, or leads to one.
        let circle: Vec<String> = left
            .iter()
            .map(|(module, used)| {
                let used = used.iter().filter(|other| left.contains_key(*other));
                let used: Vec<String> = used.map(|other| other.join("/")).collect();
                format!("{} uses {}", module.join("/"), used.join(", "))
            })
            .collect();
        assert!(circle.is_empty(), "a circle in {folder}:\n{}", circle.join("\n"));
    }
}
