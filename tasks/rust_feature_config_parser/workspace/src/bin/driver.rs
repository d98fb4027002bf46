//! Parses each bundle of files that it reads and prints the outcomes as a JSON list of strings.
//!
//! Bundles end with `\x1d`, the files of a bundle with `\x1e`, and `\x1f` stands between path and text. The file `main`
//! is parsed; a file `?` lists keys to look up.

use config_parser::{parse, Config, Error, Loader, Value};
use std::collections::BTreeMap;
use std::io::Read;

struct Bundle<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Bundle<'a> {
    fn new(text: &'a str) -> Self {
        Self(text.split_terminator('\x1e').filter_map(|file| file.split_once('\x1f')).collect())
    }

    fn outcome(&self) -> String {
        match parse("main", self) {
            Ok(config) => self.shown(&config),
            Err(Error { file, line, column, kind }) => format!("{file}:{line}:{column} {kind:?}"),
        }
    }

    fn shown(&self, config: &Config) -> String {
        let entries = config.entries().iter().map(|(key, value)| format!("{key} = {}", shown(value)));
        let questions = self.0.get("?").into_iter().flat_map(|keys| keys.lines());
        let answers = questions.map(|key| format!("{key}: {:?}", config.get(key).map(shown)));
        entries.chain(answers).collect::<Vec<_>>().join("; ")
    }
}

impl Loader for Bundle<'_> {
    fn load(&self, path: &str) -> Option<String> {
        self.0.get(path).map(|text| (*text).to_owned())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Integer(number) => number.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::List(values) => format!("[{}]", values.iter().map(shown).collect::<Vec<_>>().join(", ")),
    }
}

fn json(notes: &[String]) -> String {
    let quoted: Vec<String> = notes.iter().map(|note| quote(note)).collect();
    format!("[{}]", quoted.join(","))
}

fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\0'..='\x1f' => quoted.push_str(&format!("\\u{:04x}", letter as u32)),
            _ => quoted.push(letter),
        }
    }
    quoted + "\""
}

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).expect("the input is text");
    let notes: Vec<String> = input.split_terminator('\x1d').map(|text| Bundle::new(text).outcome()).collect();
    // The line break ends whatever the code under test may have printed.
    println!("\n{}", json(&notes));
}
