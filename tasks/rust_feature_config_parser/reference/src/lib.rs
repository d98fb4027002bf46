//! Reads configuration files. See `instructions.md`.

mod cursor;
mod reader;
mod value;

use reader::Reader;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    String(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Value>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    Unexpected,
    UnterminatedString,
    UnterminatedList,
    TooDeep,
    BadEscape,
    BadInteger,
    Conflict { file: String, line: usize },
    NotFound { path: String },
    Cycle { paths: Vec<String> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub kind: ErrorKind,
}

/// Finds the text of a file.
pub trait Loader {
    fn load(&self, path: &str) -> Option<String>;
}

/// What the files have set.
#[derive(Clone, Debug, Default)]
pub struct Config {
    entries: Vec<(String, Value)>,
}

impl Config {
    /// All keys with their values, in the order in which they were set.
    pub fn entries(&self) -> &[(String, Value)] {
        &self.entries
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }
}

pub fn parse(path: &str, loader: &dyn Loader) -> Result<Config, Error> {
    let mut reader = Reader::new(loader);
    reader.file(path)?;
    Ok(Config { entries: reader.into_entries() })
}
