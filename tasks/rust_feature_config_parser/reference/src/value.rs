//! Names, strings and the other values, read from a cursor.

use crate::cursor::Cursor;
use crate::{Error, ErrorKind, Value};

const MOST_DEEP: usize = 64;

pub fn dotted_name(cursor: &mut Cursor) -> Result<String, Error> {
    let mut whole = name(cursor)?;
    while cursor.eat('.') {
        whole.push('.');
        whole.push_str(&name(cursor)?);
    }
    Ok(whole)
}

fn name(cursor: &mut Cursor) -> Result<String, Error> {
    match cursor.peek() {
        Some(letter) if starts_name(letter) => Ok(cursor.eat_while(continues_name)),
        _ => Err(cursor.unexpected()),
    }
}

fn starts_name(letter: char) -> bool {
    letter.is_ascii_alphabetic() || letter == '_'
}

fn continues_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-')
}

/// `depth` is the number of lists around the value.
pub fn value(cursor: &mut Cursor, depth: usize) -> Result<Value, Error> {
    match cursor.peek() {
        Some('"') => string(cursor).map(Value::String),
        Some('[') => list(cursor, depth).map(Value::List),
        Some('0'..='9' | '+' | '-') => integer(cursor).map(Value::Integer),
        _ => boolean(cursor).map(Value::Boolean),
    }
}

fn boolean(cursor: &mut Cursor) -> Result<bool, Error> {
    let unexpected = cursor.unexpected();
    match cursor.eat_while(continues_name).as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(unexpected),
    }
}

fn integer(cursor: &mut Cursor) -> Result<i64, Error> {
    let place = cursor.place();
    let word = cursor.eat_while(|letter| continues_name(letter) || letter == '+');
    let digits = word.strip_prefix(['+', '-']).unwrap_or(&word);
    let well_formed = digits.split('_').all(|group| !group.is_empty() && group.chars().all(|c| c.is_ascii_digit()));
    let number = word.replace('_', "").parse().ok().filter(|_| well_formed);
    number.ok_or_else(|| cursor.error(place, ErrorKind::BadInteger))
}

pub fn string(cursor: &mut Cursor) -> Result<String, Error> {
    let open = cursor.place();
    cursor.expect('"')?;
    let mut text = String::new();
    loop {
        match cursor.peek() {
            None | Some('\n') => return Err(cursor.error(open, ErrorKind::UnterminatedString)),
            Some('\\') => text.push(escape(cursor)?),
            Some(letter) => {
                cursor.bump();
                if letter == '"' {
                    return Ok(text);
                }
                text.push(letter);
            }
        }
    }
}

fn escape(cursor: &mut Cursor) -> Result<char, Error> {
    let bad = cursor.error(cursor.place(), ErrorKind::BadEscape);
    cursor.bump();
    match cursor.bump() {
        Some(letter @ ('\\' | '"')) => Ok(letter),
        Some('n') => Ok('\n'),
        Some('t') => Ok('\t'),
        Some('u') => scalar(cursor).ok_or(bad),
        _ => Err(bad),
    }
}

fn scalar(cursor: &mut Cursor) -> Option<char> {
    let opened = cursor.eat('{');
    let digits = cursor.eat_while(|letter| letter.is_ascii_hexdigit());
    let whole = opened && cursor.eat('}') && digits.len() <= 6;
    u32::from_str_radix(&digits, 16).ok().filter(|_| whole).and_then(char::from_u32)
}

fn list(cursor: &mut Cursor, depth: usize) -> Result<Vec<Value>, Error> {
    let open = cursor.place();
    if depth == MOST_DEEP {
        return Err(cursor.error(open, ErrorKind::TooDeep));
    }
    cursor.expect('[')?;
    let mut values = Vec::new();
    loop {
        cursor.skip_to_next_part();
        match cursor.peek() {
            None => return Err(cursor.error(open, ErrorKind::UnterminatedList)),
            Some(']') => break,
            Some(_) => values.push(value(cursor, depth + 1)?),
        }
        cursor.skip_to_next_part();
        match cursor.peek() {
            None => return Err(cursor.error(open, ErrorKind::UnterminatedList)),
            Some(']') => break,
            Some(_) => cursor.expect(',')?,
        }
    }
    cursor.expect(']')?;
    Ok(values)
}
