//! The shape of the code: who may import whom, and where files lie.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// Modules by layer. A module imports lower layers only.
const LAYERS: [&[&str]; 7] = [
    &["span", "error", "chars", "places"],
    &["edit", "elsewhere", "lexicon", "model"],
    &["decisions", "document", "rules"],
    &["decode", "stages"],
    &["pipeline", "io", "report"],
    &["eval", "textmend", "across"],
    &["batch", "review", "train"],
];

/// The import allowed within a layer: a report tells what a pipeline did.
const WITHIN_A_LAYER: &[(&str, &str)] = &[("report", "pipeline")];

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"];

#[test]
fn modules_import_lower_layers_only() {
    let mut wrong = BTreeSet::new();
    for (path, file) in library() {
        let home = module_path(&path);
        let mut uses = Uses { at: home.clone(), found: Vec::new() };
        uses.visit_file(&file);
        for target in uses.found {
            if let Some(problem) = judge(&home, &resolve_root(target)) {
                wrong.insert(format!("{}: {problem}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", lines(&wrong));
}

#[test]
fn lib_rs_only_names_and_re_exports() {
    let file = parse(&root().join("src/lib.rs"));
    for item in &file.items {
        let bare = match item {
            syn::Item::Mod(module) => module.content.is_none(),
            syn::Item::Use(_) => true,
            _ => false,
        };
        assert!(bare, "src/lib.rs holds no logic");
    }
}

#[test]
fn every_rule_has_its_snapshot_and_the_reverse() {
    let rules = stems("rules", "toml", "lexicon");
    let snapshots = stems("snapshots/rules", "snap", "lexicon");
    let bare: Vec<_> = rules.difference(&snapshots).collect();
    let stray: Vec<_> = snapshots.difference(&rules).collect();
    assert!(bare.is_empty(), "rules without a snapshot: {bare:?}");
    assert!(stray.is_empty(), "snapshots of rules that are gone: {stray:?}");
}

#[test]
fn every_page_has_its_snapshot_and_the_reverse() {
    let mut pages = stems("tests/documents/damaged", "txt", "");
    pages.extend(stems("examples", "txt", ""));
    // `examples/articles.txt` is no page, but what pages are made of.
    pages.retain(|page| !page.ends_with(".gold") && page != "articles");
    pages.extend(["figures", "false-alarms"].map(str::to_owned));
    assert_eq!(stems("snapshots/documents", "snap", ""), pages);
}

#[test]
fn names_say_what_is_inside() {
    for folder in ["src", "tests", "rules", "benches"] {
        for path in files(&root().join(folder)) {
            let inner = path.strip_prefix(root()).expect("below the root").with_extension("");
            let empty = inner.iter().find(|part| EMPTY_NAMES.contains(&part.to_string_lossy().as_ref()));
            assert!(empty.is_none(), "{} says nothing of what is inside", path.display());
        }
    }
}

#[test]
fn snapshots_lie_in_their_folder() {
    let mut stray = Vec::new();
    for entry in fs::read_dir(root()).expect("the root can be read") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() && !["target", "snapshots", ".git"].contains(&name.as_str()) {
            stray.extend(
                files(&path).into_iter().filter(|path| path.extension().is_some_and(|e| e == "snap")),
            );
        }
    }
    assert!(stray.is_empty(), "these belong under snapshots/: {stray:?}");
}

/// What is wrong with the module at `home` using `target`; both are paths from
/// the crate root.
fn judge(home: &[String], target: &[String]) -> Option<String> {
    let (from, to) = (home.first()?, target.first()?);
    if from == to {
        let stage = |path: &[String]| path.get(1).filter(|name| is_stage(name)).cloned();
        let (ours, theirs) = (stage(home)?, stage(target)?);
        return (from == "stages" && ours != theirs)
            .then(|| format!("stages::{ours} uses stages::{theirs}; stages never import each other"));
    }
    let Some(to_layer) = layer_of(to) else {
        return Some(format!("crate::{to} has no layer; give it one in tests/architecture.rs"));
    };
    let Some(from_layer) = layer_of(from) else {
        return Some(format!("crate::{from} has no layer; give it one in tests/architecture.rs"));
    };
    let allowed = to_layer < from_layer || WITHIN_A_LAYER.contains(&(from.as_str(), to.as_str()));
    (!allowed).then(|| format!("{from} (layer {from_layer}) uses {to} (layer {to_layer})"))
}

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

fn is_stage(name: &str) -> bool {
    root().join("src/stages").join(name).is_dir()
        || root().join("src/stages").join(name).with_extension("rs").is_file()
}

/// `crate::Span` is `crate::span::Span`: names re-exported at the root count as
/// the modules they come from.
fn resolve_root(mut target: Vec<String>) -> Vec<String> {
    let mut exports = Uses { at: Vec::new(), found: Vec::new() };
    exports.visit_file(&parse(&root().join("src/lib.rs")));
    let exported = exports.found.into_iter().find(|path| path.last() == target.first() && path.len() > 1);
    if let Some(path) = exported {
        target.splice(..1, path);
    }
    target
}

/// Paths into the crate, from its root, as the source mentions them.
struct Uses {
    /// The module the visitor is in.
    at: Vec<String>,
    found: Vec<Vec<String>>,
}

impl Uses {
    /// Takes down a path if it leads into the crate.
    fn add(&mut self, segments: &[String]) {
        let mut base = self.at.clone();
        let mut rest = segments;
        match segments.first().map(String::as_str) {
            Some("crate") => {
                base.clear();
                rest = &rest[1..];
            }
            Some("self") => rest = &rest[1..],
            Some("super") => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            // In lib.rs a plain module name leads into the crate.
            Some(name) if base.is_empty() && layer_of(name).is_some() => {}
            _ => return,
        }
        base.extend(rest.iter().cloned());
        self.found.push(base);
    }

    fn add_tree(&mut self, prefix: &mut Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.add_tree(prefix, &path.tree);
                prefix.pop();
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(prefix, tree);
                }
            }
            syn::UseTree::Name(name) => self.add_leaf(prefix, &name.ident.to_string()),
            syn::UseTree::Rename(rename) => self.add_leaf(prefix, &rename.ident.to_string()),
            syn::UseTree::Glob(_) => self.add(prefix),
        }
    }

    fn add_leaf(&mut self, prefix: &mut Vec<String>, name: &str) {
        prefix.push(name.to_owned());
        self.add(prefix);
        prefix.pop();
    }

    /// Macro arguments are tokens, not paths: looks for `crate::…` among them.
    fn add_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    self.add_tokens(group.stream());
                    self.finish(&mut path);
                }
                TokenTree::Ident(ident) if ident == "crate" || !path.is_empty() => {
                    path.push(ident.to_string())
                }
                TokenTree::Punct(colon) if colon.as_char() == ':' => {}
                _ => self.finish(&mut path),
            }
        }
        self.finish(&mut path);
    }

    fn finish(&mut self, path: &mut Vec<String>) {
        if !path.is_empty() {
            self.add(&std::mem::take(path));
        }
    }
}

impl<'ast> Visit<'ast> for Uses {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(&mut Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<_> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if segments.len() > 1 {
            self.add(&segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.at.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.at.pop();
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.add_tokens(item.tokens.clone());
        visit::visit_macro(self, item);
    }

    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {
        // `pub(super)` opens a door, it doesn't go through one.
    }
}

/// The sources of the library, without lib.rs, by path from the root.
fn library() -> BTreeMap<PathBuf, syn::File> {
    let sources =
        files(&root().join("src")).into_iter().filter(|path| path.extension().is_some_and(|e| e == "rs"));
    sources
        .map(|path| (path.strip_prefix(root()).expect("below the root").to_owned(), parse(&path)))
        .filter(|(path, _)| !path.starts_with("src/bin") && !path.ends_with("lib.rs"))
        .collect()
}

/// `src/edit/apply.rs` → `edit::apply`, `src/edit/mod.rs` → `edit`.
fn module_path(path: &Path) -> Vec<String> {
    let inner = path.strip_prefix("src").expect("below src").with_extension("");
    let mut parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|part| part == "mod") {
        parts.pop();
    }
    parts
}

fn parse(path: &Path) -> syn::File {
    let source = fs::read_to_string(path).expect("a source file can be read");
    syn::parse_file(&source).expect("it compiles, so it parses")
}

/// Paths below `folder`, without extension, of files with this `extension`;
/// what lies in the subfolder `except` left aside.
fn stems(folder: &str, extension: &str, except: &str) -> BTreeSet<String> {
    let folder = root().join(folder);
    let paths = files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == extension));
    paths
        .map(|path| path.strip_prefix(&folder).expect("below it").with_extension(""))
        .filter(|path| except.is_empty() || !path.starts_with(except))
        .map(|path| path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
        .collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("an entry").path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn lines(problems: &BTreeSet<String>) -> String {
    let mut text = String::from("\n");
    for problem in problems {
        text.push_str(problem);
        text.push('\n');
    }
    text
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
