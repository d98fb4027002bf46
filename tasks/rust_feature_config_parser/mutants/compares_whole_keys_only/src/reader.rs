//! Lines, sections and includes: what a file and those it includes set.

use crate::cursor::{Cursor, Place};
use crate::value::{dotted_name, string, value};
use crate::{Error, ErrorKind, Loader, Value};

struct Setting {
    key: String,
    value: Value,
    file: String,
    line: usize,
}

pub struct Reader<'a> {
    loader: &'a dyn Loader,
    settings: Vec<Setting>,
    /// The files that are being read, the outermost first.
    open: Vec<String>,
}

impl<'a> Reader<'a> {
    pub fn new(loader: &'a dyn Loader) -> Self {
        Self { loader, settings: Vec::new(), open: Vec::new() }
    }

    pub fn into_entries(self) -> Vec<(String, Value)> {
        self.settings.into_iter().map(|setting| (setting.key, setting.value)).collect()
    }

    pub fn file(&mut self, path: &str) -> Result<(), Error> {
        let start = Cursor::new(path, "");
        self.load(&start, start.place(), path)
    }

    fn load(&mut self, from: &Cursor, place: Place, path: &str) -> Result<(), Error> {
        if let Some(first) = self.open.iter().position(|open| open == path) {
            let mut paths = self.open[first..].to_vec();
            paths.push(path.to_owned());
            return Err(from.error(place, ErrorKind::Cycle { paths }));
        }
        let missing = || from.error(place, ErrorKind::NotFound { path: path.to_owned() });
        let text = self.loader.load(path).ok_or_else(missing)?;
        self.open.push(path.to_owned());
        self.lines(&mut Cursor::new(path, &text))?;
        self.open.pop();
        Ok(())
    }

    fn lines(&mut self, cursor: &mut Cursor) -> Result<(), Error> {
        let mut section = String::new();
        loop {
            cursor.skip_blanks();
            match cursor.peek() {
                None | Some('\n' | '#') => end_of_line(cursor)?,
                Some('[') => section = header(cursor)? + ".",
                Some(_) => self.setting_or_include(cursor, &section)?,
            }
            if !cursor.eat('\n') {
                return Ok(());
            }
        }
    }

    fn setting_or_include(&mut self, cursor: &mut Cursor, section: &str) -> Result<(), Error> {
        let place = cursor.place();
        let name = dotted_name(cursor)?;
        cursor.skip_blanks();
        if name == "include" && cursor.peek() == Some('"') {
            return self.include(cursor);
        }
        cursor.expect('=')?;
        cursor.skip_blanks();
        let value = value(cursor, 0)?;
        end_of_line(cursor)?;
        self.set(cursor, place, format!("{section}{name}"), value)
    }

    fn include(&mut self, cursor: &mut Cursor) -> Result<(), Error> {
        let place = cursor.place();
        let path = string(cursor)?;
        end_of_line(cursor)?;
        self.load(cursor, place, &path)
    }

    fn set(&mut self, cursor: &Cursor, place: Place, key: String, value: Value) -> Result<(), Error> {
        if let Some(first) = self.settings.iter().find(|setting| in_conflict(&setting.key, &key)) {
            let kind = ErrorKind::Conflict { file: first.file.clone(), line: first.line };
            return Err(cursor.error(place, kind));
        }
        self.settings.push(Setting { key, value, file: cursor.file().to_owned(), line: place.line });
        Ok(())
    }
}

fn header(cursor: &mut Cursor) -> Result<String, Error> {
    cursor.expect('[')?;
    cursor.skip_blanks();
    let name = dotted_name(cursor)?;
    cursor.skip_blanks();
    cursor.expect(']')?;
    end_of_line(cursor)?;
    Ok(name)
}

fn end_of_line(cursor: &mut Cursor) -> Result<(), Error> {
    cursor.skip_blanks_and_comment();
    match cursor.peek() {
        None | Some('\n') => Ok(()),
        Some(_) => Err(cursor.unexpected()),
    }
}

fn in_conflict(first: &str, second: &str) -> bool {
    first == second
}
