//! What the checks look at: the text of the repository's files, and what cargo knows of its packages. It knows no check.

use super::lexer;
use crate::process::{Failure, Outcome, cargo, output, root};
use serde_json::Value;
use std::path::Path;

/// A file of text.
pub struct File {
    /// From the root of the repository, with `/` on every system.
    pub path: String,
    /// All of it.
    pub text: String,
    /// Rust code with the contents of comments and literals blanked, line by line as in `text`; empty for other files.
    pub code: String,
}

impl File {
    /// Whether this is Rust source.
    pub fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The package that the file belongs to: `tensor-core`, `xtask`; empty for files of the repository.
    pub fn package(&self) -> &str {
        match self.path.split('/').collect::<Vec<_>>()[..] {
            ["crates", package, ..] => package,
            ["xtask", ..] => "xtask",
            _ => "",
        }
    }

    /// The file's path within its package.
    pub fn inner_path(&self) -> &str {
        let package = self.package();
        self.path.split_once(&format!("{package}/")).map_or(&self.path, |(_, inner)| inner)
    }
}

/// A package of the workspace.
pub struct Package {
    /// Its name, which is also its folder's.
    pub name: String,
    /// Its manifest, from the root of the repository.
    pub manifest: String,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest.
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// Whether it is needed for tests and examples only.
    pub dev: bool,
    /// Whether it lies in this repository.
    pub own: bool,
}

/// Files and packages.
#[derive(Default)]
pub struct Tree {
    /// In order of their paths.
    pub files: Vec<File>,
    /// In cargo's order.
    pub packages: Vec<Package>,
}

/// Where the project's text is.
const FOLDERS: &[&str] = &["crates", "xtask", "docs", "fuzz", ".github", ".ci", ".cargo"];

/// What is made by running things, and kept by nobody.
const MADE: &[&str] = &["target", "__pycache__", "corpus", "artifacts", "coverage"];

impl Tree {
    /// The repository as it is on disk.
    pub fn read() -> Outcome<Tree> {
        let mut files = vec![];
        for folder in FOLDERS {
            walk(&root().join(folder), &mut files)?;
        }
        for entry in std::fs::read_dir(root()).map_err(Failure::io("the repository"))?.flatten() {
            if entry.path().is_file() {
                add(&entry.path(), &mut files)?;
            }
        }
        files.sort_by(|a: &File, b| a.path.cmp(&b.path));
        let metadata = output(&mut cargo(["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata: Value =
            serde_json::from_str(&metadata).map_err(|error| Failure::Text(format!("cargo metadata: {error}")))?;
        Ok(Tree { files, packages: packages(&metadata) })
    }

    /// The file of that path.
    pub fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// All Rust source.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.is_rust())
    }

    /// A tree for tests: paths and texts.
    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Tree {
        let files = files.iter().map(|(path, text)| file(path.to_string(), text.to_string())).collect();
        Tree { files, packages: vec![] }
    }

    /// The same with a package: `("tensor", &["storage", "dev half"])`; names in the list that are packages of the tree, or
    /// crates of this project, count as its own.
    #[cfg(test)]
    pub fn with(mut self, name: &str, dependencies: &[&str]) -> Tree {
        let dependencies = dependencies
            .iter()
            .map(|written| {
                let name = written.trim_start_matches("dev ").to_string();
                Dependency { dev: written.starts_with("dev "), own: super::layers::level(&name).is_some(), name }
            })
            .collect();
        let manifest = format!("crates/{name}/Cargo.toml");
        self.packages.push(Package { name: name.to_string(), manifest, dependencies });
        self
    }
}

fn file(path: String, text: String) -> File {
    let code = if path.ends_with(".rs") { lexer::blank(&text) } else { String::new() };
    File { path, text, code }
}

fn walk(folder: &Path, files: &mut Vec<File>) -> Outcome {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let path = entry.path();
        match path.is_dir() {
            true if path.file_name().is_some_and(|name| MADE.iter().any(|made| name == *made)) => {}
            true => walk(&path, files)?,
            false => add(&path, files)?,
        }
    }
    Ok(())
}

/// Adds a file if it is text.
fn add(path: &Path, files: &mut Vec<File>) -> Outcome {
    let bytes = std::fs::read(path).map_err(Failure::io(path.display()))?;
    let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
    let inner = path.strip_prefix(root()).unwrap_or(path);
    let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    files.push(file(parts.join("/"), text));
    Ok(())
}

fn packages(metadata: &Value) -> Vec<Package> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let dependency = |value: &Value| Dependency {
        name: text(&value["name"]),
        dev: value["kind"] == "dev",
        own: value["path"].is_string(),
    };
    let package = |value: &Value| {
        let manifest = text(&value["manifest_path"]);
        let inner = Path::new(&manifest).strip_prefix(root()).map(|path| path.to_string_lossy().replace('\\', "/"));
        Package {
            name: text(&value["name"]),
            manifest: inner.unwrap_or(manifest),
            dependencies: list(&value["dependencies"]).iter().map(dependency).collect(),
        }
    };
    list(&metadata["packages"]).iter().map(package).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_tells_kinds_of_dependencies() {
        let text = r#"{"packages": [{"name": "tensor", "manifest_path": "m", "dependencies": [
            {"name": "storage", "kind": null, "path": "p"}, {"name": "libm", "kind": "dev"}]}]}"#;
        let packages = packages(&serde_json::from_str(text).unwrap());
        let [storage, libm] = &packages[0].dependencies[..] else { panic!("two dependencies") };
        assert!(storage.own && !storage.dev && storage.name == "storage");
        assert!(!libm.own && libm.dev && libm.name == "libm");
    }

    #[test]
    fn files_know_their_package() {
        let tree = Tree::of(&[("crates/tensor/src/lib.rs", ""), ("xtask/src/main.rs", ""), ("README.md", "")]);
        let told: Vec<_> = tree.files.iter().map(|file| (file.package(), file.inner_path())).collect();
        assert_eq!(told, [("tensor", "src/lib.rs"), ("xtask", "src/main.rs"), ("", "README.md")]);
    }
}
