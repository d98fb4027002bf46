//! A place in the text of one file, and the characters from there on.

use crate::{Error, ErrorKind};

#[derive(Clone, Copy)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

pub struct Cursor<'a> {
    file: &'a str,
    rest: Vec<char>,
    next: usize,
    place: Place,
}

impl<'a> Cursor<'a> {
    pub fn new(file: &'a str, text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        let lines: Vec<&str> = text.split('\n').map(|line| line.split('#').next().unwrap_or(line)).collect();
        let rest = lines.join("\n").chars().collect();
        Self { file, rest, next: 0, place: Place { line: 1, column: 1 } }
    }

    pub fn file(&self) -> &'a str {
        self.file
    }

    pub fn place(&self) -> Place {
        self.place
    }

    pub fn peek(&self) -> Option<char> {
        self.rest.get(self.next).copied()
    }

    pub fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.next += 1;
        self.place = match letter {
            '\n' => Place { line: self.place.line + 1, column: 1 },
            _ => Place { line: self.place.line, column: self.place.column + 1 },
        };
        Some(letter)
    }

    pub fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    pub fn expect(&mut self, wanted: char) -> Result<(), Error> {
        if self.eat(wanted) {
            Ok(())
        } else {
            Err(self.unexpected())
        }
    }

    pub fn eat_while(&mut self, fits: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some(letter) = self.peek().filter(|&letter| fits(letter)) {
            word.push(letter);
            self.bump();
        }
        word
    }

    pub fn skip_blanks(&mut self) {
        self.eat_while(|letter| matches!(letter, ' ' | '\t'));
    }

    /// Skips what may stand behind the last part of a line; the line end itself stays.
    pub fn skip_blanks_and_comment(&mut self) {
        self.skip_blanks();
        if self.peek() == Some('#') {
            self.eat_while(|letter| letter != '\n');
        }
    }

    /// Skips what may stand between the parts of a list.
    pub fn skip_to_next_part(&mut self) {
        self.skip_blanks_and_comment();
        while self.eat('\n') {
            self.skip_blanks_and_comment();
        }
    }

    pub fn unexpected(&self) -> Error {
        self.error(self.place, ErrorKind::Unexpected)
    }

    pub fn error(&self, place: Place, kind: ErrorKind) -> Error {
        Error { file: self.file.to_owned(), line: place.line, column: place.column, kind }
    }
}
